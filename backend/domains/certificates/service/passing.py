"""Goods that are passed on unopened keep the certificates they came with. Only who mixes or repacks what others grew
must certify it anew (农产品质量安全法 art. 39)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from backend.domains.lots import service as lots

UNOPENED = ("receive", "split")
Lots = Mapping[str, lots.LotFacts]


@dataclass(frozen=True, slots=True)
class Came:
    """`base` of a lot of somebody else that came in, `carried` of it under certificates on that lot or, of a lot from
    outside the platform, its papers; `since` the day it left that lot."""

    lot_id: str
    base: int
    carried: int
    since: date


def sources(owner: str, parent: lots.Parent, since: date, known: Lots) -> Iterator[Came]:
    """What the owner must show for goods that came to them from this parent on that day; nothing for their own.

    What was not certified by who sent it is asked of whom they had it from, as long as all of it was passed on
    unopened. It stood under certificates there when the whole of what was passed on did; for goods from outside there
    must be papers for all that there was of them.
    """
    lot = known[parent.lot_id]
    if lot.producer_id == owner:
        return
    loose = parent.base - parent.carried
    if not loose or not (lot.from_outside or unopened(lot, known)):
        yield Came(lot.id, parent.base, parent.carried, since)
        return
    if parent.carried:
        yield Came(lot.id, parent.carried, parent.carried, since)
    if lot.from_outside:
        yield Came(lot.id, lot.base, lot.base, since)
        return
    (before,) = lot.parents
    carried = loose if before.carried == before.base else 0
    yield from sources(owner, lots.Parent(before.lot_id, loose, carried), lot.born_on, known)


def under_own(owner: str, parent: lots.Parent, known: Lots) -> int:
    """How much of what came back from this parent, passed on unopened all the way, went out under certificates of the
    owner that may still stand."""
    lot, most = known[parent.lot_id], parent.base
    while lot.producer_id != owner and unopened(lot, known):
        (before,) = lot.parents
        lot, most = known[before.lot_id], min(most, before.base)
        if lot.producer_id == owner:
            return min(most, before.carried, lot.carried_base)
    return 0


def unopened(lot: lots.LotFacts, known: Lots) -> bool:
    """Whether all of it came as it is from one lot, received or divided, under the same name."""
    if lot.born not in UNOPENED or len(lot.parents) != 1:
        return False
    before = known[lot.parents[0].lot_id]
    return lot.product_name == before.product_name
