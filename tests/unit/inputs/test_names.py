"""Cells of a table of rules: a name is one name and nothing but it, a number is one number."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base.errors import RuleBroken
from backend.domains.inputs import rules
from backend.domains.inputs.service import tables

NAMES = ("克百威", "吡虫啉", "2,4-滴丁酯", "C型肉毒梭菌毒素", "赤霉酸A4+A7", "N,N-二甲基甲酰胺", "28-高芸苔素内酯")
NAMES += ("(Z,E)-9,11-十四碳二烯乙酸酯", "2,4,5-涕", "lambda-cyhalothrin", "1,3-二氯丙烯", "石硫合剂(45%)")
UNSEEN = (" ", "\u3000", "\u200b", "\ufeff", "\u00a0", "\t")
BETWEEN = ("、", "，", ",", ";", "；", "｜", "/", "／", "+", "＋", " ", "\u3000", "\n", "·", "&", "\\", "丨")
names, unseen = st.sampled_from(NAMES), st.lists(st.sampled_from(UNSEEN), max_size=3).map("".join)


def row(cell: str, **more: str) -> dict[str, str]:
    return {"registration_no": "甲-1", "name": "药", "kind": "pesticide", "actives": cell} | more


@pytest.mark.parametrize("name", NAMES)
def test_a_chemical_name_is_one_name(name: str) -> None:
    assert rules.separator_in(name) is None


@given(st.lists(st.tuples(unseen, names, unseen), min_size=1, max_size=6))
def test_names_between_bars_are_the_bare_names_whatever_nobody_sees_around_them(parts: list[tuple[str, ...]]) -> None:
    cell = "|".join("".join(part) for part in parts)
    [product] = tables.products([row(cell)])
    assert product["actives"] == [name for _, name, _ in parts]


@given(st.sampled_from(("克百威", "2,4-滴丁酯", "吡虫啉")), st.sampled_from(BETWEEN), names, unseen)
def test_two_names_with_anything_else_between_them_are_refused(one: str, sign: str, other: str, blank: str) -> None:
    with pytest.raises(RuleBroken, match="rulebook_names_unseparated") as raised:
        tables.products([row("啶虫脒"), row(f"{one}{blank}{sign}{other}", registration_no="乙-2")])
    assert (raised.value.params["row"], raised.value.params["column"]) == (3, "actives")


@given(st.text(alphabet="0123456789.-eE+~ 　１５NaInf", max_size=8))
def test_an_amount_is_one_finite_number_above_nought(text: str) -> None:
    plain = re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", text) is not None
    assert rules.is_amount(text) == (plain and float(text) > 0)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "1e3", "7-14", "七", "²", "9" * 5000])
def test_a_number_of_days_is_whole_and_not_below_nought(text: str) -> None:
    assert not rules.is_whole(text)
    assert rules.is_whole("0") and rules.is_whole("14")


@pytest.mark.parametrize(
    "more",
    [
        {"actives": "啶虫脒"},
        {"restricted": "是"},
        {"example": "1"},
        {"traits": "alkaline"},
        {"not_with": "copper"},
        {"toxicity": "high"},
    ],
)
def test_rows_of_one_registration_say_the_same_of_the_product(more: dict[str, str]) -> None:
    first = row("吡虫啉", crop="苹果", phi_days="14")
    with pytest.raises(RuleBroken, match="rulebook_rows_contradict") as raised:
        tables.products([first, first | {"crop": "梨"} | more])
    assert raised.value.params == {"row": 3, "first": 2, "column": next(iter(more))}


@pytest.mark.parametrize("column", ["restricted", "example", "forbidden"])
def test_what_is_neither_yes_nor_no_is_refused(column: str) -> None:
    with pytest.raises(RuleBroken, match="rulebook_row_malformed"):
        tables.products([row("吡虫啉", animal="鸡", produce="egg", withdrawal_days="7") | {column: "禁用"}])


def test_a_comma_that_was_not_quoted_and_a_column_that_stands_twice_are_refused() -> None:
    with pytest.raises(RuleBroken, match="rulebook_row_malformed"):
        tables.rows_of("registration_no,actives\n甲-1,2,4-滴丁酯\n".encode(), needed=("actives",))
    for header in ("actives,actives", "registration_no,active"):
        with pytest.raises(RuleBroken, match="rulebook_table_malformed"):
            tables.rows_of(f"{header}\n甲,乙\n".encode(), needed=("actives",))
    [kept] = tables.rows_of("\ufeff actives\u200b ,name\n克百威\u3000,药,,\n".encode(), needed=("actives",))
    assert kept == {"actives": "克百威", "name": "药"}
