"""A farmer's home page in one answer: every open batch with its window and what was done on it last."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backend.base import clock, ids
from backend.base.actor import Actor
from backend.domains.evidence import service as evidence
from backend.domains.farming import rules
from backend.domains.farming.models import ProductionBatch
from backend.domains.farming.service.facts import BatchFacts, facts_of
from backend.domains.farming.service.reading import (
    GATE_FIELDS,
    REGISTERED,
    as_gate_record,
    registrations,
    rows_of,
)
from backend.domains.farming.service.seasons import Ground, neighbours
from backend.domains.farming.service.windows import describe_window, windows
from backend.domains.inputs import service as inputs
from backend.domains.producers import service as producers

MOST_BATCHES = 50
NEWEST = 10
SHOWN = (*GATE_FIELDS, "amend_reason", "worker", "device_time", "late_days")


@dataclass(frozen=True, slots=True)
class BatchNow:
    """`records`: rows of the newest current versions, the newest deed first; `last_record_on` an ISO day or None."""

    batch: BatchFacts
    window: dict[str, Any]
    last_record_on: date | None
    records: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Overview:
    """`more`: there are open batches beyond these."""

    items: Sequence[BatchNow]
    more: bool
    server_time: datetime
    rulebook_version: str


def overview(actor: Actor, *, producer_id: str) -> Overview:
    """The producer's open batches, newest first, at most MOST_BATCHES. The number of database commands does not grow
    with them. Raises NotFound."""
    producers.door(actor, producer_id, "farming:read")
    page = ProductionBatch.page({"producer_id": producer_id, "state": "open"}, size=MOST_BATCHES)
    batches = [facts_of(found.to_mongo()) for found in page.items]
    known = {one.id: one for one in batches}
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    seen: list[rules.GateRecord] = []
    for row in rows_of(producer_id, [one.id for one in batches], SHOWN):
        rows[row["batch_id"]].append(row)
        seen.append(as_gate_record(row, known[row["batch_id"]]))
    land = Ground(tuple(batches), tuple(seen), neighbours(batches))
    book = inputs.rulebook(registrations(land.records))
    found = windows(batches, {one.id: land.log(one.id) for one in batches}, book)
    items = [_now(one, rows[one.id], found[one.id], book.version) for one in batches]
    _tell_seals(items)
    return Overview(items, page.next_cursor is not None, clock.now(), book.version)


def _tell_seals(items: Sequence[BatchNow]) -> None:
    shown = [row for one in items for row in one.records]
    seals = evidence.sealed_at([row["id"] for row in shown], REGISTERED)
    for row in shown:
        row["sealed_at"] = seals.get(row["id"])


def _now(batch: BatchFacts, rows: Sequence[dict[str, Any]], window: rules.Window, version: str) -> BatchNow:
    newest: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["version"]):
        newest[row["root_id"]] = row
    deeds = sorted(newest.values(), key=lambda row: (row["happened_on"], row["created_at"], row["_id"]), reverse=True)
    last = date.fromisoformat(deeds[0]["happened_on"]) if deeds else None
    return BatchNow(batch, describe_window(batch.id, window, version), last, [_shown(row) for row in deeds[:NEWEST]])


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A stored row leaves out what is empty; the answer names it."""
    return dict.fromkeys(SHOWN) | row | {"id": row["_id"], "client_id": ids.client_part(row["_id"])}
