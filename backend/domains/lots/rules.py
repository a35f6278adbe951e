"""Pure rules of the ledger; all arithmetic is in whole base units (grams, pieces)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backend.base.errors import RuleBroken

LOOSE, LOOSE_FIRST, CERTIFIED_FIRST = "loose", "loose_first", "certified_first"


@dataclass(frozen=True, slots=True)
class Balance:
    """What there was, what of it is certified, and what left: `gone` without a certificate, `carried` with one.

    Always: certified + gone ≤ base, carried ≤ certified, and what is on hand is base - gone - carried.
    """

    base: int
    certified: int
    gone: int = 0
    carried: int = 0

    @property
    def left(self) -> int:
        """What may still be certified, which is also what is on hand without a certificate."""
        return self.base - self.certified - self.gone

    @property
    def on_hand(self) -> int:
        return self.base - self.gone - self.carried


@dataclass(frozen=True, slots=True)
class Taken:
    """A quantity that leaves, by whether a certificate goes with it."""

    loose: int
    carried: int

    @property
    def base(self) -> int:
        return self.loose + self.carried


def take(balance: Balance, wanted: int, order: str, unit: Mapping[str, Any]) -> Taken:
    """Split what leaves into loose and certified. `order`: what is used up first; LOOSE touches nothing certified.

    Raises RuleBroken `lot_quantity_short`, or `lot_quantity_certified` when only certificates stand in the way.
    """
    words = {"field": "amount", "wanted": shown(wanted, unit), "unit": unit["zh"]}
    if wanted <= 0 or wanted > balance.on_hand:
        raise RuleBroken("lot_quantity_short", left=shown(max(balance.on_hand, 0), unit), **words)
    if order == LOOSE and wanted > balance.left:
        raise RuleBroken("lot_quantity_certified", left=shown(balance.left, unit), **words)
    if order == CERTIFIED_FIRST:
        carried = min(wanted, balance.certified - balance.carried)
        return Taken(wanted - carried, carried)
    loose = min(wanted, balance.left)
    return Taken(loose, wanted - loose)


def after(balance: Balance, taken: Taken) -> Balance:
    return Balance(balance.base, balance.certified, balance.gone + taken.loose, balance.carried + taken.carried)


def released(balance: Balance, base: int) -> Balance:
    """The balance when a certificate on `base` is void: what had left under it has now left without one."""
    certified = balance.certified - base
    uncovered = max(balance.carried - certified, 0)
    return Balance(balance.base, certified, balance.gone + uncovered, balance.carried - uncovered)


def brought_back(balance: Balance, taken: Taken) -> Balance:
    """The balance when what was taken did not leave after all; what was carried may meanwhile count as gone."""
    carried = min(taken.carried, balance.carried)
    return Balance(balance.base, balance.certified, balance.gone - (taken.base - carried), balance.carried - carried)


def check_correction(*, new_base: int, balance: Balance, unit: Mapping[str, Any], old_unit: Mapping[str, Any]) -> None:
    """A corrected harvest may not fall under what is certified or gone, nor change from weight to count."""
    if unit["dimension"] != old_unit["dimension"]:
        raise RuleBroken("harvest_dimension_changed", field="unit")
    if new_base < balance.certified:
        raise RuleBroken("harvest_under_certified", field="amount", certified=shown(balance.certified, unit))
    if new_base < balance.certified + balance.gone:
        raise RuleBroken("harvest_under_gone", field="amount", gone=shown(balance.certified + balance.gone, unit))


def check_made(kind: str, taken: int, made: Sequence[int], *, exact: bool) -> int:
    """What was lost on the way from `taken` to `made`, in base units. Raises RuleBroken when more came out than went
    in, or less of a split or a merge."""
    loss = taken - sum(made)
    if loss < 0:
        raise RuleBroken("lot_more_than_taken", field="outputs")
    if exact and loss:
        raise RuleBroken("lot_not_the_same", field="outputs", kind=kind)
    return loss


def counted_otherwise(base: int, own: Mapping[str, Any], unit: Mapping[str, Any], weights: Mapping[str, Any]) -> int:
    """The most pieces that so many grams may be, or grams so many pieces; `weights`: `least` and `most` grams a piece.
    Raises RuleBroken `unit_wrong` for anything else, and where no weights are known."""
    way = own["dimension"], unit["dimension"]
    if way == ("mass", "count") and weights:
        return base // int(weights["least"])
    if way == ("count", "mass") and weights:
        return base * int(weights["most"])
    raise RuleBroken("unit_wrong", field="outputs", unit=unit["zh"])


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole parts proportional to the weights; the parts always sum to it."""
    whole, given, parts = sum(weights), 0, []
    seen = 0
    for weight in weights:
        seen += weight
        upto = total * seen // whole if whole else 0
        parts.append(upto - given)
        given = upto
    return parts


def shown(base: int, unit: Mapping[str, Any]) -> str:
    """A base quantity in a unit, without trailing zeros: 1500000 g in kg is 1500."""
    value = Decimal(base) / int(unit["to_base"])
    return format(value.quantize(Decimal("0.001")).normalize(), "f")
