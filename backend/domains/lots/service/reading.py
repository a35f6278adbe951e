"""Reading what happened to lots."""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.base import ids
from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.lots.models import LotEvent
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


def recipient(code: str) -> producers.ProducerFacts:
    """Whom a code, which the receiver gave to the sender, stands for; typed as people type. Raises NotFound."""
    return producers.facts(ids.normal_trace_code(code))
