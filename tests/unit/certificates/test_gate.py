"""The gate refuses whatever the law forbids, in any data, and never raises."""

import json
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base import vocab
from backend.domains.certificates import rules
from backend.domains.farming.rules import Crop, GateRecord, Use
from backend.domains.inputs.rules import Label, Product, Rulebook, SubstanceRule

HARVEST = date(2026, 9, 1)
APPLE = Crop("apple", "fruit", ("苹果",))
PRODUCTS = {
    "A-1": Product("A-1", "吡虫啉", "pesticide", actives=("imidacloprid",), labels=(Label("苹果", 14),)),
    "A-2": Product("A-2", "克百威", "pesticide", actives=("carbofuran",), labels=(Label("苹果", 0),)),
    "A-3": Product("A-3", "阿维菌素", "pesticide", actives=("abamectin",), labels=(Label("甘蓝", 7),)),
}
BAN = SubstanceRule("carbofuran", "banned", ("*",), date(2026, 6, 1), "公告736", "secondary")
BOOK = Rulebook("2026.1", (BAN,), PRODUCTS)
FORM = rules.Template(
    "mara-2025-4-1",
    "producer",
    ("quality_control", "self_tested", "commissioned_test"),
    ("self_tested", "commissioned_test"),
    date(2026, 2, 1),
)
LOT = rules.Lot("L", APPLE, "苹果", True, "h", HARVEST, 1000, 0, 1000, "kg", False)
ORIGIN = rules.Origin("L", "P", APPLE, "h", HARVEST, ("B",), ("L",), since=HARVEST - timedelta(300))


def record(name: str, day: date, **more: Any) -> GateRecord:
    shape = {"root_id": name, "version": 1, "kind": "weeding", "batch_id": "B", "ended_on": day, "received_on": day}
    return GateRecord(id=name, happened_on=day, **(shape | more))


def spray(name: str, day: date, *numbers: str | None, **more: Any) -> GateRecord:
    uses = tuple(Use(PRODUCTS[n].name if n in PRODUCTS else "无名药", n) for n in numbers)
    return record(name, day, kind="pesticide", uses=uses, **more)


def case(*records: GateRecord, **changes: Any) -> rules.Case:
    basic = (record("w", date(2026, 5, 1)), record("h", HARVEST, kind="harvest", quantity_base=1000, yields=True))
    made = rules.Case(
        LOT, rules.Subject("P", "active", False), (*basic, *records), BOOK, FORM, ("quality_control",), 500, HARVEST
    )
    return replace(made, **({"edition": rules.EDITION, "origins": (ORIGIN,)} | changes))


def words(asked: rules.Case) -> set[str]:
    return {refusal.reason for refusal in rules.decide(asked).refusals}


def test_a_clean_season_is_allowed_and_every_check_ran() -> None:
    decision = rules.decide(case())
    assert decision.allowed and decision.refusals == () and decision.checked == tuple(rules.CHECKS)


def test_a_refusal_names_the_record_the_law_and_the_first_lawful_day() -> None:
    [refusal] = rules.decide(case(spray("s", HARVEST - timedelta(3), "A-1"))).refusals
    assert refusal.reason == "gate_phi" and refusal.record_ids == ("s",) and "第三十四条" in refusal.source
    assert refusal.earliest == HARVEST + timedelta(11)


@pytest.mark.parametrize(
    ("day", "refused"), [(-14, False), (-13, True), (0, True), (1, False)], ids=["over", "inside", "same day", "after"]
)
def test_the_interval_counts_the_day_of_harvest_and_nothing_after(day: int, refused: bool) -> None:
    assert ("gate_phi" in words(case(spray("s", HARVEST + timedelta(day), "A-1")))) is refused


def test_a_use_entered_late_but_dated_before_the_harvest_counts() -> None:
    late = spray("s", HARVEST - timedelta(2), "A-1", received_on=HARVEST + timedelta(40))
    assert "gate_phi" in words(case(late))


