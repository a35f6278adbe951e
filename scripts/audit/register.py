"""Checks of the register itself: checkpoints and their chain, leaves in their places, the tree, and what was kept
outside the house."""

import base64
import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.audit import hashing, notes
from scripts.audit.findings import Report
from scripts.audit.sources import Source

ALLOWANCE = datetime.timedelta(minutes=10)  # clocks of several servers, and transactions under way while sealing
NAMED = 10  # subjects named under one finding
COPIED = ("_id", "leaves", "migrated", "day", "key_id")  # what a checkpoint says beside its signed text
TILE = re.compile(r"^(0|[1-9]\d*)/(0|[1-9]\d*)$")
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

    kids: Mapping[bytes, str]
    witnesses: Mapping[str, bytes]
    outside: bool

    @property
    def publics(self) -> Sequence[bytes]:
        return list(self.kids)


def trust(source: Source, keys: Mapping[str, Any] | None) -> Trust:
    """`keys` is a saved key list (JWK Set, as from /api/v1/keys), else what the source itself says."""
    rows = [{**one, "jwk": one} for one in keys["keys"]] if keys else list(source.rows("signing_keys"))
    named = ((row["jwk"]["x"], row.get("kid") or row["_id"]) for row in rows if row["purpose"] == "checkpoint")
    kids = {hashing.unbase(x): kid for x, kid in named}
    witnesses = {row["_id"]: bytes(row["public_key"]) for row in source.rows("evidence_witnesses")}
    return Trust(kids, witnesses, keys is not None)


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


def check(source: Source, seen: Seen, trusted: Trust, report: Report) -> None:
    _chain(seen, trusted, report)
    _grow(seen, report)
    _tiles(source, seen, report)
    _places(seen, report)
    _head(source, seen, report)
    if seen.checkpoints:
        last = seen.checkpoints[-1][1]
        report.newest = last.signed
    if not trusted.outside:
        report.notes.append(
            "签名公钥取自被审计的数据本身 · the keys came from the audited data itself (--keys names others)"
        )


def _chain(seen: Seen, trusted: Trust, report: Report) -> None:
    before: notes.Note | None = None
    for at, (number, note) in enumerate(seen.checkpoints, start=1):
        name = f"checkpoint {number}"
        if number != at and (at == 1 or seen.checkpoints[at - 2][0] != number - 1):
            report.find("checkpoint_missing", f"checkpoint {number - 1}")
        elif before is not None and not _continues(before, note):
            report.find("chain_broken", name)
        elif before is None and note.previous is not None:
            report.find("chain_broken", name, "the first one names one before it")
        if notes.signed_by(note, trusted.publics) is None:
            report.find("signature_wrong", name)
        good, bad = notes.cosigners(note, trusted.witnesses)
        report.count("cosignatures", len(good))
        for witness in bad:
            report.find("cosignature_wrong", f"{name} {witness}")
        before = note


def _continues(before: notes.Note, note: notes.Note) -> bool:
    same = note.origin == before.origin and note.previous == before.digest
    return same and note.size >= before.size and note.at >= before.at


def _grow(seen: Seen, report: Report) -> None:
    """Build the tree from the leaves alone and compare its root at every checkpoint."""
    wanted = {note.size for _, note in seen.checkpoints}
    size = max(seen.size, max(seen.placed, default=-1) + 1)
    for place in range(size):
        row = seen.placed.get(place)
        if row is None:
            report.find("leaf_missing", f"leaf {place}", _of_tile(place))
        elif place >= seen.size:
            report.find("leaf_unplaced", name_of(row), f"place {place}, sealed are {seen.size}")
        seen.log.add(bytes(row["hash"]) if row else b"")
        if place + 1 in wanted:
            seen.roots[place + 1], seen.peaks[place + 1] = seen.log.root(), hashing.joined(seen.log.peaks())
    start, broken = 0, False
    for number, note in seen.checkpoints:
        if seen.roots.get(note.size, note.root if note.size == 0 else None) != note.root and not broken:
            named = [name_of(seen.placed[at]) for at in range(start, note.size) if at in seen.placed][:NAMED]
            report.find("root_differs", f"checkpoint {number}", f"sealed there: {', '.join(named)}")
            broken = True  # every later root follows from this one
        start = note.size


def _of_tile(place: int) -> str:
    return f"tile 0/{place >> 8}, hash {place & 255}"


