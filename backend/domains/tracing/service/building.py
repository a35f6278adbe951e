"""Builds and rebuilds public traces. A rebuild reads and writes in one transaction and carries a version, so an older
one never wins."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from backend.base import clock, store
from backend.base.errors import Conflict
from backend.domains.tracing import rules
from backend.domains.tracing.models import MAX_BATCHES, PublicTrace
from backend.domains.tracing.service import sources
from backend.domains.tracing.service.finishing import finished

HEAD = ("version", "certificate_id", "producer_id", "lot_id", "batch_ids", "recall", "parts")
CHUNK = 100
TRIES = 5
_listeners: list[Callable[[str], None]] = []


def on_change(listener: Callable[[str], None]) -> None:
    """`listener(code)` runs in this process once a change of that trace is committed (the reader forgets it)."""
    if listener not in _listeners:
        _listeners.append(listener)


def announce(code: str) -> None:
    for listener in _listeners:
        store.after_commit(lambda told=listener: told(code))  # type: ignore[misc]


def build(code: str, *, certificate_id: str, producer_id: str, lot_id: str) -> None:
    """The first version of a trace, in the transaction that issues its certificate."""
    head: dict[str, Any] = {"certificate_id": certificate_id, "producer_id": producer_id, "lot_id": lot_id}
    head |= {"recall": None, "parts": []}
    facts, batch_ids = sources.gather(code, head)
    trace = PublicTrace(
        id=code,
        version=1,
        built_at=clock.now(),
        batch_ids=list(batch_ids)[:MAX_BATCHES],
        crop=facts.goods.crop,
        **head,
        **finished(rules.tell(facts)),
    )
    PublicTrace.insert([trace])
    announce(code)


def rebuild(codes: Iterable[str]) -> int:
    """Tell these traces anew from what is true now; unknown codes are passed over. Returns how many were written."""
    return sum(_rebuild_one(code) for code in codes)


def _rebuild_one(code: str) -> bool:
    for _ in range(TRIES):
        written = store.transaction(lambda: _attempt(code))
        if written is not None:
            return written
    raise Conflict("trace_busy")


def _attempt(code: str) -> bool | None:
    """True when written, False when there is no such trace, None when a newer version came between."""
    rows = PublicTrace.rows({"_id": code}, HEAD, limit=1)
    if not rows:
        return False
    facts, _ = sources.gather(code, rows[0])
    return replace(code, rows[0]["version"], finished(rules.tell(facts))) or None


def replace(code: str, version: int, fields: dict[str, Any]) -> bool:
    """Write the next version if `version` is still the newest."""
    change = {"$set": {**fields, "version": version + 1, "built_at": clock.now()}}
    if not PublicTrace.update_one({"_id": code, "version": version}, change):
        return False
    announce(code)
    return True


def swap(code: str, **parts: Any) -> bool:
    """Put these parts into the stored story and read nothing else anew. False when a rebuild came between."""
    rows = PublicTrace.rows({"_id": code}, ("version", "json"), limit=1)
    if not rows:
        return True
    story = {**json.loads(bytes(rows[0]["json"])), **parts}
    return replace(code, rows[0]["version"], finished(story))


def fresh(code: str) -> dict[str, Any] | None:
    """What a rebuild would store now, without storing it; None for an unknown code."""
    rows = PublicTrace.rows({"_id": code}, HEAD, limit=1)
    return finished(rules.tell(sources.gather(code, rows[0])[0])) if rows else None


def differs(code: str) -> bool:
    """Whether what is stored is not what a rebuild would store."""
    wanted = fresh(code)
    stored = PublicTrace.rows({"_id": code}, tuple(wanted or ()), limit=1)
    return not wanted or not stored or any(stored[0][name] != value for name, value in wanted.items())


def codes_where(**where: Any) -> Iterator[str]:
    """All codes that answer an equality (lot_id, batch_ids or producer_id), read in chunks."""
    last = ""
    while True:
        rows = PublicTrace.rows({**where, "_id": {"$gt": last}}, ("_id",), limit=CHUNK, sort=[("_id", 1)])
        yield from (row["_id"] for row in rows)
        if len(rows) < CHUNK:
            return
        last = rows[-1]["_id"]


def all_codes() -> Iterator[str]:
    """Every trace code, for the maintenance command: walks the states, each an equality."""
    for state in ("valid", "part_recalled", "held", "void", "recalled"):
        yield from codes_where(state=state)
