"""What stands beside the signed checkpoints to be read without them: their own copies of what the tree says, and the
bulletin of days. Pages, witnesses and timestamps go by these, so each must be what the checkpoints come to."""

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.audit import notes
from scripts.audit.findings import Report
from scripts.audit.reading import Seen
from scripts.audit.timestamps import CHINA


def check(seen: Seen, kids: Mapping[bytes, str], report: Report, *, whole: bool) -> None:
    """`kids` are the names of the log's keys; `whole`: every document is there, and not only what a page shows."""
    last, size = 0, 0
    for number, note in seen.checkpoints:
        copy = seen.copies.get(number, {})
        before = size if number == last + 1 else None
        told = {name: value for name, value in _told(seen, number, note, before, kids) if name in copy}
        wrong = [name for name, value in told.items() if copy[name] != value]
        if wrong:
            report.find("checkpoint_changed", f"checkpoint {number}", f"its own copy of {', '.join(wrong)} differs")
        last, size = number, note.size
    _days(seen, report, whole=whole)


def _told(
    seen: Seen, number: int, note: notes.Note, before: int | None, kids: Mapping[bytes, str]
) -> Iterator[tuple[str, Any]]:
    """`before`: the size of the checkpoint before; None when that one is missing."""
    yield "_id", f"{number:012d}"
    yield "day", day_of(note)
    if seen.roots.get(note.size) == note.root:
        yield "peaks", seen.peaks[note.size]
    if before is not None:
        yield "leaves", note.size - before
        rows = [seen.placed.get(place, {}) for place in range(before, note.size)]
        if all("created_at" in row for row in rows):  # from outside no leaf tells by what it was made
            yield "migrated", sum(row.get("origin") is not None for row in rows)
    if (signer := notes.signed_by(note, list(kids))) is not None:
        yield "key_id", kids[signer]


def day_of(note: notes.Note) -> str:
    return note.at.astimezone(CHINA).date().isoformat()


def _days(seen: Seen, report: Report, *, whole: bool) -> None:
    wanted: dict[str, dict[str, Any]] = {}
    size = 0
    for number, note in seen.checkpoints:
        day = wanted.setdefault(day_of(note), {"leaves": 0, "year": day_of(note)[:4], "created_at": note.at})
        day |= {"number": number, "leaves": day["leaves"] + note.size - size}
        size = note.size
    since = {number for number, _ in seen.since}
    for row in seen.days:
        report.count("days")
        told = wanted.pop(row["_id"], {})
        if row["number"] in since:
            continue  # it tells of what came while the rest was read
        wrong = [f"{name} {row[name]}, by the checkpoints {value}" for name, value in told.items()
                 if name in row and row[name] != value]  # fmt: skip
        if wrong or not told:
            said = "; ".join(wrong) or "nothing was sealed on that day"
            report.find("bulletin_differs", f"day {row['_id']}", said)
    for day in wanted if whole else ():
        report.find("bulletin_differs", f"day {day}", "it is not in the bulletin")
