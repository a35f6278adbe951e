"""Holding: a supervisor or a failing test stops a lot, and a supervisor lets it go."""

from collections.abc import Mapping
from typing import Any

from backend.base import clock, events, store
from backend.base.actor import Actor
from backend.base.errors import RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.lots.models import Lot
from backend.domains.lots.service.facts import RECALLED, LotFacts, facts, lot
from backend.domains.lots.service.news import LotHeld, LotReleased
from backend.domains.producers import service as producers


def hold(actor: Actor, *, lot_id: str, reason: str, note: str = "") -> LotFacts:
    """Stop a lot: nothing of it is certified until it is released. Holding a held lot replaces the reason."""
    known = lot(actor, lot_id, "lot:hold")
    store.transaction(lambda: stop(actor, known, reason=reason, note=note))
    return facts(lot_id)


def stop(actor: Actor, known: LotFacts, *, reason: str, note: str = "") -> None:
    """The hold itself, for services above that have their own door (a failing test), in the caller's transaction."""
    said = {"reason": reason, "note": note, "by": actor.account_id or actor.name, "at": clock.now().isoformat()}
    _write(known, {"hold": said, **_state(known, "held")})
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
    if not known.stopped:
        raise RuleBroken("lot_not_held")
    store.transaction(lambda: _unhold(actor, known, note))
    return facts(lot_id)


def _unhold(actor: Actor, known: LotFacts, note: str) -> None:
    said = {"note": note, "by": actor.account_id or actor.name, "at": clock.now().isoformat()}
    _write(known, {"hold": {}, **_state(known, "free")})
    evidence.append([evidence.Leaf("lot.release", known.id, known.producer_id, said)])
    accounts.note(actor, "lot.release", subjects=[known.id], producer_id=known.producer_id)
    events.publish(LotReleased(known.id, known.producer_id))


def _state(known: LotFacts, state: str) -> Mapping[str, str]:
    """The word for lists; a recall that is written on the lot goes before, one that is ordered overwrites it."""
    return {} if known.written == RECALLED else {"state": state}


def _write(known: LotFacts, change: Mapping[str, Any]) -> None:
    Lot.update_one({"producer_id": known.producer_id, "_id": known.id}, {"$set": dict(change)})
