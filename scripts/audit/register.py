"""Checks of the register itself: checkpoints and their chain, leaves in their places, the tree, and what was kept
outside the house."""

import base64
import datetime
import re
from collections.abc import Iterable
from typing import Any

from scripts.audit import hashing, notes
from scripts.audit.findings import Report
from scripts.audit.reading import ALLOWANCE, Row, Seen, Trust, name_of
from scripts.audit.sources import Source

NAMED = 10  # subjects named under one finding
TILE = re.compile(r"^(0|[1-9]\d*)/(0|[1-9]\d*)$")


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
        _signed(note, name, trusted, report)
        good, bad = notes.cosigners(note, trusted.witnesses)
        report.count("cosignatures", len(good))
        for witness in bad:
            report.find("cosignature_wrong", f"{name} {witness}")
        before = note
    if before is not None:
        signer = notes.signed_by(before, trusted.publics)
        if signer is not None and trusted.keys[signer].revoked:
            report.find("key_revoked", name, f"{trusted.keys[signer].standing}, and nothing later confirms it")


def _signed(note: notes.Note, name: str, trusted: Trust, report: Report) -> None:
    signer = notes.signed_by(note, trusted.publics)
    if signer is None:
        report.find("signature_wrong", name)
    elif wrong := trusted.keys[signer].wrong(note.at):
        report.find("key_out_of_time", name, f"signed {note.at.isoformat()}, but {wrong}")


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
        signer = notes.signed_by(note, trusted.publics)
        if signer is None or (wrong := trusted.keys[signer].wrong(note.at)):
            report.find("kept_unsigned", name, wrong if signer else "")
        elif note.size > seen.size:
            report.find("rolled_back", name, f"kept {note.size} leaves of {note.at.isoformat()}, now {seen.size}")
        elif note.text not in {one.text for _, one in seen.checkpoints} or seen.roots.get(note.size) != note.root:
            root = base64.b64encode(seen.roots.get(note.size, b"")).decode()
            report.find("history_changed", name, f"at {note.size} leaves the root is now {root}")
