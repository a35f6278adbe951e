"""When harvest becomes lawful, and what a record must say: pure rules against any log."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base import vocab
from backend.base.errors import RuleBroken
from backend.domains.farming import rules
from backend.domains.farming.rules import Crop, GateRecord, Use
from backend.domains.inputs.rules import Label, Product, Rulebook, SubstanceRule, Withdrawal

APPLE = Crop("apple", "fruit", ("苹果",))
EGG = Crop("egg", "egg", ("鸡", "鸡蛋"), "egg")
SUBSTANCES = (SubstanceRule("甲", "banned", ("*",), date(2026, 6, 1), "公告", "source"),)
PRODUCTS = {
    f"P{days}": Product(f"P{days}", f"药{days}", "pesticide", labels=(Label("苹果", days),)) for days in range(0, 60, 7)
}
PRODUCTS["BAN"] = Product("BAN", "禁药", "pesticide", actives=("甲",), labels=(Label("苹果", 1),))
PRODUCTS["OTHER"] = Product("OTHER", "别的", "pesticide", labels=(Label("番茄", 5),))
PRODUCTS["FERT"] = Product("FERT", "肥", "fertiliser")
PRODUCTS["DRUG"] = Product(
    "DRUG", "兽药", "vet_drug", withdrawals=(Withdrawal("鸡", "egg", 7), Withdrawal("鸡", "meat", 3))
)
BOOK = Rulebook("v1", SUBSTANCES, PRODUCTS)
START = date(2026, 5, 1)


def record(number: int, day: date, *numbers: str, version: int = 1, ended: date | None = None) -> GateRecord:
    uses = tuple(Use(PRODUCTS[n].name if n in PRODUCTS else n, n) for n in numbers)
    return GateRecord(f"r{number}v{version}", f"r{number}", version, "pesticide", "b", day, ended or day, day, uses)


@pytest.mark.parametrize(
    ("earliest", "blocked", "news"),
    [
        (0, False, True),
        (-7, False, True),
        (-8, False, False),
        (1, False, False),
        (0, True, False),
        (None, False, False),
    ],
)
def test_that_harvest_is_lawful_is_news_from_its_day_on_for_a_week(
    earliest: int | None, blocked: bool, news: bool
) -> None:
    day = None if earliest is None else START + timedelta(days=earliest)
    assert rules.is_news(rules.Window(day, blocked, ()), START) is news


known_uses = st.lists(st.sampled_from([name for name in PRODUCTS if name.startswith("P")]), max_size=3)
logs = st.lists(st.tuples(st.integers(0, 120), known_uses, st.integers(0, 5)), max_size=12)


def log(rows: list[tuple[int, list[str], int]]) -> list[GateRecord]:
    return [
        record(i, START + timedelta(days=day), *names, ended=START + timedelta(days=day + lasts))
        for i, (day, names, lasts) in enumerate(rows)
    ]


@given(logs)
def test_no_lawful_day_lies_inside_any_interval(rows: list[tuple[int, list[str], int]]) -> None:
    window = rules.harvest_window(log(rows), APPLE, BOOK)
    for one in log(rows):
        for use in one.uses:
            free = one.ended_on + timedelta(days=PRODUCTS[use.registration_no or ""].labels[0].phi_days)
            assert window.earliest is not None and window.earliest >= free
    assert not window.blocked


@given(logs)
def test_the_earliest_day_is_as_early_as_the_law_allows(rows: list[tuple[int, list[str], int]]) -> None:
    window = rules.harvest_window(log(rows), APPLE, BOOK)
    assert window.earliest is None or window.earliest in {reason.until for reason in window.because}


@given(logs, st.integers(0, 120), st.sampled_from(sorted(PRODUCTS)))
def test_one_more_use_never_makes_harvest_lawful_earlier(
    rows: list[tuple[int, list[str], int]], day: int, name: str
) -> None:
    before = rules.harvest_window(log(rows), APPLE, BOOK)
    after = rules.harvest_window([*log(rows), record(99, START + timedelta(days=day), name)], APPLE, BOOK)
    assert after.blocked or not before.blocked
    assert (after.earliest or date.min) >= (before.earliest or date.min)


@given(logs, st.randoms())
def test_the_order_of_entry_does_not_matter(rows: list[tuple[int, list[str], int]], random: Any) -> None:
    shuffled = log(rows)
    random.shuffle(shuffled)
    assert rules.harvest_window(shuffled, APPLE, BOOK).earliest == rules.harvest_window(log(rows), APPLE, BOOK).earliest


@pytest.mark.parametrize(("name", "code"), [("BAN", "banned"), ("OTHER", "no_label"), ("NOBODY", "unknown_input")])
def test_what_is_banned_unregistered_or_unknown_blocks_every_day(name: str, code: str) -> None:
    window = rules.harvest_window([record(1, date(2026, 6, 2), name)], APPLE, BOOK)
    assert window.blocked
    assert code in {reason.code for reason in window.because}


def test_a_use_that_goes_on_into_the_ban_is_banned() -> None:
    window = rules.harvest_window([record(1, date(2026, 5, 31), "BAN", ended=date(2026, 6, 1))], APPLE, BOOK)
    assert "banned" in {reason.code for reason in window.because}
    assert not rules.harvest_window([record(1, date(2026, 5, 31), "BAN")], APPLE, BOOK).blocked


def test_fertiliser_has_no_interval_and_eggs_have_their_own() -> None:
    assert rules.harvest_window([record(1, START, "FERT")], APPLE, BOOK) == rules.Window(None, False, ())
    assert rules.harvest_window([record(1, START, "DRUG")], EGG, BOOK).earliest == START + timedelta(days=7)


def test_only_the_newest_version_of_a_record_counts() -> None:
    versions = [record(1, START, "P49"), record(1, START, "P7", version=2)]
    assert rules.harvest_window(reversed(versions), APPLE, BOOK).earliest == START + timedelta(days=7)
    assert [one.version for one in rules.current(versions)] == [2]


FULL = {
    "site_ids": ["s"],
    "target": "蚜虫",
    "inputs": [{"name": "x", "manufacturer": "y", "source": "z", "method": "foliar_spray", "amount": "1", "unit": "g"}],
}


def test_a_complete_record_of_pesticide_use_is_accepted() -> None:
    rules.check_complete(vocab.get("record_kinds")["pesticide"], FULL)


@pytest.mark.parametrize("field", ["site_ids", "target", "inputs"])
def test_a_missing_field_is_named_in_plain_words(field: str) -> None:
    with pytest.raises(RuleBroken) as raised:
        rules.check_complete(vocab.get("record_kinds")["pesticide"], {**FULL, field: None})
    assert raised.value.reason == "record_field_missing"
    assert rules.FIELD_WORDS[field] in raised.value.params["fields"]


@pytest.mark.parametrize("field", ["name", "manufacturer", "source", "method", "amount", "unit"])
def test_a_missing_field_of_an_input_is_named(field: str) -> None:
    used = {**FULL["inputs"][0], field: ""}  # type: ignore[dict-item]
    assert rules.missing_fields(vocab.get("record_kinds")["pesticide"], {**FULL, "inputs": [used]}) == (
        f"inputs.{field}",
    )


def test_every_mandatory_field_of_every_kind_has_plain_words() -> None:
    for kind in vocab.get("record_kinds"):
        for name in [*kind["mandatory"], *(f"inputs.{one}" for one in kind.get("mandatory_inputs", ()))]:
            assert name in rules.FIELD_WORDS, (kind.code, name)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"happened_on": date(2026, 6, 3)}, "happened_in_future"),
        ({"happened_on": date(2026, 5, 30), "ended_on": date(2026, 6, 9)}, "happened_in_future"),
        ({"happened_on": date(2026, 4, 30)}, "happened_before_batch"),
        ({"happened_on": date(2026, 5, 9), "ended_on": date(2026, 5, 8)}, "ended_before_begun"),
    ],
)
def test_days_that_cannot_be_are_refused(changes: dict[str, date], reason: str) -> None:
    with pytest.raises(RuleBroken, match=reason):
        rules.check_dates(changes, batch_started=START, today=date(2026, 6, 1))


def test_a_phone_one_day_ahead_is_forgiven() -> None:
    rules.check_dates({"happened_on": date(2026, 6, 2)}, batch_started=START, today=date(2026, 6, 1))


@pytest.mark.parametrize(("received", "late"), [(0, 0), (1, 0), (2, 1), (10, 9)])
def test_the_day_after_is_still_in_time(received: int, late: int) -> None:
    assert rules.late_days(START, START + timedelta(days=received)) == late


@given(st.decimals(0, 10**6, places=3), st.sampled_from(["kg", "jin", "t", "g", "piece"]))
def test_amounts_become_whole_base_units_and_never_more_than_was_said(amount: Decimal, unit: str) -> None:
    factor = vocab.get("units")[unit]["to_base"]
    base = rules.base_amount(amount, vocab.get("units")[unit])
    assert 0 <= Decimal(base) <= amount * factor < base + 1


@pytest.mark.parametrize("unit", ["ml", "bag", "g_per_mu", None])
def test_a_harvest_is_weighed_or_counted(unit: str | None) -> None:
    with pytest.raises(RuleBroken, match="unit_wrong"):
        rules.check_yield(vocab.get("units")[unit] if unit else None, 5)


def test_a_vegetable_plot_has_no_vaccination_and_a_herd_no_sowing() -> None:
    kinds = vocab.get("record_kinds")
    for kind, animal in (("vaccination", False), ("sowing", True)):
        with pytest.raises(RuleBroken, match="record_kind_wrong"):
            rules.check_fits(kinds[kind], {}, animal=animal, batch_sites=[])
    with pytest.raises(RuleBroken, match="site_not_of_batch"):
        rules.check_fits(kinds["sowing"], {"site_ids": ["x"]}, animal=False, batch_sites=["y"])