REFUSED = {
    "gate_banned": case(spray("s", date(2026, 7, 1), "A-2")),
    "gate_no_label": case(spray("s", date(2026, 5, 1), "A-3")),
    "gate_unknown_input": case(spray("s", date(2026, 5, 1), None)),
    "gate_record_incomplete": case(record("x", date(2026, 5, 2), missing=("target",))),
    "gate_ends_after_harvest": case(record("x", date(2026, 8, 30), ended_on=date(2026, 9, 3))),
    "gate_no_records": case(records=case().records[1:]),
    "gate_no_harvest": case(records=case().records[:1]),
    "gate_quantity": case(wanted_base=1001),
    "gate_producer_not_active": case(subject=rules.Subject("P", "registered", False)),
    "gate_producer_suspended": case(subject=rules.Subject("P", "suspended", False)),
    "gate_parents_required": case(subject=rules.Subject("P", "active", True)),
    "gate_lot_held": case(lot=replace(LOT, held=True)),
    "gate_out_of_scope": case(lot=replace(LOT, in_scope=False)),
    "gate_no_basis": case(bases=()),
    "gate_basis_unknown": case(bases=("self_declared",)),
    "gate_form_wrong": case(template=replace(FORM, valid_to=date(2026, 8, 1))),
    "gate_no_test": case(bases=("self_tested",)),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_each_rule_refuses_with_its_own_word(reason: str) -> None:
    assert words(REFUSED[reason]) == {reason} | ({"gate_form_wrong"} if reason == "gate_parents_required" else set())
    assert reason in vocab.get("reasons_certificates")


def result(**changes: Any) -> rules.Test:
    made = rules.Test("T", "L", "self_tested", "pass", ("imidacloprid",), date(2026, 8, 30), date(2026, 8, 31))
    return replace(made, **changes)


def test_a_test_must_be_own_in_date_and_seek_what_was_used() -> None:
    asked = case(spray("s", date(2026, 7, 1), "A-1"), bases=("self_tested",))
    assert words(replace(asked, tests=(result(),))) == set()
    assert words(replace(asked, tests=(result(analytes=("other",)),))) == {"gate_test_does_not_cover"}
    for wrong in ({"lot_id": "other"}, {"basis": None}, {"sampled_on": date(2026, 6, 1)}, {"analytes": ()}):
        assert words(replace(asked, tests=(result(**wrong),))) == {"gate_no_test"}


def test_a_failing_result_refuses_whatever_the_basis() -> None:
    assert words(case(tests=(result(verdict="fail", basis=None),))) == {"gate_test_failed"}


def test_an_officer_vouches_for_one_input_of_one_version_and_never_for_a_banned_one() -> None:
    unknown = spray("s", date(2026, 5, 1), None)
    vouch = (rules.Override("s", "无名药", "officer"),)
    decision = rules.decide(case(unknown, overrides=vouch))
    assert decision.allowed and "override" in decision.flags
    amended = replace(unknown, id="s2", version=2)
    assert words(case(unknown, amended, overrides=vouch)) == {"gate_unknown_input"}
    banned = case(spray("s", date(2026, 7, 1), "A-2"), overrides=(rules.Override("s", "克百威", "officer"),))
    assert words(banned) == {"gate_banned"}


days = st.integers(-120, 20).map(lambda offset: HARVEST + timedelta(offset))
sprays = st.lists(st.tuples(days, st.sampled_from([*PRODUCTS, None])), max_size=6)


def season(drawn: list[tuple[date, str | None]]) -> rules.Case:
    return case(*(spray(f"s{n}", day, number) for n, (day, number) in enumerate(drawn)))


@given(sprays, days, st.sampled_from([*PRODUCTS, None]))
def test_one_more_use_never_turns_a_refusal_into_a_permission(
    drawn: list[tuple[date, str | None]], day: date, number: str | None
) -> None:
    if not rules.decide(season(drawn)).allowed:
        assert not rules.decide(season([*drawn, (day, number)])).allowed


@given(st.lists(st.integers(-5, 700), max_size=12))
def test_no_sequence_certifies_more_than_was_harvested(asked: list[int]) -> None:
    certified = 0
    for wanted in asked:
        if rules.decide(case(lot=replace(LOT, certified_base=certified), wanted_base=wanted)).allowed:
            certified += wanted
    assert 0 <= certified <= LOT.base


@given(sprays)
def test_a_kept_case_decides_the_same_again(drawn: list[tuple[date, str | None]]) -> None:
    asked = season(drawn)
    again = rules.case_from(json.loads(json.dumps(rules.kept(asked))))
    assert again == asked and rules.decide(again) == rules.decide(asked)


garbage = st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=5), st.just(()), st.just((None,)))


@given(st.sampled_from([field.name for field in fields(rules.Case)]), garbage)
def test_garbage_is_answered_and_never_with_a_permission_it_should_not_have(name: str, value: Any) -> None:
    decision = rules.decide(replace(case(), **{name: value}))
    if name in ("lot", "subject", "records", "rulebook", "template", "bases", "today", "origins"):
        assert not decision.allowed
    elif decision.allowed and value not in ((), ""):
        assert name in ("wanted_base", "parents", "overrides", "edition", "lands", "limits")


@given(garbage)
def test_what_is_no_case_at_all_is_refused(value: Any) -> None:
    decision = rules.decide(value)
    assert not decision.allowed and decision.refusals


@given(st.sampled_from([field.name for field in fields(rules.Lot)]), st.sampled_from([None, float("nan"), "x"]))
def test_a_lot_with_a_broken_number_state_or_day_is_refused(name: str, value: Any) -> None:
    decided = rules.decide(case(lot=replace(LOT, **{name: value})))
    harmless = ("id", "product_name", "unit", "held_reason", "harvest_record", "harvested_on")  # the origin has its own
    assert not decided.allowed or name in harmless


def test_a_crop_without_a_class_is_refused_since_bans_by_class_would_pass_it_over() -> None:
    by_class = replace(BOOK, substances=(replace(BAN, crop_classes=("fruit",)),))
    asked = case(spray("s", date(2026, 7, 1), "A-2"), rulebook=by_class)
    assert words(asked) == {"gate_banned"}
    nameless = replace(APPLE, crop_class="")
    assert "gate_incomplete" in words(replace(asked, lot=replace(LOT, crop=nameless)))
    assert "gate_incomplete" in words(replace(asked, origins=(replace(ORIGIN, crop=nameless),)))
