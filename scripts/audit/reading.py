"""The register as it is read from a source: checkpoints, leaves in their places, tiles, days, and whose keys count."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.audit import hashing, notes
from scripts.audit.findings import Report
from scripts.audit.keys import Key, listed
from scripts.audit.sources import Source

ALLOWANCE = datetime.timedelta(minutes=10)  # clocks of several servers, and transactions under way while sealing
COPIED = ("_id", "leaves", "migrated", "day", "key_id")  # what a checkpoint says beside its signed text
Row = Mapping[str, Any]


@dataclass
class Seen:
    """The register as it was read: leaves by place, notes by number, and the root at every checkpoint's size.

    A platform goes on while it is audited: `since` are the checkpoints that came while the rest was read. What they
    sealed is not of this audit; it waits for the next one.
    """

    placed: dict[int, Row] = field(default_factory=dict)
    pending: list[Row] = field(default_factory=list)
    checkpoints: list[tuple[int, notes.Note]] = field(default_factory=list)
    since: list[tuple[int, int]] = field(default_factory=list)
    tiles: list[Row] = field(default_factory=list)
    heads: list[Row] = field(default_factory=list)
    days: list[Row] = field(default_factory=list)
    copies: dict[int, Row] = field(default_factory=dict)  # what stands beside each note, by its number
    roots: dict[int, bytes] = field(default_factory=dict)
    peaks: dict[int, bytes] = field(default_factory=dict)
    log: hashing.Log = field(default_factory=hashing.Log)

    @property
    def size(self) -> int:
        return self.checkpoints[-1][1].size if self.checkpoints else 0

    def sealed_since(self, level: int, index: int) -> bool:
        """Whether the whole of that node of the tree was sealed while the rest was read."""
        return bool(self.since) and self.size >> 8 * level <= index < self.since[-1][1] >> 8 * level

    @property
    def leaves(self) -> Iterator[Row]:
        yield from self.placed.values()
        yield from self.pending


@dataclass(frozen=True)
class Trust:
    """Whose signatures count. `outside`: the keys came with the auditor and not from what is audited."""

    keys: Mapping[bytes, Key]
    witnesses: Mapping[str, bytes]
    outside: bool

    @property
    def kids(self) -> Mapping[bytes, str]:
        return {public: key.kid for public, key in self.keys.items()}

    @property
    def publics(self) -> Sequence[bytes]:
        return list(self.keys)


def trust(source: Source, told: Mapping[str, Any] | None) -> Trust:
    """`told` is a saved key list (JWK Set, as from /api/v1/keys), else what the source itself says."""
    keys = listed(told["keys"] if told else source.rows("signing_keys"))
    witnesses = {row["_id"]: bytes(row["public_key"]) for row in source.rows("evidence_witnesses")}
    return Trust({key.public: key for key in keys}, witnesses, told is not None)


def name_of(row: Row) -> str:
    """How a finding names a leaf."""
    return f"{row['kind']} {row['subject_id']}" if row.get("kind") else f"leaf {row.get('position')}"


def read(source: Source, report: Report) -> Seen:
    """Checkpoints first and once more at the end, so that whatever they seal is there when it is looked for."""
    seen = Seen()
    _read_checkpoints(source, seen, report)
    seen.tiles = list(source.rows("evidence_tiles"))
    seen.heads = list(source.rows("evidence_log"))
    seen.days = list(source.rows("evidence_days"))
    _read_leaves(source, seen, report)
    last = seen.checkpoints[-1][0] if seen.checkpoints else 0
    again = source.rows("evidence_checkpoints") if source.live else ()
    seen.since = sorted((row["number"], _size(row)) for row in again if row["number"] > last)
    for place in [place for place in seen.placed if seen.sealed_since(0, place)]:
        seen.pending.append(seen.placed.pop(place))
    return seen


def _size(row: Row) -> int:
    """Of a checkpoint that is taken at its word: it bounds only what this audit leaves to the next one."""
    return int(row["size"] if "size" in row else row["note"].split("\n")[1])


def _read_leaves(source: Source, seen: Seen, report: Report) -> None:
    for row in source.rows("evidence_leaves"):
        report.count("leaves")
        place = row.get("position")
        if place is None:
            seen.pending.append(row)
        elif place in seen.placed:
            report.find("leaf_doubled", name_of(row), f"place {place}, also {name_of(seen.placed[place])}")
        else:
            seen.placed[place] = row
    if seen.pending:
        report.notes.append(f"{len(seen.pending)} 片叶子尚未封存 · leaves not sealed yet")


def _read_checkpoints(source: Source, seen: Seen, report: Report) -> None:
    lines: dict[int, list[str]] = {}
    for row in source.rows("evidence_cosignatures"):
        lines.setdefault(row["number"], []).append(row["line"])
    for row in sorted(source.rows("evidence_checkpoints"), key=lambda row: row["number"]):
        report.count("checkpoints")
        number = row["number"]
        signed = row.get("note") or row["text"] + "\n" + row["signature"] + "".join(lines.get(number, ()))
        try:
            note = notes.read(signed)
        except ValueError as error:
            report.find("checkpoint_changed", f"checkpoint {number}", str(error))
            continue
        if "text" in row and (row["size"], bytes(row["root"]), row["created_at"]) != (note.size, note.root, note.at):
            report.find("checkpoint_changed", f"checkpoint {number}", "its fields are not what its text says")
        if "text" in row and (row["text"] != note.text or row["signature"] != notes.written(note.lines[0])):
            report.find("checkpoint_changed", f"checkpoint {number}", "its text or signature is not written as it was")
        seen.checkpoints.append((number, note))
        seen.copies[number] = _copy(row)


def _copy(row: Row) -> Row:
    """Of its peaks one hash: there are as many checkpoints as ten seconds."""
    kept = {name: row[name] for name in COPIED if name in row}
    return {**kept, "peaks": hashing.joined(map(bytes, row["peaks"]))} if "peaks" in row else kept
