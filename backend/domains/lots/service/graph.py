"""Walks over the graph of lots, one command a step and chunk: back by what each lot says of its parents, forward by the
links out of it. The graph has no cycle because a link always leads to a lot that is made in the same transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from backend.base import ids
from backend.base.documents import MAX_FOUND
from backend.base.errors import RuleBroken
from backend.domains.lots.models import Lot, LotLink, RecallEnd, RecallMark

MAX_ANCESTORS = 2000
MAX_DEPTH = 100
CHUNK = 200  # lots asked about in one command
LINEAGE = ("producer_id", "batch_ids", "harvested_on", "born", "born_on", "parents", "recall")
CONVERTED = frozenset({"split", "merge", "repack", "transform"})  # made by their owner of what came before


def lineage(row: Mapping[str, Any], fields: Sequence[str] | None = None) -> list[Mapping[str, Any]]:
    """The lot's row and those of all it came from, nearest first. Raises RuleBroken `lot_ancestry_too_wide`."""
    found: dict[str, Mapping[str, Any]] = {row["_id"]: row}
    wave = _parents([row], found)
    while wave:
        rows = rows_of(wave, fields)
        found |= {one["_id"]: one for one in rows}
        if len(found) > MAX_ANCESTORS:
            raise RuleBroken("lot_ancestry_too_wide", most=MAX_ANCESTORS)
        wave = _parents(rows, found)
    return list(found.values())


def _parents(rows: Iterable[Mapping[str, Any]], found: Mapping[str, Any]) -> list[str]:
    named = (one["lot_id"] for row in rows for one in row.get("parents", ()))
    return [lot_id for lot_id in dict.fromkeys(named) if lot_id not in found]


def rows_of(lot_ids: Sequence[str], fields: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """The rows of these lots, in no order; one command a CHUNK."""
    found: list[dict[str, Any]] = []
    for chunk in chunks(lot_ids, CHUNK):
        found += Lot.rows({"_id": {"$in": chunk}, "producer_id": {"$in": owners(chunk)}}, fields, limit=MAX_FOUND)
    return found


def owners(lot_ids: Iterable[str]) -> list[str]:
    """The producers of these lots, who are also their shards."""
    return sorted({ids.owner_of(lot_id) for lot_id in lot_ids})


def chunks(values: Sequence[str], size: int) -> Iterator[list[str]]:
    return (list(values[start : start + size]) for start in range(0, len(values), size))


def links_from(lot_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The links out of these lots. Reads what it answers and no more."""
    return [link for chunk in chunks(lot_ids, CHUNK) for link in LotLink.every({"parent_id": {"$in": chunk}})]


def steps_down(roots: Iterable[str]) -> Iterator[tuple[list[str], list[dict[str, Any]]]]:
    """(lots of this step, links out of them), step by step, each lot once; the first step are the roots themselves."""
    wave = list(dict.fromkeys(roots))
    seen = set(wave)
    while wave:
        links = links_from(wave)
        yield wave, links
        wave = [child for child in dict.fromkeys(link["child_id"] for link in links) if child not in seen]
        seen |= set(wave)


def recall_over(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The recall that stands over a lot, as `recall_on`: one written on it, or one of anything it came from."""
    return _first_standing([row["recall"]] if row.get("recall") else []) or recall_on(lineage(row, LINEAGE))


def recall_on(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The first recall that stands among these lots: `recall_id`, `reason`, `at`."""
    if written := _first_standing([row["recall"] for row in rows if row.get("recall")]):
        return written
    days = _keys(rows)
    for chunk in chunks(list(days), MAX_FOUND // 4):
        marks = [mark for mark in RecallMark.rows({"key": {"$in": chunk}}, limit=MAX_FOUND) if _holds(mark, days)]
        said = [{"recall_id": one["recall_id"], "reason": one["reason"], "at": one["created_at"]} for one in marks]
        if marked := _first_standing(said):
            return marked
    return None


def _holds(mark: Mapping[str, Any], days: Mapping[str, set[str]]) -> bool:
    since, until = mark.get("since") or "", mark.get("until") or "9999"
    return any(since <= day <= until for day in days[mark["key"]])


def _first_standing(recalls: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The first of these that was not taken back; reads nothing when there are none, as nearly always."""
    taken_back = ended([one["recall_id"] for one in recalls])
    return next((one for one in recalls if one["recall_id"] not in taken_back), None)


def ended(recall_ids: Iterable[str]) -> set[str]:
    """Those of these recalls that were taken back."""
    wanted = list(dict.fromkeys(recall_ids))
    return {
        row["_id"] for chunk in chunks(wanted, CHUNK) for row in RecallEnd.rows({"_id": {"$in": chunk}}, limit=CHUNK)
    }


def _keys(rows: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """What a mark may stand on, with the days on which the lots it would reach were harvested or came to their owner.
    What was made of such has no day of its own: they are among these rows too."""
    found: dict[str, set[str]] = {}
    for row in rows:
        batches = [] if row.get("parents") else row["batch_ids"]
        owner = () if row.get("born") in CONVERTED else (f"producer:{row['producer_id']}",)
        names = (f"lot:{row['_id']}", *owner, *(f"batch:{one}" for one in batches))
        for key in names:
            found.setdefault(key, set()).add(row.get("born_on") or row["harvested_on"])
    return found
