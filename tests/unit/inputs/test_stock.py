"""The store of inputs as pure rules: whatever comes in whatever order, the balance is the sum of the movements."""

import random
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base import vocab
from backend.base.errors import RuleBroken
from backend.domains.inputs import rules
from backend.domains.inputs.rules import Movement, Named, Sheet, Use

NAMES = (Named("P1", "甲"), Named("P2", "乙", kind="pesticide"), Named(None, "尿素", kind="fertiliser"))
UNITS = ("g", "kg", "jin", "g_per_mu", "kg_per_mu")
OTHERS = ("ml", "ml_per_mu", "dilution", "bag", None)


def unit(code: str | None) -> Any:
    return vocab.get("units")[code] if code else None


amounts = st.decimals(Decimal("0.001"), Decimal(5000), places=3)
areas = st.decimals(Decimal("0.01"), Decimal(500), places=2)
uses = st.builds(Use, st.sampled_from(NAMES), st.none() | amounts, st.sampled_from([*UNITS, *OTHERS]).map(unit), areas)
days = st.sampled_from([f"2026-06-{day:02}" for day in range(1, 8)])


@dataclass
class Book:
    """A store kept the way the service keeps it: movements by id, counters grown in the same step."""

    movements: dict[str, Movement] = field(default_factory=dict)
    counters: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    by_root: dict[str, list[Movement]] = field(default_factory=dict)

    def keep(self, identity: str, *movements: Movement) -> None:
        fresh = [one for number, one in enumerate(movements) if f"{identity}~{number}" not in self.movements]
        self.movements |= {f"{identity}~{number}": one for number, one in enumerate(fresh)}
        for item, grown in rules.increments(fresh).items():
            for name, value in grown.items():
                dimension, counter = name.split(".")
                self.counters.setdefault(item, {}).setdefault(dimension, Counter())[counter] += value

    def use(self, sheets: list[Sheet]) -> None:
        moved = {root: rules.moved_so_far(movements) for root, movements in self.by_root.items()}
        booked = rules.booked(sheets, moved)
        for number, (sheet, movement) in enumerate(booked):
            self.keep(f"{sheet.record_id}~{number}", movement)
            self.by_root.setdefault(sheet.root_id, []).append(movement)

    def shelf(self, item: str) -> rules.Shelf:
        return rules.shelf(self.counters.get(item, {}))


versions = st.lists(st.tuples(st.integers(0, 3), st.tuples(days, st.lists(uses, max_size=3))), max_size=12)


def sheets_of(rows: list[tuple[int, tuple[str, list[Use]]]]) -> list[Sheet]:
    """Records by number, each row a further version of its record."""
    counts: Counter[int] = Counter()
    found = []
    for root, (day, used) in rows:
        counts[root] += 1
        found.append(Sheet(f"r{root}v{counts[root]}", f"r{root}", counts[root], day, tuple(used)))
    return found


def newest(sheets: list[Sheet]) -> list[Sheet]:
    return list({sheet.root_id: sheet for sheet in sheets}.values())


@given(versions, st.lists(st.integers(1, 4), max_size=6))
def test_after_any_amendments_in_any_portions_the_shelf_is_what_the_newest_versions_say(
    rows: list[tuple[int, tuple[str, list[Use]]]], portions: list[int]
) -> None:
    sheets, book, rest = sheets_of(rows), Book(), sheets_of(rows)
    for size in portions:
        book.use(rest[:size])
        rest = rest[size:]
    book.use(rest)
    plain = Book()
    plain.use([Sheet(f"n{one.record_id}", one.root_id, 1, one.day, one.uses) for one in newest(sheets)])
    for item in {named.item for named in NAMES}:
        assert book.shelf(item) == plain.shelf(item)
    assert rules.last_days(book.movements.values()) == rules.last_days(plain.movements.values())


deeds = st.lists(
    st.one_of(
        st.tuples(st.just("buy"), st.sampled_from(NAMES), amounts, st.sampled_from(["g", "kg", "jin"])),
        st.tuples(st.just("cancel"), st.integers(0, 5)),
        st.tuples(st.just("count"), st.sampled_from(NAMES), amounts, st.sampled_from(["g", "kg"])),
        st.tuples(st.just("use"), st.integers(0, 3), days, st.lists(uses, max_size=2)),
    ),
    max_size=20,
)


