"""Declarations: seasons, what must be in one, and who may still be decided on."""

from datetime import date

import pytest

from backend.base import vocab
from backend.base.errors import Conflict, RuleBroken
from backend.domains.producers import rules
from backend.domains.producers.rules.declaring import check_reason

TODAY = date(2026, 11, 23)
ALL = [term.code for term in vocab.get("declaration_commitments")]


@pytest.mark.parametrize("word", ["2026", "2025-winter", "2027-spring", "2026-summer", "2026-autumn"])
def test_a_season_is_a_year_or_a_quarter_of_it(word):
    assert rules.season(word, today=TODAY) == word


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("spring", "season_malformed"),
        ("2026-", "season_malformed"),
        ("2026-monsoon", "season_malformed"),
        ("2026-spring\n", "season_malformed"),
        ("2024", "season_out_of_range"),
        ("2028-spring", "season_out_of_range"),
    ],
)
def test_any_other_season_is_refused(word, reason):
    with pytest.raises(RuleBroken) as broken:
        rules.season(word, today=TODAY)
    assert broken.value.reason == reason


def check(**changes):
    rules.check_declaration(
        **{"kind": "smallholder", "sites": ["s"], "products": ["p"], "planned": ["p"], "commitments": ALL} | changes
    )


def test_a_whole_declaration_passes():
    check()


def test_a_buyer_needs_no_land():
    check(kind="buyer", sites=[])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"products": []}, "declaration_without_products"),
        ({"sites": []}, "declaration_without_sites"),
        ({"planned": ["other"]}, "planned_product_not_declared"),
        ({"planned": ["p", "p"]}, "planned_product_not_declared"),
        ({"commitments": ALL[1:]}, "commitments_not_accepted"),
        ({"commitments": [*ALL, "more"]}, "commitments_not_accepted"),
    ],
)
def test_an_incomplete_declaration_says_what_is_missing(changes, reason):
    with pytest.raises(RuleBroken) as broken:
        check(**changes)
    assert broken.value.reason == reason


def test_a_submitted_newest_version_can_be_decided():
    rules.check_decision(state="submitted", verdict="approve", reason="")
    rules.check_decision(state="submitted", verdict="return", reason="地块不清楚")


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("approved", "already_decided"),
        ("returned", "already_decided"),
        ("superseded", "newer_declaration_exists"),
    ],
)
def test_nothing_is_decided_twice_and_only_the_newest(state, reason):
    with pytest.raises(Conflict) as conflict:
        rules.check_decision(state=state, verdict="approve", reason="")
    assert conflict.value.reason == reason


def test_a_return_says_why():
    with pytest.raises(RuleBroken) as broken:
        rules.check_decision(state="submitted", verdict="return", reason=" 不 ")
    assert broken.value.reason == "reason_missing"
    check_reason("面积不符")


def test_approval_admits_but_lifts_no_suspension():
    assert rules.status_after_approval("registered") == "active"
    assert rules.status_after_approval("active") == "active"
    assert rules.status_after_approval("suspended") == "suspended"


def test_the_accepted_sentences_are_kept_in_both_languages():
    assert all(row["zh"] and row["en"] for row in rules.commitments_text())


def test_the_time_for_reminders_has_two_ends_and_a_year_five_words() -> None:
    term = {"remind_on": "05-01", "until": "10-31"}
    days = {"04-30": False, "05-01": True, "10-31": True, "11-01": False}
    assert {day: rules.is_reminding(term, date.fromisoformat(f"2026-{day}")) for day in days} == days
    assert all(rules.season(word, today=date(2026, 5, 1)) for word in rules.seasons_of(2026))
    assert len(set(rules.seasons_of(2026))) == 5
