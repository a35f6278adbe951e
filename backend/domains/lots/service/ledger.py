"""The quantity of a lot: a harvest makes it, a certificate takes from it and a void one gives back."""

from collections.abc import Sequence
from typing import Any

from backend.base import clock, events, vocab
from backend.base.errors import Conflict, RuleBroken
from backend.domains.farming import service as farming
from backend.domains.lots import rules
from backend.domains.lots.models import MAX_COVERS, Lot
from backend.domains.lots.service.facts import LotFacts, facts, facts_of, row_of
from backend.domains.lots.service.news import LotMade


def on_harvests(batch: Sequence[farming.HarvestRecorded]) -> None:
    """Within the log's own transaction: one lot a harvest record."""
    moment = clock.now()
    Lot.insert(
        Lot(
            id=news.root_id,
            producer_id=news.producer_id,
            batch_ids=[news.batch_id],
            harvest_root_id=news.root_id,
            crop=news.crop,
            product_name=news.product_name,
            variety=news.variety,
            gtin=news.gtin,
            amount=news.amount,
            unit=news.unit,
            base=news.base,
            harvested_on=news.happened_on,
            born_on=news.happened_on,
            created_at=moment,
        )
        for news in batch
    )
    events.publish(*(LotMade(news.root_id, news.producer_id) for news in batch))


def on_harvest_amended(batch: Sequence[farming.HarvestAmended]) -> None:
    """Within the log's own transaction: the lot follows its harvest record, or the amendment is refused whole."""
    for news in batch:
        known, unit = facts_of(row_of(news.root_id)), vocab.get("units")[news.unit]
        old_unit = vocab.get("units")[known.unit]
        rules.check_correction(new_base=news.base, balance=known.balance, unit=unit, old_unit=old_unit)
        change = {"amount": news.amount, "unit": news.unit, "base": news.base}
        change |= {"harvested_on": news.happened_on, "born_on": news.happened_on}
        Lot.update_one({"producer_id": news.producer_id, "_id": news.root_id}, {"$set": change})


def reserve(lot_id: str, certificate_id: str, base: int) -> None:
    """Take `base` units for a certificate, in the caller's transaction. Raises RuleBroken.

    The filter is the guard: of many at once only as many succeed as the lot has room for.
    """
    known = facts(lot_id)
    unit = vocab.get("units")[known.unit]
    if known.held:
        raise RuleBroken("lot_recalled" if known.recalled else "lot_held")
    if len(known.covers) >= MAX_COVERS:
        raise RuleBroken("lot_certificates_many", most=MAX_COVERS)
    if base > known.balance.left or not write(known, rules.certified(known.balance, certificate_id, base)):
        raise RuleBroken(
            "quantity_exceeds_lot", field="amount", left=known.left, wanted=rules.shown(base, unit), unit=unit.zh
        )


def reserve_again(lot_id: str, certificate_id: str, base: int) -> bool:
    """Take back for a certificate what its void had given, in the caller's transaction, also of a lot on hold: what had
    left under it is under it again, and the rest must be left. False when so much is not: it was destroyed, returned,
    or certified anew."""
    known = facts(lot_id)
    wanted = rules.certified(known.balance, certificate_id, base)
    if known.recalled or wanted.left < 0 or len(wanted.covers) > MAX_COVERS:
        return False
    if not write(known, wanted):
        raise Conflict("lot_busy")
    return True


def write(known: LotFacts, balance: rules.Balance) -> bool:
    """Bring the lot to a new balance if nothing of it changed since it was read; a free one must still be as it was."""
    seen = {
        "producer_id": known.producer_id,
        "_id": known.id,
        "base": known.base,
        "certified_base": known.certified_base,
        "gone_base": known.gone_base,
        "carried_base": known.carried_base,
        **({} if known.held else {"state": known.written}),
    }
    counted = {"certified_base": balance.certified, "gone_base": balance.gone, "carried_base": balance.carried}
    return Lot.update_one(seen, {"$set": {**counted, "covers": [_cover(one) for one in balance.covers]}})


def _cover(one: rules.Cover) -> dict[str, Any]:
    return {"id": one.certificate_id, "base": one.base, "out": one.out, "stands": one.stands}


def release(lot_id: str, certificate_id: str, base: int) -> None:
    """Give back what a voided certificate had taken, in the caller's transaction. What left under it stays gone."""
    known = facts_of(row_of(lot_id))
    if base > known.certified_base or not write(known, rules.released(known.balance, certificate_id, base)):
        raise Conflict("lot_busy")
