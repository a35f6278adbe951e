"""The worker's walk through the traces of the crops whose further reading changed."""

from collections.abc import Mapping
from typing import Any

from backend.base import store
from backend.domains.tracing.models import PublicTrace, RelatedReading
from backend.domains.tracing.rules import related_list
from backend.domains.tracing.service.building import swap
from backend.domains.tracing.service.related import related_to

CHUNK = 100
CROPS = 50


def retell_related() -> int:
    """Tell about CHUNK traces of the crops that have waited longest; a walk that stops goes on where it was. Returns
    how many were told."""
    told = 0
    for walk in RelatedReading.rows({"telling": True}, limit=CROPS, sort=[("telling", 1), ("changed_at", 1)]):
        told += _walk(walk)
        if told >= CHUNK:
            break
    return told


def _walk(walk: Mapping[str, Any]) -> int:
    where = {"crop": walk["_id"], "_id": {"$gt": walk["done_to"]}}
    codes = [row["_id"] for row in PublicTrace.rows(where, ("_id",), limit=CHUNK, sort=[("_id", 1)])]
    parts, last = {"related": related_list(related_to(walk["_id"]))}, walk["done_to"]
    for code in codes:
        if not store.transaction(lambda current=code: swap(current, **parts)):  # type: ignore[misc]
            break  # it was being rebuilt; the walk comes back to it
        last = code
    ended = len(codes) < CHUNK and (not codes or last == codes[-1])
    guard = {"_id": walk["_id"], "version": walk["version"]}
    RelatedReading.update_one(guard, {"$set": {"done_to": last, "telling": not ended}})
    return len(codes)
