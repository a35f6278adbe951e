"""Places: provinces to townships from the vocabulary, villages as operators imported them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend import gateways
from backend.base import store, vocab
from backend.base.actor import Actor, region_path
from backend.base.documents import Duplicate
from backend.base.errors import Forbidden, NotFound, RuleBroken
from backend.domains.accounts.models import Village
from backend.domains.accounts.service.audit import note

CHUNK = 100


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    name: str
    level: str
    parent: str | None


def _term(code: str) -> Region | None:
    regions = vocab.get("regions")
    if code not in regions:
        return None
    term = regions[code]
    return Region(code, term.zh, term["level"], term.get("parent"))


def region(code: str) -> Region:
    """Raises NotFound."""
    if found := _term(code):
        return found
    village = Village.find_one({"_id": code}) if len(code) == 12 else None
    if village is None:
        raise NotFound
    return Region(village.id, village.name, "village", village.parent)


def check_region(code: str, *, levels: Sequence[str] = ("township", "village")) -> Region:
    """The region, if it is of one of these levels. Raises RuleBroken `region_unknown`."""
    try:
        found = region(code)
    except NotFound:
        found = None
    if found is None or found.level not in levels:
        raise RuleBroken("region_unknown", field="region", code=code)
    return found


def map_source() -> dict[str, Any]:
    """Where a phone finds tiles of a map, and what must stand under them; `tiles` None where the operator has none."""
    settings = gateways.current().settings
    return {"tiles": settings.map_tiles_url or None, "credit": settings.map_credit}


def regions_under(parent: str) -> list[Region]:
    """The next level below, without what was withdrawn; villages below a township."""
    if len(parent) == 9:
        rows = Village.find({"parent": parent}, limit=1000)
        return [Region(row.id, row.name, "village", row.parent) for row in sorted(rows, key=lambda row: row.id)]
    children = (t for t in vocab.get("regions") if t.get("parent") == parent and not t.get("withdrawn"))
    return [Region(t.code, t.zh, t["level"], t["parent"]) for t in children]


def place_name(code: str, *, level: str = "township") -> str:
    """A place in words down to `level`: 甘肃省武威市凉州区黄羊镇. Public pages never say more than the township."""
    lengths = {"province": 2, "city": 4, "county": 6, "township": 9, "village": 12}
    names = [_term(prefix.ljust(6, "0")) for prefix in region_path(code) if len(prefix) <= lengths[level]]
    return "".join(found.name for found in names if found)


def import_villages(actor: Actor, *, rows: Sequence[Mapping[str, str]]) -> tuple[int, int]:
    """Add villages (`code` 12 digits, `name`); returns (added, already there). All are checked first."""
    if not actor.holds("account:manage"):
        raise Forbidden("forbidden", permission="account:manage")
    villages = [_village(row) for row in rows]
    added = 0
    for start in range(0, len(villages), CHUNK):
        added += store.transaction(lambda chunk=villages[start : start + CHUNK]: _keep(actor, chunk))  # type: ignore[misc]
    return added, len(villages) - added


def _village(row: Mapping[str, str]) -> Village:
    code, name = row["code"].strip(), row["name"].strip()
    if len(code) != 12 or not code.isdigit() or not name or _term(code[:9]) is None:
        raise RuleBroken("region_unknown", field="code", code=code)
    return Village(id=code, name=name, parent=code[:9])


def _keep(actor: Actor, chunk: Sequence[Village]) -> int:
    known = {row["_id"] for row in Village.rows({"_id": {"$in": [v.id for v in chunk]}}, ["_id"], limit=CHUNK)}
    fresh = [village for village in chunk if village.id not in known]
    if fresh:
        try:
            Village.insert(fresh)
        except Duplicate as twice:
            raise RuleBroken("region_unknown", field="code", code=twice.ids[0]) from twice
        note(actor, "region.import", subjects=[village.id for village in fresh])
    return len(fresh)
