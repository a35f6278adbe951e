"""What the register shows: checkpoints as signed notes, proofs, and the bundle that a stranger can check offline."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from backend.base import register
from backend.base.documents import MAX_FOUND
from backend.base.errors import NotFound, RuleBroken
from backend.domains.evidence.models import (
    Cosignature,
    EvidenceCheckpoint,
    EvidenceLeaf,
    EvidenceLog,
    EvidenceTimestamp,
)
from backend.domains.evidence.rules import notes, tree
from backend.domains.evidence.service.sealing import LOG, checkpoint_id, stored_tile

FORMAT = "longtrace-proof/1"
MAX_COSIGNERS = 50


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """`note` is the signed note with every cosignature so far; `root` in hex; `timestamp_at` is what an authority
    outside says when it saw it."""

    number: int
    size: int
    root: str
    at: datetime
    leaves: int
    migrated: int
    note: str
    witnesses: tuple[str, ...]
    timestamp_at: datetime | None = None


def latest() -> CheckpointFacts:
    """Raises NotFound `nothing_sealed`."""
    return checkpoint(_newest())


def _newest() -> int:
    rows = EvidenceLog.rows({"_id": LOG}, limit=1)
    if not rows or not rows[0]["number"]:
        raise NotFound("nothing_sealed")
    return int(rows[0]["number"])


def checkpoint(number: int) -> CheckpointFacts:
    """Raises NotFound."""
    return _stamped([row_of(number)])[0]


def _stamped(rows: Sequence[dict[str, Any]]) -> list[CheckpointFacts]:
    """The facts of these checkpoints with the times of their timestamps."""
    ids = [row["_id"] for row in rows]
    found = EvidenceTimestamp.rows({"_id": {"$in": ids}}, ("number", "at"), limit=len(ids)) if ids else []
    times = {one["number"]: one["at"] for one in found}
    return [replace(facts_of(row), timestamp_at=times.get(row["number"])) for row in rows]


def row_of(number: int) -> dict[str, Any]:
    rows = EvidenceCheckpoint.rows({"_id": checkpoint_id(number)}, limit=1) if 0 < number < 10**12 else []
    if not rows:
        raise NotFound
    return rows[0]


def checkpoints(*, after: int, size: int) -> list[CheckpointFacts]:
    """The checkpoints after a number, oldest first: what an auditor reads from the beginning."""
    ids = [checkpoint_id(number) for number in range(after + 1, after + 1 + size)]
    rows = EvidenceCheckpoint.rows({"_id": {"$in": ids}}, limit=size)
    return _stamped(sorted(rows, key=lambda row: row["number"]))


def facts_of(row: dict[str, Any]) -> CheckpointFacts:
    cosigned = Cosignature.rows({"number": row["number"]}, limit=MAX_COSIGNERS, sort=[("created_at", 1)])
    lines = [row["signature"], *(one["line"] for one in cosigned)]
    return CheckpointFacts(
        number=row["number"],
        size=row["size"],
        root=row["root"].hex(),
        at=row["created_at"],
        leaves=row["leaves"],
        migrated=row.get("migrated", 0),
        note=notes.note(row["text"], lines),
        witnesses=tuple(one["witness"] for one in cosigned),
    )


def sized(size: int) -> dict[str, Any]:
    """The row of the checkpoint with exactly this size. Raises RuleBroken `no_checkpoint_of_size`."""
    rows = EvidenceCheckpoint.rows({"size": size}, limit=1, sort=[("number", 1)])
    if not rows:
        raise RuleBroken("no_checkpoint_of_size", size=size)
    return rows[0]


def nodes_of(*checkpoints: dict[str, Any]) -> tree.Nodes:
    """The stored tree; the peaks of these checkpoints need no reading."""
    known: dict[tree.Tile, bytes] = {}
    for row in checkpoints:
        known |= tree.known_peaks(row["size"], [bytes(peak) for peak in row["peaks"]])
    return tree.Nodes(stored_tile, known)


def consistency(*, first: int, second: int) -> dict[str, Any]:
    """That the log of `second` leaves begins with that of `first`; both are sizes of checkpoints. Raises RuleBroken."""
    if first > second:
        raise RuleBroken("sizes_reversed", field="first")
    old, new = sized(first), sized(second)
    path = tree.consistency(first, second, nodes_of(old, new))
    return {"first": first, "second": second, "path": _encoded(path), "checkpoint": facts_of(new).note}


def inclusion(position: int) -> dict[str, Any]:
    """The path of a sealed leaf to the newest checkpoint. Raises NotFound `nothing_sealed`, `not_sealed_yet`."""
    rows = EvidenceLeaf.rows({"position": position}, ("hash",), limit=1)
    if not rows:
        _newest()
        raise NotFound("not_sealed_yet", field="position")
    return _included(position, rows[0]["hash"])


def _included(position: int, leaf: bytes) -> dict[str, Any]:
    newest = row_of(_newest())
    return {
        "leaf": base64.b64encode(leaf).decode(),
        "index": position,
        "size": newest["size"],
        "path": _encoded(tree.inclusion(position, newest["size"], nodes_of(newest))),
        "checkpoint": facts_of(newest).note,
    }


def _encoded(path: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in path]


def bundle(leaf: dict[str, Any], row: dict[str, Any] | None) -> dict[str, Any]:
    """What proves a leaf offline. With the stored row: the statement and its salt, so that the content itself can be
    hashed again; without: hash and place alone. An unsealed leaf has no `inclusion` yet."""
    made: dict[str, Any] = {
        "format": FORMAT,
        "kind": leaf["kind"],
        "hash": leaf["hash"].hex(),
        "registered_at": register.instant(leaf["created_at"]),
        "origin": leaf.get("origin"),
    }
    if row is not None and leaf.get("salt"):
        made |= {"salt": leaf["salt"].hex(), "body": register.statement(leaf["kind"], row, leaf.get("origin"))}
    if leaf.get("position") is not None:
        made["inclusion"] = _included(leaf["position"], leaf["hash"])
        made["sealed_at"] = register.instant(leaf["sealed_at"])
    return made


def bundles(subject_id: str, row: dict[str, Any] | None, *, public: bool = False) -> list[dict[str, Any]]:
    """The bundles of every leaf on one document. `public`: content only of forms that anyone may read."""
    leaves = EvidenceLeaf.rows({"subject_id": subject_id}, limit=100, sort=[("created_at", 1)])
    return [bundle(leaf, _content(leaf, row, public)) for leaf in leaves]


def _content(leaf: dict[str, Any], row: dict[str, Any] | None, public: bool) -> dict[str, Any] | None:
    form = register.form_of(leaf["kind"])
    if public and not form.public:
        return None
    return leaf.get("said") if form.collection is None else row


def tile(level: int, number: int, width: int) -> bytes:
    """The first `width` hashes of a tile, for mirrors (C2SP tlog-tiles). Raises NotFound when there are fewer."""
    held = stored_tile(level, number) if 0 <= level < 8 and number < 1 << 56 else b""
    if not 0 < width <= tree.WIDTH or len(held) < width * tree.HASH:
        raise NotFound
    return held[: width * tree.HASH]


def entries_of_tile(number: int, width: int) -> bytes:
    """The leaves of a level 0 tile in the form of tlog-tiles: each its length in two bytes, and its 32 bytes."""
    start = number * tree.WIDTH
    places = list(range(start, start + width))
    rows = EvidenceLeaf.rows({"position": {"$in": places}}, ("position", "hash"), limit=min(width, MAX_FOUND))
    if not 0 < width <= tree.WIDTH or len(rows) != width:
        raise NotFound
    ordered = sorted(rows, key=lambda row: row["position"])
    return b"".join(len(row["hash"]).to_bytes(2) + row["hash"] for row in ordered)
