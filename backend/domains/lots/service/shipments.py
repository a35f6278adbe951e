"""A shipment as both sides see it, and the moves of its state that both may make."""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.base import clock, ids, store, vocab
from backend.base.actor import Actor
from backend.base.documents import Page
from backend.base.errors import Conflict, NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.lots import rules
from backend.domains.lots.models import LotEvent
from backend.domains.lots.service import journal
from backend.domains.lots.service.facts import facts_of, row_of
from backend.domains.lots.service.ledger import write
from backend.domains.producers import service as producers

Row = Mapping[str, Any]


def name_of(producer_id: str) -> str:
    return producers.facts(producer_id).public_name


def shipment(actor: Actor, shipment_id: str) -> dict[str, Any]:
    """A shipment, for either side and those who supervise one. Raises NotFound."""
    row = journal.found(shipment_id)
    if row is None or not row.get("to_producer_id"):
        raise NotFound
    try:
        producers.door(actor, row["producer_id"], "lot:read")
    except NotFound:
        producers.door(actor, row["to_producer_id"], "lot:read")
    return _named(actor, [row])[0]


def shipments(
    actor: Actor, *, producer_id: str, direction: str, state: str, cursor: str | None = None, size: int = 50
) -> Page[dict[str, Any]]:
    """What is in this state on its way to the producer (`in`) or from it (`out`), newest first. Raises NotFound."""
    producers.door(actor, producer_id, "lot:read")
    side = "to_producer_id" if direction == "in" else "producer_id"
    page = LotEvent.page({side: producer_id, "state": state}, cursor=cursor, size=size)
    return Page(_named(actor, [found.to_mongo().to_dict() for found in page.items]), page.next_cursor)


def _named(actor: Actor, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """With the sender's public name: `partner` is what the sender calls the receiver."""
    known = producers.visible(actor, sorted({row["producer_id"] for row in rows}), "lot:read")
    return [{**row, "sender": known[row["producer_id"]].public_name} for row in rows]


def undo(actor: Actor, shipment_id: str, state: str, note: str) -> dict[str, Any]:
    """Give the sender back what was not confirmed: `refused` by the receiver, or `cancelled` by the sender."""

    def body() -> None:
        sent = journal.found(shipment_id)
        if sent is None or not sent.get("to_producer_id"):
            raise NotFound
        if sent["state"] == state:  # the same request again
            return
        move(actor, shipment_id, "sent", state, {"note": note})
        for line in sent["takes"]:
            known = facts_of(row_of(line["lot_id"]))
            if not write(known, rules.brought_back(known.balance, journal.taken_by(line))):
                raise Conflict("lot_busy")
        refused = state == "refused"
        told, other = (sent["producer_id"], sent["to_producer_id"])[:: 1 if refused else -1]
        tell(actor, told, shipment_id, state, name_of(other))

    store.transaction(body)
    return journal.found(shipment_id) or {}


def move(actor: Actor, shipment_id: str, before: str, state: str, answer: Row) -> None:
    """The shipment's next state with what was said, in the caller's transaction; the guard is the state before."""
    producer_id = ids.owner_of(shipment_id)
    said = {**answer, "by": actor.account_id or actor.name, "at": clock.now().isoformat()}
    where = {"producer_id": producer_id, "_id": shipment_id, "state": before}
    if not LotEvent.update_one(where, {"$set": {"state": state, "answer": said}}):
        found = journal.found(shipment_id)
        known = vocab.get("lot_event_states")
        raise RuleBroken("shipment_not_open", state=known[found["state"]] if found else state)
    evidence.append([evidence.Leaf("lot.shipment", shipment_id, producer_id, {"state": state, **said})])
    accounts.note(actor, f"lot.shipment_{state}", subjects=[shipment_id], producer_id=producer_id)


def tell(actor: Actor, producer_id: str | None, shipment_id: str, state: str, name: str) -> None:
    if producer_id:
        kind = "shipment_sent" if state == "sent" else "shipment_answered"
        said = {"partner": name, "state": ("lot_event_states", state)}
        producers.tell_people(actor, producer_id, kind, key=f"{shipment_id}-{state}", subject_id=shipment_id, **said)
