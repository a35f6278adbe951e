"""The sealer: takes pending leaves in order, grows the tree, signs the new state, and writes all of it at once.

Leaves, tiles, checkpoint, day and log go in one transaction under a guard on the log, so a sealer that dies anywhere
leaves either all of a seal or nothing, and of two that run by mistake the slower one writes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from prometheus_client import Gauge
from pymongo import UpdateOne

from backend.base import clock, store
from backend.base.documents import Duplicate
from backend.domains.evidence.models import BulletinDay, EvidenceCheckpoint, EvidenceLeaf, EvidenceLog, EvidenceTile
from backend.domains.evidence.rules import notes, tree
from backend.domains.evidence.service import names

log = structlog.get_logger(__name__)
LOG = "log"
BATCH = 500  # leaves of one checkpoint: one transaction of bounded length
TURN = 10  # checkpoints of one turn of the worker
LAG = Gauge("evidence_unsealed_seconds", "Age of the oldest leaf that waits for its seal")


class Overtaken(Exception):  # noqa: N818 - no error: another sealer was quicker, and its seal stands
    """The log is not as it was read."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What one transaction writes."""

    head: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    tiles: Mapping[tree.Tile, bytes]
    checkpoint: EvidenceCheckpoint


def seal() -> int:
    """Seal what waits, oldest first; called by the worker under its lease. Returns how many leaves."""
    done = 0
    for _ in range(TURN):
        sealed = seal_once()
        done += sealed
        if sealed < BATCH:
            break
    LAG.set((waiting() or timedelta(0)).total_seconds())
    return done


def seal_once(limit: int = BATCH) -> int:
    """One checkpoint over the oldest pending leaves; 0 when there are none, or another sealer was quicker."""
    head = log_head()
    # In the index's own order: with `_id` in the sort a server would sort all that waits, at every seal.
    rows = EvidenceLeaf.rows({"pending": True}, sort=[("created_at", 1)], limit=limit)
    if not rows:
        return 0
    made = _prepared(head, sorted(rows, key=lambda row: (row["created_at"], row["_id"])))
    try:
        store.transaction(lambda: _write(made))
    except (Overtaken, Duplicate):
        log.warning("seal.overtaken", number=made.checkpoint.number)
        return 0
    return len(rows)


def log_head() -> dict[str, Any]:
    """The newest state; made when the register is sealed for the first time. Its name is settled then, for ever."""
    rows = EvidenceLog.rows({"_id": LOG}, limit=1)
    if rows:
        return rows[0]
    first = EvidenceLog(id=LOG, origin=names.origin(), number=0, size=0)
    try:
        EvidenceLog.insert([first])
    except Duplicate:
        return EvidenceLog.rows({"_id": LOG}, limit=1)[0]
    return first.checked()


def stored_tile(level: int, number: int) -> bytes:
    """The hashes of a tile; empty for one that is not there."""
    rows = EvidenceTile.rows({"_id": f"{level}/{number}"}, limit=1)
    return bytes(rows[0]["hashes"]) if rows else b""


def _prepared(head: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Seal:
    held: dict[tree.Tile, bytes] = {}

    def read(level: int, number: int) -> bytes:
        held.setdefault((level, number), stored_tile(level, number))
        return held[level, number]

    size, tiles = tree.grow(head["size"], (row["hash"] for row in rows), read)
    held.update(tiles)
    peaks = tree.peaks_at(size, tree.Nodes(read))
    return Seal(head, rows, tiles, _checkpoint(head, rows, size, peaks))


def _checkpoint(
    head: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], size: int, peaks: Sequence[bytes]
) -> EvidenceCheckpoint:
    moment = max(clock.now(), head.get("sealed_at") or clock.now())  # time never runs back in the log
    root = tree.root_of(peaks)
    said = notes.Checkpoint(head["origin"], size, root, moment, head.get("text_hash"))
    line, kid = names.signed(head["origin"], said.text)
    number = head["number"] + 1
    return EvidenceCheckpoint(
        id=checkpoint_id(number),
        number=number,
        size=size,
        root=root,
        peaks=list(peaks),
        text=said.text,
        signature=line,
        key_id=kid,
        leaves=len(rows),
        migrated=sum(row.get("origin") is not None for row in rows),
        day=clock.civil_date(moment).isoformat(),
        created_at=moment,
    )


def checkpoint_id(number: int) -> str:
    return f"{number:012d}"


def _write(made: Seal) -> None:
    now = made.checkpoint
    change = {
        "number": now.number,
        "size": now.size,
        "text_hash": notes.text_hash(now.text),
        "sealed_at": now.created_at,
    }
    guard = {"_id": LOG, "number": made.head["number"], "size": made.head["size"]}
    if not EvidenceLog.update_one(guard, {"$set": change}):
        raise Overtaken
    _place(made)
    EvidenceTile.upsert_many(
        [({"_id": f"{level}/{number}"}, {"$set": {"hashes": held}}) for (level, number), held in made.tiles.items()]
    )
    EvidenceCheckpoint.insert([now])
    _tell_day(now)


def _place(made: Seal) -> None:
    """Each leaf gets its place, if it still waits as it was read."""
    moment, first = made.checkpoint.created_at, made.head["size"]
    writes = [
        UpdateOne(
            {"_id": row["_id"], "subject_id": row["subject_id"], "pending": True, "hash": row["hash"]},
            {"$set": {"position": first + at, "sealed_at": moment}, "$unset": {"pending": ""}},
        )
        for at, row in enumerate(made.rows)
    ]
    if EvidenceLeaf.write_many(writes) != len(writes):
        raise Overtaken


def _tell_day(now: EvidenceCheckpoint) -> None:
    first = {"year": now.day[:4], "created_at": now.created_at}
    change = {"$set": {"number": now.number}, "$inc": {"leaves": now.leaves}, "$setOnInsert": first}
    BulletinDay.update_one({"_id": now.day}, change, upsert=True)


def waiting() -> timedelta | None:
    """How long the oldest unsealed leaf has waited; None when nothing waits."""
    rows = EvidenceLeaf.rows({"pending": True}, ("created_at",), sort=[("created_at", 1)], limit=1)
    oldest: datetime | None = rows[0]["created_at"] if rows else None
    return None if oldest is None else clock.now() - oldest