def live(story: list[tuple[Any, ...]], book: Book) -> None:
    """Carry out the deeds; a cancellation names the n-th purchase and may repeat."""
    bought: list[Movement] = []
    versions_of: Counter[int] = Counter()
    for number, (deed, *said) in enumerate(story):
        if deed == "buy":
            named, amount, code = said
            dimension, thousandths = rules.shelved(amount, unit(code))
            bought.append(Movement(named.item, "purchase", dimension, "2026-06-01", thousandths, 1))
            book.keep(f"p{len(bought)}", bought[-1])
        elif deed == "cancel" and said[0] < len(bought):
            one = bought[said[0]]
            back = Movement(one.item, "cancellation", one.dimension, one.day, -one.thousandths, -1)
            book.keep(f"c{said[0]}", back)
        elif deed == "count":
            named, amount, code = said
            dimension, thousandths = rules.shelved(amount, unit(code))
            found = Movement(named.item, "correction", dimension, "2026-06-02", thousandths, 1)
            counters = book.counters.get(named.item, {})
            book.keep(f"k{number}", rules.corrected(counters, found))
            assert book.counters[named.item][dimension]["counts"] >= 1
            after = book.counters[named.item][dimension]
            assert after["bought"] - after["used"] + after["corrected"] == thousandths
        elif deed == "use":
            root, day, used = said
            versions_of[root] += 1
            book.use([Sheet(f"r{root}v{versions_of[root]}", f"r{root}", versions_of[root], day, tuple(used))])


@given(deeds, st.randoms(use_true_random=False))
def test_the_balance_is_the_sum_of_its_movements_in_whatever_order_they_are_added_up(
    story: list[tuple[Any, ...]], chance: random.Random
) -> None:
    book = Book()
    live(story, book)
    shuffled = list(book.movements.items())
    chance.shuffle(shuffled)
    again = Book()
    for identity, movement in [*shuffled, *shuffled]:  # each twice: a repeat is known by its id
        again.keep(identity, movement)
    for item in {named.item for named in NAMES}:
        assert again.shelf(item) == book.shelf(item)
        shelf = book.shelf(item)
        mine = [one for one in book.movements.values() if one.item == item and one.dimension == shelf.dimension]
        assert shelf.on_hand == sum(one.thousandths for one in mine)


@given(amounts, areas)
def test_a_dose_per_mu_is_multiplied_by_the_area_and_rounded_to_a_milligram(amount: Decimal, area: Decimal) -> None:
    dimension, thousandths = rules.measure(amount, unit("kg_per_mu"), area)
    assert dimension == "mass"
    assert abs(thousandths - amount * area * 1_000_000) <= Decimal("0.5")
    assert rules.measure(amount, unit("ml_per_mu"), area)[0] == "volume"


@pytest.mark.parametrize("code", ["dilution", "bag", "bottle", "m3", None])
def test_what_cannot_be_brought_to_a_weight_is_a_use_that_is_not_measured(code: str | None) -> None:
    sheet = Sheet("r1", "r1", 1, "2026-06-01", (Use(NAMES[0], Decimal(3), unit(code)),))
    book = Book()
    book.use([sheet])
    shelf = book.shelf(NAMES[0].item)
    assert (shelf.dimension, shelf.unmeasured, shelf.on_hand, shelf.short) == (None, 1, 0, True)


def test_a_use_beyond_all_measure_stops_nobody_and_a_purchase_beyond_it_is_asked_about() -> None:
    assert rules.measure(Decimal(10) ** 11, unit("t")) == (rules.UNMEASURED, 0)
    with pytest.raises(RuleBroken, match="stock_amount_too_large"):
        rules.shelved(Decimal(10) ** 11, unit("t"))
    with pytest.raises(RuleBroken, match="stock_unit_wrong"):
        rules.shelved(Decimal(1), unit("bag"))


def test_weight_and_volume_of_one_thing_are_not_added_up() -> None:
    bought = {"volume": {"bought": 5, "purchases": 1}}
    with pytest.raises(RuleBroken, match="stock_unit_differs"):
        rules.check_same_dimension(bought, "mass")
    rules.check_same_dimension(bought, "volume")
    rules.check_same_dimension({"volume": {"bought": 0, "purchases": 0, "used": 9, "uses": 1}}, "mass")


def test_without_a_purchase_the_shelf_is_shown_in_the_unit_it_is_mostly_used_in() -> None:
    shelf = rules.shelf({"mass": {"used": 7, "uses": 1}, "volume": {"used": 5, "uses": 2}})
    assert (shelf.dimension, shelf.on_hand, shelf.unmeasured, shelf.short) == ("volume", -5, 1, True)


def test_a_thing_is_known_by_its_number_or_else_by_its_name_however_that_is_typed() -> None:
    assert Named("PD2020 0001", "甲").item == Named("pd20200001", "乙", "丙厂").item
    assert Named(None, "尿 素").item == Named(None, "尿素", "某厂", "fertiliser").item
    assert Named(None, "P1").item != Named("P1", "P1").item


@pytest.mark.parametrize(
    ("thousandths", "dimension", "text", "code"),
    [
        (999_999, "mass", "999.999", "g"),
        (1_880_500_000, "mass", "1880.5", "kg"),
        (-1_000_000, "volume", "-1", "l"),
        (12_000, "count", "12", "piece"),
        (0, "mass", "0", "g"),
    ],
)
def test_amounts_are_shown_exactly_in_a_unit_people_read(
    thousandths: int, dimension: str, text: str, code: str
) -> None:
    assert rules.readable(dimension, thousandths) == code
    assert rules.shown(thousandths, vocab.get("units")[code]) == text
