"""Building the dumps: the worker takes one bounded step after another, and a stop anywhere loses none and repeats none.

Each step reads a chunk and keeps what came of it together with how far it got, under a guard on the dump. A part of a
file is stored under an id that was written down first, so that what a killed worker left is found and taken away.
"""

import gzip
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import structlog

from backend import gateways
from backend.base import clock, store, vocab
from backend.base.documents import Duplicate
from backend.base.errors import Problem
from backend.domains.exchange.models import Dump, DumpCell
from backend.domains.exchange.rules import dumps as rules
from backend.domains.exchange.rules import dumps_text
from backend.domains.exchange.service.dumps_sources import SOURCES, Chunk, Statistic
from backend.gateways import files

log = structlog.get_logger(__name__)
SETS = "open_data_sets"
KEPT = 12  # of each data set: a year of months, a quarter of weeks
TURN = 40  # steps of one turn of the worker
SWEPT = 500
DONE, LEAVING = "done", "leaving"
# By then what is dated before a dump's day is committed: no transaction is tried for as long, no clock is as wrong.
SETTLED = timedelta(minutes=5)


def build_dumps(names: Sequence[str] | None = None) -> int:
    """A turn of the worker: begin what is due, go on with what is open, let go of what is too old. Returns how many
    steps it took. `names`: only these data sets."""
    for dataset in names or vocab.get(SETS).codes:
        _begin(dataset)
        _let_go(dataset)
    open_ones = [row for row in Dump.rows({"open": True}, limit=50) if names is None or row["dataset"] in names]
    return sum(_go_on(row) for row in open_ones)


def due(dataset: str, today: date) -> date:
    """The day the newest dump should be of: the first of the month, or Monday."""
    if vocab.get(SETS)[dataset]["every"] == "month":
        return today.replace(day=1)
    return today - timedelta(days=today.weekday())


def _begin(dataset: str) -> None:
    day, term = due(dataset, clock.civil_date(clock.now() - SETTLED)), vocab.get(SETS)[dataset]
    if Dump.rows({"dataset": dataset, "_id": f"{dataset}~{day}"}, ("_id",), limit=1):
        return
    first = Dump(
        id=f"{dataset}~{day}",
        dataset=dataset,
        day=day.isoformat(),
        until=datetime.combine(day, time(), clock.CHINA),
        state="tallying" if isinstance(SOURCES[dataset], Statistic) else "writing",
        open=True,
        columns=[dict(column) for column in term["columns"]],
        licence=term["licence"],
        created_at=clock.now(),
    )
    try:
        Dump.insert([first])
    except Duplicate:  # another worker was quicker
        return


def _go_on(row: dict[str, Any]) -> int:
    """As many steps as fit in a turn. One data set that cannot go on now holds up no other."""
    steps, current = 0, row
    try:
        while steps < TURN and current["open"] and _step(current):
            steps += 1
            current = Dump.rows({"dataset": row["dataset"], "_id": row["_id"]}, limit=1)[0]
    except Problem as problem:
        log.warning("dump.waits", dump=row["_id"], reason=problem.reason)
    return steps


def _step(row: Mapping[str, Any]) -> bool:
    """False when another worker was quicker, whose step counts."""
    if row["state"] == "tallying":
        return _tally(row)
    if row["state"] == "writing":
        return _write(row)
    return _sweep(row)


def _move(row: Mapping[str, Any], change: Mapping[str, Any], *, pushed: Sequence[Any] = (), **grown: int) -> bool:
    """The guarded update of a step: it counts only from where it was read."""
    update: dict[str, Any] = {"$set": dict(change), "$inc": {"step": 1, **grown}}
    if pushed:
        update["$push"] = {"parts": {"$each": list(pushed)}}
    return Dump.update_one({"dataset": row["dataset"], "_id": row["_id"], "step": row["step"]}, update)


def _tally(row: Mapping[str, Any]) -> bool:
    source = SOURCES[row["dataset"]]
    chunk = source.chunk(row["after"], row["until"])
    change = {"after": chunk.after} if chunk.after is not None else {"state": "writing", "after": ""}

    def keep() -> bool:
        if not _move(row, change, seen=len(chunk.found)):
            return False
        _add(row["_id"], rules.joined(chunk.found))
        return True

    return store.transaction(keep)


