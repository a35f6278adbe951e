"""Verbs of the ledger: a harvest makes a lot, a certificate takes from it, a supervisor holds it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from backend.base import clock, events, ids, store, vocab
from backend.base.actor import Actor
from backend.base.documents import Page
from backend.base.errors import NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.farming import service as farming
from backend.domains.lots import rules
from backend.domains.lots.models import Lot
from backend.domains.producers import service as producers


@dataclass(frozen=True)
class LotHeld(events.Event):
    """A supervisor or a failing test stopped the lot."""

    lot_id: str
    producer_id: str


@dataclass(frozen=True)
class LotReleased(events.Event):
    lot_id: str
    producer_id: str


@dataclass(frozen=True, slots=True)
class LotFacts:
    id: str
    producer_id: str
    batch_ids: tuple[str, ...]
    harvest_root_id: str
    crop: str
    crop_class: str
    product_name: str
    variety: str
    gtin: str | None
    amount: Decimal
    unit: str
    base: int
    certified_base: int
    harvested_on: date
    state: str
    held: bool
    held_reason: str | None

    @property
    def left(self) -> str:
        """What may still be certified, in the lot's own unit."""
        return rules.shown(self.base - self.certified_base, vocab.get("units")[self.unit])


def facts_of(row: Mapping[str, Any]) -> LotFacts:
    return LotFacts(
        id=row["_id"],
        producer_id=row["producer_id"],
        batch_ids=tuple(row["batch_ids"]),
        harvest_root_id=row["harvest_root_id"],
        crop=row["crop"],
        crop_class=farming.crop_of(row["crop"]).crop_class,
        product_name=row["product_name"],
        variety=row.get("variety", ""),
        gtin=row.get("gtin"),
        amount=Decimal(row["amount"]),
        unit=row["unit"],
        base=int(row["base"]),
        certified_base=int(row["certified_base"]),
        harvested_on=date.fromisoformat(row["harvested_on"]),
        state=row["state"],
        held=row["state"] == "held",
        held_reason=(row.get("hold") or {}).get("reason"),
    )


def facts(lot_id: str) -> LotFacts:
    """For features above, which have opened the producer's door themselves. Raises NotFound."""
    found = Lot.rows({"producer_id": ids.owner_of(lot_id), "_id": lot_id}, limit=1)
    if not found:
        raise NotFound
    return facts_of(found[0])


def lot(actor: Actor, lot_id: str, permission: str = "lot:read") -> LotFacts:
    """The lot, if the actor holds the permission on its producer. Raises NotFound."""
    producers.door(actor, ids.owner_of(lot_id), permission)
    return facts(lot_id)


def lots_of(
    actor: Actor, *, producer_id: str, state: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[LotFacts]:
    """A producer's lots, newest first."""
    producers.door(actor, producer_id, "lot:read")
    where = {"producer_id": producer_id, **({"state": state} if state else {})}
    page = Lot.page(where, cursor=cursor, size=size)
    return Page([facts_of(found.to_mongo()) for found in page.items], page.next_cursor)


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
            created_at=moment,
        )
        for news in batch
    )


def on_harvest_amended(batch: Sequence[farming.HarvestAmended]) -> None:
    """Within the log's own transaction: the lot follows its harvest record, or the amendment is refused whole."""
    for news in batch:
        known, unit = facts(news.root_id), vocab.get("units")[news.unit]
        old_unit = vocab.get("units")[known.unit]
        rules.check_correction(new_base=news.base, certified_base=known.certified_base, unit=unit, old_unit=old_unit)
        change = {"amount": news.amount, "unit": news.unit, "base": news.base, "harvested_on": news.happened_on}
        Lot.update_one({"producer_id": news.producer_id, "_id": news.root_id}, {"$set": change})


def reserve(lot_id: str, base: int) -> None:
    """Take `base` units for a certificate, in the caller's transaction. Raises RuleBroken.

    The filter is the guard: of many at once only as many succeed as the lot has room for.
    """
    known = facts(lot_id)
    room = {
        "producer_id": known.producer_id,
        "_id": lot_id,
        "state": "free",
        "certified_base": {"$lte": known.base - base},
    }
    if not Lot.update_one({**room, "base": known.base}, {"$inc": {"certified_base": base}}):
        if known.held:
            raise RuleBroken("lot_held")
        unit = vocab.get("units")[known.unit]
        raise RuleBroken(
            "quantity_exceeds_lot", field="amount", left=known.left, wanted=rules.shown(base, unit), unit=unit.zh
        )


def release(lot_id: str, base: int) -> None:
    """Give back what a voided certificate had taken, in the caller's transaction."""
    Lot.update_one(
        {"producer_id": ids.owner_of(lot_id), "_id": lot_id, "certified_base": {"$gte": base}},
        {"$inc": {"certified_base": -base}},
    )


def hold(actor: Actor, *, lot_id: str, reason: str, note: str = "") -> LotFacts:
    """Stop a lot: nothing of it is certified until it is released. Holding a held lot replaces the reason."""
    known = lot(actor, lot_id, "lot:hold")
    store.transaction(lambda: stop(actor, known, reason=reason, note=note))
    return facts(lot_id)


def stop(actor: Actor, known: LotFacts, *, reason: str, note: str = "") -> None:
    """The hold itself, for services above that have their own door (a failing test), in the caller's transaction."""
    said = {"reason": reason, "note": note, "by": actor.account_id or actor.name, "at": clock.now().isoformat()}
    _write(known, {"state": "held", "hold": said})
    evidence.append([evidence.Leaf("lot.hold", known.id, known.producer_id, said)])
    accounts.note(actor, "lot.hold", subjects=[known.id], producer_id=known.producer_id)
    producers.tell_people(
        actor,
        known.producer_id,
        "lot_held",
        key=f"hold-{known.id}-{said['at']}",
        subject_id=known.id,
        product=known.product_name,
        day=known.harvested_on.isoformat(),
        reason=("hold_reasons", reason),
    )
    events.publish(LotHeld(known.id, known.producer_id))


def unhold(actor: Actor, *, lot_id: str, note: str) -> LotFacts:
    """Let a held lot go, with a reason. Raises RuleBroken `lot_not_held`."""
    known = lot(actor, lot_id, "lot:hold")
    if not known.held:
        raise RuleBroken("lot_not_held")
    store.transaction(lambda: _unhold(actor, known, note))
    return facts(lot_id)


def _unhold(actor: Actor, known: LotFacts, note: str) -> None:
    said = {"note": note, "by": actor.account_id or actor.name, "at": clock.now().isoformat()}
    _write(known, {"state": "free", "hold": {}})
    evidence.append([evidence.Leaf("lot.release", known.id, known.producer_id, said)])
    accounts.note(actor, "lot.release", subjects=[known.id], producer_id=known.producer_id)
    events.publish(LotReleased(known.id, known.producer_id))


def _write(known: LotFacts, change: Mapping[str, Any]) -> None:
    Lot.update_one({"producer_id": known.producer_id, "_id": known.id}, {"$set": dict(change)})
