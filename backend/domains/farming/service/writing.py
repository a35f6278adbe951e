"""Writing the log: one way for a single record and for what a phone kept for three weeks.

The batch's ids are looked up in one query, what is new is inserted with its leaves and audit in one transaction, and
when another request won a race the whole is repeated. The number of database commands does not grow with the items.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.base import clock, events, ids
from backend.base.actor import Actor
from backend.base.documents import settled
from backend.base.errors import NotFound, Problem, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.farming.models import FarmingRecord
from backend.domains.farming.service import drafts, harvests, shelf
from backend.domains.farming.service.drafts import Desk, Draft
from backend.domains.farming.service.news import HarvestAmended, HarvestRecorded, RecordsChanged
from backend.domains.farming.service.seasons import Ground, open_beside
from backend.domains.farming.service.windows import describe_window, windows
from backend.domains.producers import service as producers

WARN_CLOCK_SECONDS = 600


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of one item. `problem` tells why it was rejected, `differs` that the stored one is another."""

    client_id: str
    outcome: str  # created | duplicate | rejected
    id: str | None = None
    version: int | None = None
    problem: Problem | None = None
    differs: bool = False
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncResult:
    items: tuple[ItemResult, ...]
    batches: tuple[dict[str, Any], ...]
    server_time: datetime
    clock_skew_seconds: int | None = None
    warnings: tuple[Problem, ...] = field(default=())


def record(actor: Actor, **item: Any) -> tuple[ItemResult, dict[str, Any]]:
    """One record; returns what became of it and the batch's window. Raises the problem that refuses it."""
    result = sync(actor, items=[item])
    (one,) = result.items
    if one.problem is not None:
        raise one.problem
    return one, result.batches[0]


def amend(actor: Actor, *, record_id: str, **item: Any) -> tuple[ItemResult, dict[str, Any]]:
    """A further version of a record; the old one stays. Raises NotFound, RuleBroken."""
    return record(actor, amends=record_id, **item)


def sync(actor: Actor, *, items: Sequence[Mapping[str, Any] | Problem], sent_at: datetime | None = None) -> SyncResult:
    """Write what a phone kept, in any order, with duplicates. An item may be a Problem already: its shape was wrong.

    Never fails for one item: each answers for itself. At most `sync_max_items`, which the edge checks.
    """
    by_producer: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    results: dict[int, ItemResult] = {}
    for place, item in enumerate(items):
        try:
            if isinstance(item, Problem):
                raise item
            by_producer.setdefault(_producer_of(item), []).append((place, item))
        except Problem as problem:
            results[place] = _rejected(item, problem)
    batches: list[dict[str, Any]] = []
    for producer_id, mine in by_producer.items():
        outcome, windows = _write_for(actor, producer_id, mine)
        results.update(outcome)
        batches.extend(windows)
    moment = clock.now()
    skew = int((sent_at - moment).total_seconds()) if sent_at else None
    ordered = tuple(results[place] for place in range(len(items)))
    return SyncResult(ordered, tuple(batches), moment, skew, _clock_warning(skew))


