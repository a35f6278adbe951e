"""Flags on codes that may have been copied, for the officers of where the goods come from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pymongo import UpdateOne

from backend.base import clock, vocab
from backend.base.actor import Actor, region_path
from backend.base.documents import Page
from backend.base.errors import NotFound
from backend.domains.certificates import service as certificates
from backend.domains.tracing import rules
from backend.domains.tracing.models import CloneFlag, PublicTrace, ScanTally

READ = "recall:read"
CHUNK = 100
KEPT_PLACES = 20


def count_places(counts: Mapping[str, int], at: datetime) -> None:
    """Remember when each `code@county` was last looked up. Nothing about who looked is kept."""
    fresh = {"count": 0, "first_at": at, "last_at": at}
    writes = []
    for key in counts:
        code, _, place = key.partition("@")
        change = {"$set": {f"places.{place}": at, "dirty": True}, "$setOnInsert": fresh}
        writes.append(UpdateOne({"_id": code}, change, upsert=True))
    for start in range(0, len(writes), CHUNK):
        ScanTally.collection().bulk_write(writes[start : start + CHUNK], ordered=False)


def look_for_clones(tally: Mapping[str, Any]) -> int:
    """Keep a flag for each sign that this tally gives. Returns how many signs there are."""
    terms = {term.code: term for term in vocab.get("clone_signs")}
    if tally["count"] <= terms["too_many"]["least"] and len(tally.get("places", {})) < 2:
        return 0  # nothing to think about, and nothing read
    traces = PublicTrace.rows({"_id": tally["_id"]}, ("certificate_id", "producer_id"), limit=1)
    if not traces:
        return 0
    known = certificates.card(traces[0]["certificate_id"])
    looks = rules.Looks(tally["count"], tally.get("places", {}))
    found = list(rules.signs(looks, known.base, vocab.get("units")[known.unit]["dimension"], terms))
    moment = clock.now()
    for sign in found:
        first = {
            "code": known.code,
            "sign": sign.code,
            "producer_id": known.producer_id,
            "region_path": region_path(known.place_region),
            "created_at": moment,
        }
        change = {"$setOnInsert": first, "$set": {"told": dict(sign.told), "last_at": moment}}
        CloneFlag.update_one({"_id": f"{known.code}~{sign.code}"}, change, upsert=True)
    return len(found)


def flags_of(actor: Actor, *, region: str, cursor: str | None = None, size: int = 50) -> Page[CloneFlag]:
    """Codes of a region that may have been copied, newest first. Raises NotFound."""
    if not actor.may(READ, region=region):
        raise NotFound
    return CloneFlag.page({"region_path": region_path(region)[-1]}, cursor=cursor, size=size)
