"""What may leave: small cells are joined or left out, nothing is counted twice, and a spreadsheet runs nothing."""

import csv
import io
import json
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.base import vocab
from backend.domains.exchange.rules import dumps as rules
from backend.domains.exchange.rules import dumps_text

WHO = st.sampled_from(["p1", "p2", "p3", "p4", "p5", "p6"])
RECORD = st.tuples(
    st.sampled_from(["2026-08", "2026-09"]),
    st.sampled_from(["620602", "620621", "620723", "620102"]),
    st.sampled_from(["apple", "pear", "cabbage"]),
    WHO,
    st.booleans(),
)


def cell(month: str, place: str, item: str, who: str, failed: bool = False) -> rules.Cell:
    return rules.Cell(month, place, (item,), {"tested": 1, "failed": int(failed)}, frozenset({who}))


def test_a_dump_tells_how_a_certificate_stood_then_whatever_became_of_it_since() -> None:
    day = [datetime(2026, 10, number, tzinfo=UTC) for number in range(1, 6)]
    turns = (("void", day[1], "recalled"), ("restored", day[2], None), ("void", day[3], "other"))
    assert [rules.void_at(turns, moment) for moment in day] == [False, False, True, False, True]
    assert not rules.void_at((), day[0])


@settings(max_examples=200, deadline=None)
@given(st.lists(RECORD, max_size=60))
def test_whatever_is_published_hides_everybody_and_counts_nobody_twice(
    records: list[tuple[str, str, str, str, bool]],
) -> None:
    rows = rules.publishable([cell(*one) for one in records], total="tested", telling="failed")
    for row in rows:
        of_place = [
            one
            for one in records
            if one[0] == row.month
            and one[1].startswith(row.place.rstrip("0"))
            and row.items[0] in (one[2], rules.OTHERS)
        ]
        assert row.counts["tested"] >= rules.RECORDS
        assert len({who for *_, who, _ in of_place}) >= rules.CONTRIBUTORS
        assert row.counts["failed"] < row.counts["tested"]
    for month, all_of_it in Counter(one[0] for one in records).items():
        assert sum(row.counts["tested"] for row in rows if row.month == month) <= all_of_it
    assert len({row.key for row in rows}) == len(rows)


@settings(max_examples=50, deadline=None)
@given(st.lists(RECORD, max_size=40), st.integers(0, 40))
def test_the_order_and_the_chunks_in_which_records_are_met_change_nothing(
    records: list[tuple[str, str, str, str, bool]], cut: int
) -> None:
    cells = [cell(*one) for one in records]
    chunked = rules.joined([*rules.joined(cells[cut:]), *rules.joined(cells[:cut])])
    told = [(row.key, dict(row.counts)) for row in rules.publishable(chunked, total="tested")]
    assert told == [(row.key, dict(row.counts)) for row in rules.publishable(cells, total="tested")]


def test_many_certificates_of_one_producer_stay_here() -> None:
    assert rules.publishable([cell("2026-09", "620602", "apple", "p1")] * 50, total="tested") == []


def test_what_is_too_small_is_told_with_others_of_its_place_and_then_of_its_city() -> None:
    apples = [cell("2026-09", "620602", "apple", who) for who in ("p1", "p2", "p3", "p1", "p2")]
    pears = [cell("2026-09", "620602", "pear", who) for who in ("p4", "p5")]
    leeks = [cell("2026-09", "620621", "leek", who) for who in ("p6", "p6", "p7")]
    rows = rules.publishable([*apples, *pears, *leeks], total="tested")
    assert [row.key for row in rows] == [("2026-09", "620600", ("*",)), ("2026-09", "620602", ("apple",))]
    assert [row.counts["tested"] for row in rows] == [5, 5]


@pytest.mark.parametrize(
    "value", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "＝1+1", ["=1", "b"]]
)
def test_a_cell_that_a_spreadsheet_would_run_is_only_text(value: str | list[str]) -> None:
    assert dumps_text.cell(value).startswith("'")


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (-3, "-3"), (True, "true"), ("苹果", "苹果"), ("", ""), (["a", "b"], "a; b"), ([], "")],
)
def test_a_cell_that_is_harmless_stays_as_it_is(value: object, text: str) -> None:
    assert dumps_text.cell(value) == text


@settings(max_examples=100, deadline=None)
@given(st.lists(st.fixed_dictionaries({"a": st.text(max_size=20), "n": st.none() | st.integers()}), max_size=5))
def test_any_text_comes_back_from_both_files(rows: list[dict[str, object]]) -> None:
    names = ("a", "n")
    lines = dumps_text.body("jsonl", names, rows).decode("utf-8", "surrogatepass")
    assert [json.loads(line) for line in lines.split("\n") if line] == rows
    text = (dumps_text.head("csv", names) + dumps_text.body("csv", names, rows)).decode().removeprefix("\ufeff")
    told = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [one["a"] for one in told] == [dumps_text.cell(row["a"]) for row in rows]


def test_every_data_set_names_a_known_licence_and_explains_each_column_once() -> None:
    for term in vocab.get("open_data_sets"):
        assert term["licence"] in vocab.get("open_data_licences") and term["every"] in ("month", "week")
        names = [column["name"] for column in term["columns"]]
        assert names and len(set(names)) == len(names)
        assert all(column["zh"] and column["en"].isascii() for column in term["columns"]), term.code
