"""Pure rules of the store of inputs: what each movement does to what is on the shelf, and how it is shown.

Amounts are whole thousandths of a base unit (milligrams, microlitres, thousandths of a piece), so that adding them up
rounds nothing. What cannot be brought to mass, volume or count (a dilution, a bag) is a use that is not measured.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from backend.base import vocab
from backend.base.errors import RuleBroken

MEASURED = ("mass", "volume", "count")
UNMEASURED = "unmeasured"
THOUSAND = 1000
LARGEST = 10**13  # thousandths: ten thousand tonnes; nobody's store holds more, and a sum of many stays an int64
READABLE = {"mass": ("g", "kg"), "volume": ("ml", "l"), "count": ("piece",)}
COUNTERS = {
    "purchase": ("bought", "purchases"),
    "cancellation": ("bought", "purchases"),
    "use": ("used", "uses"),
    "correction": ("corrected", "counts"),
}
Counters = Mapping[str, Mapping[str, int]]
Bucket = tuple[str, str, str]  # item, dimension, day
Tally = dict[Bucket, tuple[int, int]]  # thousandths used, how many uses


@dataclass(frozen=True, slots=True)
class Named:
    """What an input is called. `kind` is a code of `input_kinds`."""

    registration_no: str | None
    name: str
    manufacturer: str | None = None
    kind: str = "other"

    @property
    def item(self) -> str:
        """The key of its place on the shelf: by registration number, without one by name. Spaces, width and case
        do not tell things apart, nor does the maker, whom the log of fertilisers does not ask for."""
        by, text = ("r", self.registration_no) if self.registration_no else ("n", self.name)
        plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
        return f"{by}-{hashlib.sha256(plain.encode()).hexdigest()[:24]}"


@dataclass(frozen=True, slots=True)
class Use:
    """One input in one record. `unit` is a term of `units`; a dose per mu counts `area_mu` times."""

    named: Named
    amount: Decimal | None
    unit: Mapping[str, Any] | None
    area_mu: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one version of a record says was used on `day` (ISO); `root_id` names the record over its versions."""

    record_id: str
    root_id: str
    version: int
    day: str
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True)
class Movement:
    """One change on the shelf. `thousandths` is signed (a use takes away), `times` is 1 for what came to be, -1 for
    what was taken back, 0 for a changed amount."""

    item: str
    kind: str
    dimension: str
    day: str
    thousandths: int
    times: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is there of one item, in thousandths. `dimension` None: nothing of it was ever measured."""

    dimension: str | None
    bought: int = 0
    used: int = 0
    corrected: int = 0
    unmeasured: int = 0
    short: bool = False

    @property
    def on_hand(self) -> int:
        return self.bought - self.used + self.corrected


def measure(amount: Decimal | None, unit: Mapping[str, Any] | None, area_mu: Decimal = Decimal(0)) -> tuple[str, int]:
    """(dimension, thousandths of its base unit), (`unmeasured`, 0) when it cannot be brought to one."""
    if amount is None or unit is None:
        return UNMEASURED, 0
    dimension = unit.get("of") or unit["dimension"]
    factor = area_mu if unit["dimension"] == "dose" else Decimal(1)
    exact = amount * int(unit["to_base"]) * factor * THOUSAND
    if dimension not in MEASURED or exact > LARGEST:
        return UNMEASURED, 0
    return dimension, int(exact.to_integral_value(ROUND_HALF_UP))


def shelved(amount: Decimal, unit: Mapping[str, Any]) -> tuple[str, int]:
    """As `measure`, for what stands on a shelf. Raises RuleBroken `stock_unit_wrong`, `stock_amount_too_large`."""
    if unit["dimension"] not in MEASURED:
        raise RuleBroken("stock_unit_wrong", field="unit", unit=unit["zh"])
    dimension, thousandths = measure(amount, unit)
    if dimension == UNMEASURED:
        raise RuleBroken("stock_amount_too_large", field="amount")
    return dimension, thousandths


def check_same_dimension(counters: Counters, dimension: str) -> None:
    """What is bought by weight is counted by weight, or nothing could be added up. Raises RuleBroken."""
    for other in MEASURED:
        if other != dimension and _settled(counters, other):
            raise RuleBroken("stock_unit_differs", field="unit", unit=vocab.get("units")[READABLE[other][-1]])


def _settled(counters: Counters, dimension: str) -> bool:
    known = counters.get(dimension, {})
    return bool(known.get("purchases") or known.get("counts"))


def tally(sheet: Sheet) -> Tally:
    """What a version of a record took from the shelf."""
    found: Tally = {}
    for use in sheet.uses:
        dimension, thousandths = measure(use.amount, use.unit, use.area_mu)
        bucket = (use.named.item, dimension, sheet.day)
        before, times = found.get(bucket, (0, 0))
        found[bucket] = (before + thousandths, times + 1)
    return found


def booked(sheets: Sequence[Sheet], moved: Mapping[str, Tally]) -> list[tuple[Sheet, Movement]]:
    """The movements that bring the shelf from what each record has `moved` so far (by root) to what it says now.

    `sheets` are in the order of their versions. A record that says the same again moves nothing.
    """
    known = dict(moved)
    movements: list[tuple[Sheet, Movement]] = []
    for sheet in sheets:
        wanted, before = tally(sheet), known.get(sheet.root_id, {})
        movements += [(sheet, movement) for movement in _difference(before, wanted)]
        known[sheet.root_id] = wanted
    return movements


def _difference(before: Tally, wanted: Tally) -> Iterable[Movement]:
    for bucket in dict.fromkeys([*before, *wanted]):
        (old, old_times), (new, new_times) = before.get(bucket, (0, 0)), wanted.get(bucket, (0, 0))
        if (old, old_times) != (new, new_times):
            item, dimension, day = bucket
            yield Movement(item, "use", dimension, day, old - new, new_times - old_times)


def moved_so_far(movements: Iterable[Movement]) -> Tally:
    """What the use movements of one record come to."""
    found: Tally = {}
    for one in movements:
        bucket = (one.item, one.dimension, one.day)
        thousandths, times = found.get(bucket, (0, 0))
        found[bucket] = (thousandths - one.thousandths, times + one.times)
    return {bucket: sums for bucket, sums in found.items() if sums != (0, 0)}


def increments(movements: Iterable[Movement]) -> dict[str, dict[str, int]]:
    """By item what its counters grow by, named `dimension.counter`; nothing for what does not change."""
    found: dict[str, Counter[str]] = {}
    for one in movements:
        amounts, times = COUNTERS[one.kind]
        grown = found.setdefault(one.item, Counter())
        grown[f"{one.dimension}.{amounts}"] += -one.thousandths if one.kind == "use" else one.thousandths
        grown[f"{one.dimension}.{times}"] += one.times
    return {item: {name: value for name, value in grown.items() if value} for item, grown in found.items()}


def shelf(counters: Counters) -> Shelf:
    """What the counters come to, in the dimension the item is bought or counted in, else in the one it is used in."""
    uses = {dimension: known.get("uses", 0) for dimension, known in counters.items()}
    measured = [one for one in MEASURED if _settled(counters, one)]
    measured = measured or sorted((one for one in MEASURED if uses.get(one)), key=lambda one: -uses[one])
    if not measured:
        return Shelf(None, unmeasured=sum(uses.values()), short=any(uses.values()))
    dimension = measured[0]
    known = counters[dimension]
    amounts = {name: known.get(name, 0) for name in ("bought", "used", "corrected")}
    unmeasured = sum(count for other, count in uses.items() if other != dimension)
    short = amounts["bought"] - amounts["used"] + amounts["corrected"] < 0
    return Shelf(dimension, **amounts, unmeasured=unmeasured, short=short)


def corrected(counters: Counters, found: Movement) -> Movement:
    """The movement that brings the book to what was `found` on the shelf."""
    known = counters.get(found.dimension, {})
    book = known.get("bought", 0) - known.get("used", 0) + known.get("corrected", 0)
    return replace(found, thousandths=found.thousandths - book)


def readable(dimension: str, *thousandths: int) -> str:
    """The unit code people would read these amounts in: kilograms from one kilogram on."""
    small, *large = READABLE[dimension]
    return large[0] if large and max((abs(one) for one in thousandths), default=0) >= THOUSAND * THOUSAND else small


def shown(thousandths: int, unit: Mapping[str, Any]) -> str:
    """An amount in a unit as exact text without trailing zeros: 1880500000 in kg is 1880.5."""
    value = Decimal(thousandths) / (int(unit["to_base"]) * THOUSAND)
    return format(value.normalize(), "f") if value else "0"


def last_days(movements: Iterable[Movement]) -> dict[str, str]:
    """By item the last day on which a use still stands, of its use movements."""
    standing: Counter[tuple[str, str]] = Counter()
    for one in movements:
        standing[(one.item, one.day)] += one.times
    found: dict[str, str] = {}
    for (item, day), times in standing.items():
        if times > 0:
            found[item] = max(day, found.get(item, day))
    return found
