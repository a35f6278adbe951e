"""What a recall needs of the ledger: marks that count at once, the lots they reach, and writing it on the lots."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backend.base import clock, ids
from backend.base.documents import MAX_FOUND
from backend.base.errors import RuleBroken
from backend.domains.lots.models import Lot, RecallEnd, RecallMark
from backend.domains.lots.service import graph
from backend.domains.lots.service.facts import RECALLED, LotFacts, facts_of, row_of

MAX_MARKS = 10_000
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which a lot was harvested or came to its owner; None is open."""

    since: date | None = None
    until: date | None = None

    @property
    def texts(self) -> tuple[str, str]:
        return (self.since.isoformat() if self.since else "", self.until.isoformat() if self.until else "9999")


@dataclass(frozen=True, slots=True)
class Found:
    """A lot that a recall reaches, `step` links away from where it begins."""

    lot: LotFacts
    step: int


def mark(recall_id: str, keys: Sequence[str], *, reason: str, window: Window) -> None:
    """Order the recall of these things (`lot:…`, `batch:…`, `producer:…`), in the caller's transaction: from its commit
    on nothing that comes of them is certified or moved. Raises RuleBroken `recall_too_wide`."""
    if len(keys) > MAX_MARKS:
        raise RuleBroken("recall_too_wide", most=MAX_MARKS)
    moment = clock.now()
    rows = [
        {"_id": f"{key}~{recall_id}", "key": key, "recall_id": recall_id, "reason": reason, "created_at": moment}
        | ({"since": window.since.isoformat()} if window.since else {})
        | ({"until": window.until.isoformat()} if window.until else {})
        for key in dict.fromkeys(keys)
    ]
    for start in range(0, len(rows), MAX_FOUND):
        RecallMark.insert_rows(rows[start : start + MAX_FOUND])


def marked(recall_id: str) -> list[str]:
    """The keys a recall stands on."""
    return [row["key"] for row in RecallMark.every({"recall_id": recall_id}, ("key",))]


def marks_on(keys: Sequence[str]) -> list[tuple[str, Window]]:
    """(recall, its window) of every mark that binds on these things."""
    day = date.fromisoformat
    rows = RecallMark.rows({"key": {"$in": list(keys)}}, limit=MAX_FOUND)
    taken_back = graph.ended(row["recall_id"] for row in rows)
    return [
        (row["recall_id"], Window(*(day(row[one]) if row.get(one) else None for one in ("since", "until"))))
        for row in rows
        if row["recall_id"] not in taken_back
    ]


def beginnings(keys: Sequence[str], window: Window) -> list[str]:
    """The lots that these things are or gave: a lot itself, a batch's harvests, everything that a producer harvested or
    that came to them."""
    since, until = window.texts
    days = {"born_on": {"$gte": since, "$lte": until}}
    found = [row["_id"] for row in graph.rows_of([_named(key) for key in keys if key.startswith("lot:")], ("born_on",))]
    by_owner: dict[str, list[str]] = {}
    for batch_id in (_named(key) for key in keys if key.startswith("batch:")):
        by_owner.setdefault(ids.owner_of(batch_id), []).append(batch_id)
    for producer_id, batch_ids in by_owner.items():
        where = {"producer_id": producer_id, "batch_ids": {"$in": batch_ids}}
        found += [row["_id"] for row in Lot.every(where, ("born_on", "parents")) if _within(row, since, until)]
    for producer_id in (_named(key) for key in keys if key.startswith("producer:")):
        rows = Lot.every({"producer_id": producer_id, **days}, ("born_on", "born"))
        found += [row["_id"] for row in rows if row.get("born") not in graph.CONVERTED]
    return list(dict.fromkeys(found))


def _named(key: str) -> str:
    return key.partition(":")[2]


def _within(row: Row, since: str, until: str) -> bool:
    return not row.get("parents") and since <= row["born_on"] <= until


def reached(roots: Iterable[str]) -> Iterator[Found]:
    """The roots and everything that came of them, nearest first: a command for each step and each graph.CHUNK of its
    lots, and as many documents read as there are lots and links among them."""
    for step, (wave, _) in enumerate(graph.steps_down(roots)):
        rows = {row["_id"]: row for row in graph.rows_of(wave)}
        yield from (Found(facts_of(rows[lot_id]), step) for lot_id in wave if lot_id in rows)


def write_recall(lot_ids: Sequence[str], *, recall_id: str, reason: str, at: datetime) -> list[str]:
    """Write it on these lots and answer what was made of them so far, in the caller's transaction: whoever moves one of
    them at this moment either is seen here or meets the recall. An earlier recall stays, one that was taken back does
    not."""
    change = {"$set": {"state": RECALLED, "recall": {"recall_id": recall_id, "reason": reason, "at": at}}}
    these = {"_id": {"$in": list(lot_ids)}, "producer_id": {"$in": graph.owners(lot_ids)}}
    written = {row["recall"]["recall_id"] for row in graph.rows_of(lot_ids, ("recall",)) if row.get("recall")}
    for earlier in graph.ended(written):
        Lot.update_many({**these, "recall.recall_id": earlier}, change)
    Lot.update_many({**these, "state": {"$ne": RECALLED}}, change)
    return list(dict.fromkeys(link["child_id"] for link in graph.links_from(lot_ids)))


def end(recall_id: str) -> None:
    """Take the recall back, in the caller's transaction: from its commit on it stops nothing any more. Raises Duplicate
    the second time."""
    RecallEnd.insert([RecallEnd(id=recall_id, created_at=clock.now())])


def recall_over(lot_id: str) -> Mapping[str, Any] | None:
    """The recall that stands over a lot: `recall_id`, `reason`, `at`. Raises NotFound."""
    return graph.recall_over(row_of(lot_id))


def lift(lot_ids: Sequence[str], *, recall_id: str) -> dict[str, Mapping[str, Any]]:
    """Clear these lots of a recall that was taken back, in the caller's transaction: each is free again, or held by who
    held it, or written under another recall that stands over it. Answers those others by lot."""
    rows = graph.rows_of(lot_ids)
    others = {row["_id"]: other for row in rows if (other := graph.recall_over(row))}
    for row in rows:
        if (row.get("recall") or {}).get("recall_id") == recall_id:
            other = others.get(row["_id"])
            state = RECALLED if other else "held" if row.get("hold") else "free"
            where = {"producer_id": row["producer_id"], "_id": row["_id"], "recall.recall_id": recall_id}
            Lot.update_one(where, {"$set": {"state": state, "recall": dict(other or {})}})
    return others


def now(lot_ids: Sequence[str]) -> list[LotFacts]:
    """These lots as they are now, for reports; in no order."""
    return [facts_of(row) for row in graph.rows_of(lot_ids)]