def _clock_warning(skew: int | None) -> tuple[Problem, ...]:
    if skew is None or abs(skew) < WARN_CLOCK_SECONDS:
        return ()
    return (RuleBroken("warn_clock", minutes=abs(skew) // 60),)


def _producer_of(item: Mapping[str, Any]) -> str:
    try:
        return ids.owner_of(item["batch_id"])
    except NotFound as error:
        raise NotFound("batch_unknown", field="batch_id") from error


def _rejected(item: Mapping[str, Any] | Problem, problem: Problem) -> ItemResult:
    client_id = (
        str(problem.params.get("client_id", "")) if isinstance(item, Problem) else str(item.get("client_id", ""))
    )
    return ItemResult(client_id, "rejected", problem=problem)


Placed = Sequence[tuple[int, Mapping[str, Any]]]
Written = tuple[dict[int, ItemResult], list[dict[str, Any]]]


def _write_for(actor: Actor, producer_id: str, items: Placed) -> Written:
    try:
        producers.door(actor, producer_id, "farming:write")
    except NotFound:  # a stranger's batch and no batch at all look alike
        return {place: _rejected(item, NotFound("batch_unknown", field="batch_id")) for place, item in items}, []
    return settled(lambda: _write(actor, producer_id, items))


def _write(actor: Actor, producer_id: str, items: Placed) -> Written:
    desk = drafts.open_desk(producer_id, [item for _, item in items])
    results: dict[int, ItemResult] = {}
    kept: list[Draft] = []
    for place, item in sorted(items, key=lambda one: one[1].get("amends") is not None):  # originals before amendments
        try:
            results[place] = _decide(actor, desk, item, kept)
        except Problem as problem:
            results[place] = _rejected(item, problem)
    _keep(actor, desk, kept)
    windows = _windows(desk)
    used = _used(desk)
    touched = {one.row["batch_id"] for one in kept if one.row["root_id"] in used}
    harvests.keep_days(producer_id, windows, touched, open_beside(touched, [*desk.batches.values()], desk.others))
    return results, windows


def _used(desk: Desk) -> set[str]:
    """The records of which any version uses something: the others say nothing about the harvest."""
    return {row["root_id"] for row in desk.rows if row.get("inputs")}


def _decide(actor: Actor, desk: Desk, item: Mapping[str, Any], kept: list[Draft]) -> ItemResult:
    record_id = ids.owned(desk.producer_id, item["client_id"])
    if there := desk.known.get(record_id):
        same = there["digest"] == drafts.digest(item)
        return ItemResult(item["client_id"], "duplicate", record_id, there["version"], differs=not same)
    draft = drafts.write(actor, desk, record_id, item)
    kept.append(draft)
    desk.add(draft)
    return ItemResult(item["client_id"], "created", record_id, draft.record.version, warnings=draft.warnings)


def _keep(actor: Actor, desk: Desk, kept: Sequence[Draft]) -> None:
    if not kept:
        return
    producer_id, rows = desk.producer_id, [draft.row for draft in kept]
    FarmingRecord.insert_rows(rows)
    shelf.book(desk, kept)
    evidence.append([_leaf(row) for row in rows])
    accounts.note(actor, "farming.record", subjects=[row["_id"] for row in rows], producer_id=producer_id)
    harvests = [_harvest(draft) for draft in kept if draft.yields]
    changed = [RecordsChanged(batch_id, producer_id) for batch_id in dict.fromkeys(row["batch_id"] for row in rows)]
    events.publish(*harvests, *changed)


def _leaf(row: Mapping[str, Any]) -> evidence.Leaf:
    kind = "farming.record" if row["version"] == 1 else "farming.amendment"
    return evidence.Leaf(kind, row["_id"], row["producer_id"], row)


def _harvest(draft: Draft) -> HarvestRecorded:
    one, batch = draft.record, draft.batch
    said = {
        "record_id": one.id,
        "root_id": one.root_id,
        "batch_id": one.batch_id,
        "producer_id": one.producer_id,
        "crop": batch.crop,
        "product_name": batch.product_name,
        "variety": batch.variety,
        "gtin": batch.gtin,
        "amount": one.amount,
        "unit": one.unit,
        "base": one.base,
        "happened_on": one.happened_on,
    }
    return HarvestRecorded(**said) if one.version == 1 else HarvestAmended(**said, version=one.version)


def _windows(desk: Desk) -> list[dict[str, Any]]:
    """Every batch of the request with its window as the log stands now: what never used anything says nothing, but of
    a closed batch when it ended."""
    roots = _used(desk)
    own = [
        desk.seen(row, desk.batches[row["batch_id"]])
        for row in desk.rows
        if row["root_id"] in roots or desk.batches[row["batch_id"]].state != "open"
    ]
    land = Ground(tuple(desk.batches.values()), tuple(own), desk.others)
    found = windows(land.batches, {one.id: land.log(one.id) for one in land.batches}, desk.rulebook)
    return [describe_window(batch_id, found[batch_id], desk.rulebook.version) for batch_id in desk.batches]