def _tiles(source: Source, seen: Seen, report: Report) -> None:
    """Every stored hash against the tree from the leaves; a tile that still knows better names the leaf."""
    where = {node: index for (level, index), node in seen.log.nodes.items() if level == 0}
    there: set[tuple[int, int]] = set()
    for row in seen.tiles:
        report.count("tiles")
        if not TILE.match(row["_id"]) or len(row["hashes"]) % 32:
            report.find("tile_differs", f"tile {row['_id']}", "it is no tile")
            continue
        level, number = map(int, row["_id"].split("/"))
        held = bytes(row["hashes"])
        for at in range(len(held) // 32):
            index = number * 256 + at
            there.add((level, index))
            stored = held[at * 32 : at * 32 + 32]
            if seen.log.nodes.get((level, index)) != stored and not seen.sealed_since(level, index):
                _misfit(seen, report, level, index, where.get(stored))
    if source.documents:
        missing = sorted(place for place in seen.log.nodes if place not in there and place[1] < seen.size)
        for level, number in sorted({(level, index // 256) for level, index in missing}):
            report.find("tile_differs", f"tile {level}/{number}", "hashes are missing")


def _misfit(seen: Seen, report: Report, level: int, index: int, elsewhere: int | None) -> None:
    row = seen.placed.get(index) if level == 0 else None
    if row is None:
        if level or index not in seen.placed:
            report.find("tile_differs", f"tile {level}/{index // 256}", f"hash {index % 256}")
    elif elsewhere is not None:
        report.find("leaf_moved", name_of(seen.placed[elsewhere]), f"sealed at {index}, now said to be at {elsewhere}")
    else:
        report.find("leaf_changed", name_of(row), f"place {index}: the tree holds another hash")


def _places(seen: Seen, report: Report) -> None:
    """Each leaf's time lies between those sealed before it and its own checkpoint, or it is dated back or ahead.

    Leaves are sealed in the order of their times. So the bound is the newest time sealed before and not the
    checkpoint's own: after the sealer stood still, many checkpoints are made at once, of leaves that waited.
    """
    start, newest = 0, None
    for _, note in seen.checkpoints:
        rows = [row for place in range(start, note.size) if (row := seen.placed.get(place)) and "created_at" in row]
        for row in rows:
            _time(row, newest, note.at, report)
        told = [row["created_at"] for row in rows if not row.get("origin") and row["created_at"] <= note.at]
        start, newest = note.size, max(told + ([newest] if newest else []), default=None)


def _time(row: Row, before: datetime.datetime | None, sealed: datetime.datetime, report: Report) -> None:
    at = row["created_at"]
    if row.get("origin"):
        report.count("migrated")
    elif before is not None and at < before - ALLOWANCE:
        said = f"says {at.isoformat()}, but leaves of {before.isoformat()} had been sealed before it"
        report.find("back_dated", name_of(row), said)
    if at > sealed + ALLOWANCE:
        report.find("post_dated", name_of(row), f"says {at.isoformat()}, sealed {sealed.isoformat()}")
    if row.get("sealed_at") != sealed:
        report.find("leaf_changed", name_of(row), "its time of sealing is not its checkpoint's")


def _head(source: Source, seen: Seen, report: Report) -> None:
    if not source.documents:
        return
    told: dict[str, Any] = {"_id": "log", "number": 0, "size": 0}
    if seen.checkpoints:
        number, note = seen.checkpoints[-1]
        told |= {"number": number, "size": seen.size, "text_hash": note.digest, "sealed_at": note.at}
        told["origin"] = note.origin
    if not seen.heads and not seen.checkpoints:
        return
    (head, *others) = seen.heads or [{}]
    if not others and (head.get("number"), head.get("size")) in seen.since:
        return
    if wrong := ["there are several"] if others else [name for name in told if head.get(name) != told[name]]:
        said = {name: head.get(name) for name in ("number", "size")}
        report.find("log_differs", "evidence_log", f"says {said}; not as the last checkpoint: {', '.join(wrong)}")


def check_kept(kept: Iterable[tuple[str, str]], seen: Seen, trusted: Trust, report: Report) -> None:
    """Checkpoints kept outside the house, as (name, signed note): the register must contain every one of them."""
    for name, signed in kept:
        report.count("kept")
        try:
            note = notes.read(signed)
        except ValueError as error:
            report.find("kept_unsigned", name, str(error))
            continue
        if notes.signed_by(note, trusted.publics) is None:
            report.find("kept_unsigned", name)
        elif note.size > seen.size:
            report.find("rolled_back", name, f"kept {note.size} leaves of {note.at.isoformat()}, now {seen.size}")
        elif note.text not in {one.text for _, one in seen.checkpoints} or seen.roots.get(note.size) != note.root:
            root = base64.b64encode(seen.roots.get(note.size, b"")).decode()
            report.find("history_changed", name, f"at {note.size} leaves the root is now {root}")
