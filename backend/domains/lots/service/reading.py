"""Reading what happened to lots."""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.base import ids
from backend.base.actor import Actor
from backend.base.documents import Page
from backend.base.errors import NotFound
from backend.domains.lots.models import LotEvent
from backend.domains.lots.service import journal
from backend.domains.lots.service.graph import CHUNK, chunks, owners
from backend.domains.producers import service as producers

Row = Mapping[str, Any]


def events_of(
    actor: Actor, *, producer_id: str, lot_id: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[dict[str, Any]]:
    """What a producer did with its lots, or with one of them, newest entry first. Raises NotFound."""
    producers.door(actor, producer_id, "lot:read")
    where = {"producer_id": producer_id, **({"lot_ids": lot_id} if lot_id else {})}
    page = LotEvent.page(where, cursor=cursor, size=size)
    return Page([found.to_mongo().to_dict() for found in page.items], page.next_cursor)


def events_on(lot_ids: Sequence[str]) -> list[dict[str, Any]]:
    """What their own producers did with these lots, each once. For features above, which opened their doors; one
    command a CHUNK of lots."""
    found: dict[str, dict[str, Any]] = {}
    for chunk in chunks(lot_ids, CHUNK):
        where = {"producer_id": {"$in": owners(chunk)}, "lot_ids": {"$in": chunk}}
        found |= {row["_id"]: row for row in LotEvent.every(where)}
    return list(found.values())


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


def recipient(code: str) -> producers.ProducerFacts:
    """Whom a code, which the receiver gave to the sender, stands for; typed as people type. Raises NotFound."""
    return producers.facts(ids.normal_trace_code(code))
