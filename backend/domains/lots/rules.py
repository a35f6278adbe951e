"""Pure rules of the ledger; all arithmetic is in whole base units (grams, pieces)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from backend.base.errors import RuleBroken

LOOSE, LOOSE_FIRST, CERTIFIED_FIRST = "loose", "loose_first", "certified_first"


@dataclass(frozen=True, slots=True)
class Cover:
    """A certificate on `base` of the lot, of which `out` left under it; kept after a void as long as any is out."""

    certificate_id: str
    base: int
    out: int = 0
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Balance:
    """What there was, what of it is certified, and what left: `gone` without a certificate, `carried` with one.

    Always: certified + gone ≤ base, carried ≤ certified, and what is on hand is base - gone - carried. `covers` say the
    same by certificate, oldest first; of lots from before they were kept they know only what came later.
    """

    base: int
    certified: int
    gone: int = 0
    carried: int = 0
    covers: tuple[Cover, ...] = ()

    @property
    def left(self) -> int:
        """What may still be certified, which is also what is on hand without a certificate."""
        return self.base - self.certified - self.gone

    @property
    def on_hand(self) -> int:
        return self.base - self.gone - self.carried

    def cover(self, certificate_id: str) -> Cover | None:
        return next((one for one in self.covers if one.certificate_id == certificate_id), None)

    @property
    def unnamed(self) -> int:
        """What was carried from before covers were kept: nobody can say under which certificate."""
        return max(self.carried - sum(one.out for one in self.covers if one.stands), 0)


@dataclass(frozen=True, slots=True)
class Taken:
    """A quantity that leaves, by whether a certificate goes with it; `under`: which, and how much of it each."""

    loose: int
    carried: int
    under: tuple[tuple[str, int], ...] = ()

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
    else:
        carried = wanted - min(wanted, balance.left)
    return Taken(wanted - carried, carried, tuple(_under(balance.covers, carried)))


def _under(covers: Sequence[Cover], carried: int) -> Iterator[tuple[str, int]]:
    """Certificates go with the goods in the order in which they were issued."""
    for one in covers:
        some = min(carried, one.base - one.out) if one.stands else 0
        if some:
            carried -= some
            yield one.certificate_id, some


def after(balance: Balance, taken: Taken) -> Balance:
    gone, carried = balance.gone + taken.loose, balance.carried + taken.carried
    return replace(balance, gone=gone, carried=carried, covers=_moved(balance.covers, dict(taken.under), 1))


def _moved(covers: Sequence[Cover], amounts: Mapping[str, int], way: int) -> tuple[Cover, ...]:
    moved = (replace(one, out=one.out + way * amounts.get(one.certificate_id, 0)) for one in covers)
    return tuple(one for one in moved if one.stands or one.out)


def certified(balance: Balance, certificate_id: str, base: int) -> Balance:
    """The balance with a certificate on `base`; of one that stands again, what had left under it left with it."""
    known, out = balance.cover(certificate_id), 0
    if known is None:
        covers = (*balance.covers, Cover(certificate_id, base))
    else:
        out = known.out
        covers = tuple(replace(one, stands=True) if one is known else one for one in balance.covers)
    return Balance(balance.base, balance.certified + base, balance.gone - out, balance.carried + out, covers)


def released(balance: Balance, certificate_id: str, base: int) -> Balance:
    """The balance when a certificate on `base` is void: what had left under it has now left without one."""
    known, certified = balance.cover(certificate_id), balance.certified - base
    bare = max(known.out if known else 0, balance.carried - certified)
    covers = (replace(one, stands=False) if one is known else one for one in balance.covers)
    kept = tuple(one for one in covers if one.stands or one.out)
    return Balance(balance.base, certified, balance.gone + bare, balance.carried - bare, kept)


def brought_back(balance: Balance, taken: Taken) -> Balance:
    """The balance when what was taken did not leave after all; what was carried under a certificate that is void
    meanwhile counts as gone."""
    stands = {one.certificate_id for one in balance.covers if one.stands}
    carried = sum(base for certificate_id, base in taken.under if certificate_id in stands)
    carried += min(taken.carried - sum(base for _, base in taken.under), balance.unnamed)
    gone = balance.gone - (taken.base - carried)
    covers = _moved(balance.covers, dict(taken.under), -1)
    return replace(balance, gone=gone, carried=balance.carried - carried, covers=covers)


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