def _add(dump_id: str, cells: Sequence[rules.Cell]) -> None:
    """Join what this chunk counted with what was counted before."""
    named = {"~".join((dump_id, cell.month, cell.place, *cell.items)): cell for cell in cells}
    there = DumpCell.rows({"dump_id": dump_id, "_id": {"$in": list(named)}}, limit=len(named)) if named else []
    before = {row["_id"]: _as_cell(row) for row in there}
    changes: list[tuple[dict[str, str], dict[str, Any]]] = []
    for key, cell in named.items():
        (sum_,) = rules.joined([before[key], cell]) if key in before else (cell,)
        said: dict[str, Any] = {"month": cell.month, "place": cell.place, "items": list(cell.items)}
        said |= {"counts": dict(sum_.counts), "who": sorted(sum_.who)}
        changes.append(({"_id": key, "dump_id": dump_id}, {"$set": said}))
    DumpCell.upsert_many(changes)


def _as_cell(row: Mapping[str, Any]) -> rules.Cell:
    return rules.Cell(row["month"], row["place"], tuple(row["items"]), row["counts"], frozenset(row["who"]))


def _month(row: Mapping[str, Any], source: Statistic) -> Chunk:
    """The rows of the next month that has any numbers; only whole months leave."""
    months = {"$gt": row["after"], "$lt": clock.civil_date(row["until"]).isoformat()[:7]}
    where = {"dump_id": row["_id"], "month": months}
    first = DumpCell.rows(where, ("month",), sort=[("month", 1)], limit=1)
    if not first:
        return Chunk([], None)
    month = first[0]["month"]
    cells = [_as_cell(one) for one in DumpCell.every({"dump_id": row["_id"], "month": month})]
    fit = rules.publishable(cells, total=source.total, telling=source.telling)
    return Chunk([source.row(cell) for cell in fit], month)


def _write(row: Mapping[str, Any]) -> bool:
    """One chunk of rows becomes one part of each file."""
    _forget(row["pending"])  # what a killed worker stored and nobody names
    source = SOURCES[row["dataset"]]
    chunk = _month(row, source) if isinstance(source, Statistic) else source.chunk(row["after"], row["until"])
    made = {form: _part(row, form, chunk.found) for form in dumps_text.FORMS}
    made = {form: data for form, data in made.items() if data}
    named = {form: files.new_id(public=False) for form in made}
    if not _move(row, {"pending": list(named.values())}):
        return False
    for form, data in made.items():
        gateways.current().files.keep_bytes(named[form], gzip.compress(data, 9, mtime=0))
    parts = [{"form": form, "file_id": file_id} for form, file_id in named.items()]
    now = {**row, "step": row["step"] + 1}
    if chunk.after is not None:
        return _move(now, {"pending": [], "after": chunk.after}, pushed=parts, written=len(chunk.found))
    finished = {"state": "sweeping", "pending": [], "files": _finished([*row["parts"], *parts])}
    return _move(now, finished, pushed=parts, written=len(chunk.found))


def _part(row: Mapping[str, Any], form: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    columns = [column["name"] for column in row["columns"]]
    first = not any(part["form"] == form for part in row["parts"])
    return (dumps_text.head(form, columns) if first else b"") + dumps_text.body(form, columns, rows)


def _finished(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Size and hash of each whole file, read part by part."""
    found = {}
    for form in dumps_text.FORMS:
        digest, size, packed = hashlib.sha256(), 0, 0
        for data in packed_parts(parts, form):
            plain = gzip.decompress(data)
            digest.update(plain)
            size, packed = size + len(plain), packed + len(data)
        found[form] = {"size": size, "packed": packed, "sha256": digest.hexdigest()}
    return found


def packed_parts(parts: Sequence[Mapping[str, Any]], form: str) -> Iterator[bytes]:
    """The gzip members of a file, in order."""
    kept = gateways.current().files
    return (kept.read(part["file_id"]).data for part in parts if part["form"] == form)


def _sweep(row: Mapping[str, Any]) -> bool:
    """Take away the numbers in the making; then it is done, and never changes again."""
    left = [one["_id"] for one in DumpCell.rows({"dump_id": row["_id"]}, ("_id",), limit=SWEPT)]
    if left:
        DumpCell.delete_many({"dump_id": row["_id"], "_id": {"$in": left}})
        return _move(row, {})
    return _move(row, {"state": DONE, "open": False, "finished_at": clock.now()})


def _let_go(dataset: str) -> None:
    """All but the newest KEPT that are done: first hidden, then their files, then the dump itself."""
    done = Dump.rows({"dataset": dataset, "state": DONE}, ("day",), sort=[("day", -1)], limit=KEPT + 20)
    for old in done[KEPT:]:
        Dump.update_one({"dataset": dataset, "_id": old["_id"], "state": DONE}, {"$set": {"state": LEAVING}})
    for row in Dump.rows({"dataset": dataset, "state": LEAVING}, limit=20):
        _forget([part["file_id"] for part in row["parts"]])
        Dump.delete_many({"dataset": dataset, "_id": row["_id"]})


def _forget(file_ids: Sequence[str]) -> None:
    for file_id in file_ids:
        gateways.current().files.delete(file_id)
