"""How a trace is told: the verdict, what is marked, what is left out, and that it never breaks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base import vocab
from backend.domains.tracing.rules import Deed, InputUse, Recall, Tally, late_days, place_text, shorten, tell, verdict
from backend.domains.tracing.rules.timeline import MAX_ROWS, MAX_TEXT
from tests.factories.traces import CARD, DEEDS, FACTS, GOODS, MAKER, TESTS, deed

VOID = replace(CARD, voided_at=datetime(2026, 10, 9, tzinfo=UTC), void_reason="标错品名")
RECALL = Recall("test_failed", datetime(2026, 10, 10, tzinfo=UTC))
days = st.dates(date(2025, 1, 1), date(2027, 1, 1))
kinds = st.sampled_from(vocab.get("record_kinds").codes)
deeds = st.builds(
    Deed,
    kind=kinds,
    happened_on=days,
    ended_on=days,
    received_on=days,
    text=st.text(max_size=400),
    inputs=st.lists(
        st.builds(InputUse, name=st.text(max_size=20), phi_days=st.none() | st.integers(0, 400)), max_size=4
    ).map(tuple),
)


def test_the_gravest_truth_is_the_verdict() -> None:
    held = replace(GOODS, held=True)
    assert verdict(FACTS) == "valid"
    assert verdict(replace(FACTS, goods=held)) == "held"
    assert verdict(replace(FACTS, goods=held, card=VOID)) == "void"
    assert verdict(replace(FACTS, goods=held, card=VOID, recall=RECALL)) == "recalled"


def test_a_void_story_says_when_and_why() -> None:
    certificate = tell(replace(FACTS, card=VOID))["certificate"]
    assert (certificate["voided_at"], certificate["void_reason"]) == ("2026-10-09T08:00:00+08:00", "标错品名")


def test_the_certificate_is_told_word_for_word() -> None:
    certificate = tell(FACTS)["certificate"]
    assert certificate["lead"] == CARD.lead
    assert tuple(certificate["commitments"]) == CARD.commitments
    assert [basis["checked"] for basis in certificate["bases"]] == [True, False, True]


@pytest.mark.parametrize(("days_late", "shown"), [(0, 0), (1, 0), (2, 2), (40, 40), (-3, 0)])
def test_an_entry_is_late_from_the_second_day(days_late: int, shown: int) -> None:
    when = date(2026, 6, 1)
    assert late_days(deed("weeding", 6, 1, received_on=when + timedelta(days=days_late))) == shown


def test_late_corrected_and_example_entries_are_marked_and_announced() -> None:
    story = tell(FACTS)
    assert [row["late_days"] for row in story["timeline"]] == [0, 0, 0, 6, 0, 0]
    assert [row["amended"] for row in story["timeline"]].count(True) == 1
    assert story["timeline"][3]["inputs"][0]["example"] is True
    assert [notice["code"] for notice in story["notices"]] == ["late_entries", "amended_entries", "example_inputs"]


def test_grave_news_is_a_grave_notice() -> None:
    failed = replace(
        FACTS, tests=(replace(TESTS[0], verdict="fail"),), maker=replace(MAKER, status="suspended"), deeds=()
    )
    assert [(notice["code"], notice["grave"]) for notice in tell(failed)["notices"]] == [
        ("producer_suspended", True),
        ("failed_test", True),
    ]


def test_the_waiting_period_counts_from_the_last_use_before_the_harvest() -> None:
    waits = tell(FACTS)["batch"]["waiting"]
    assert [(wait["input"], wait["days"], wait["required_days"], wait["met"]) for wait in waits] == [
        ("戊唑醇悬浮剂", 36, 28, True),
        ("阿维菌素乳油", 36, 14, True),
        ("吡虫啉可湿性粉剂 10%", 105, 14, True),
    ]
    assert tell(FACTS)["batch"]["earliest_lawful_harvest"] == {"value": "2026-09-27", "grade": "system"}


def test_a_use_after_the_harvest_has_no_part_in_its_waiting_period() -> None:
    after = deed("pesticide", 10, 20, inputs=(InputUse("别的药", phi_days=30),))
    assert len(tell(replace(FACTS, deeds=(*DEEDS, after)))["batch"]["waiting"]) == 3


def test_an_unreviewed_producer_is_only_self_stated() -> None:
    story = tell(replace(FACTS, maker=replace(MAKER, status="registered")))
    assert (story["producer"]["name"]["grade"], story["place"]["text"]["grade"]) == ("self", "self")
    assert tell(FACTS)["producer"]["name"]["grade"] == "officer"


def test_the_place_ends_at_the_township_even_when_more_is_known() -> None:
    story = tell(replace(FACTS, maker=replace(MAKER, region="620602100203")))
    assert story["place"]["region"] == "620602100"
    assert story["place"]["text"]["value"].startswith("甘肃省武威市凉州区")


def test_an_unknown_place_is_told_as_far_as_it_is_known() -> None:
    assert place_text("620602999", "zh") == "甘肃省武威市凉州区"


def test_a_trace_nobody_looked_up_says_so() -> None:
    assert tell(replace(FACTS, tally=Tally()))["scans"] == {"first_at": None, "count": 0, "as_of": None}


@given(st.lists(deeds, max_size=150))
def test_a_long_log_is_shortened_in_order_and_keeps_harvests_first(log: list[Deed]) -> None:
    shown = shorten(tuple(log))
    assert len(shown) == min(len(log), MAX_ROWS)
    assert [row.happened_on for row in shown] == sorted(row.happened_on for row in shown)
    harvests = [row for row in log if vocab.get("record_kinds")[row.kind].get("yields")]
    kept = [row for row in shown if vocab.get("record_kinds")[row.kind].get("yields")]
    assert len(kept) == min(len(harvests), MAX_ROWS)


@given(st.lists(deeds, max_size=8))
def test_the_same_facts_always_tell_the_same_bounded_story(log: list[Deed]) -> None:
    facts = replace(FACTS, deeds=tuple(log))
    story = tell(facts)
    assert story == tell(facts)
    assert all(len(row["text"]) <= MAX_TEXT for row in story["timeline"])
    assert all(wait["met"] == (wait["days"] >= wait["required_days"]) for wait in story["batch"]["waiting"])
