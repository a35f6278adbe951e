"""The worker's part of a version that takes over another's products: copied in chunks that may be broken off."""

from collections.abc import Mapping
from typing import Any

from backend.base import store
from backend.domains.inputs.models import CatalogueProduct, RulebookVersion
from backend.domains.inputs.service.loading import CHUNK

CHUNKS_A_TURN = 20


def copy_products() -> int:
    """A turn of the worker: versions that take over another's products get the next chunks of them."""
    where = {"state": "loading", "copies": {"$gt": ""}}  # those without are loaded by who sent them
    waiting = RulebookVersion.rows(where, ["copies", "copied_to"], limit=5)
    return sum(_copied(row) for row in waiting)


def _copied(row: Mapping[str, Any]) -> int:
    done, edge = 0, row.get("copied_to") or ""
    for _ in range(CHUNKS_A_TURN):
        where = {"version": row["copies"], "registration_no": {"$gt": edge}}
        found = CatalogueProduct.rows(where, limit=CHUNK, sort=[("registration_no", 1)])
        edge = found[-1]["registration_no"] if found else edge
        done += len(found)
        _keep_copies(row["_id"], found, edge, last=len(found) < CHUNK)
        if len(found) < CHUNK:
            break
    return done


def _keep_copies(word: str, found: list[dict[str, Any]], edge: str, *, last: bool) -> None:
    """One chunk; a turn that was cut short meets its own rows again and passes over them."""
    rows = [{**row, "_id": f"{row['registration_no']}@{word}", "version": word} for row in found]
    there = CatalogueProduct.rows({"_id": {"$in": [row["_id"] for row in rows]}}, ["_id"], limit=CHUNK)
    known = {row["_id"] for row in there}
    fresh = [row for row in rows if row["_id"] not in known]

    def keep() -> None:
        CatalogueProduct.insert_rows(fresh)
        change = {"$set": {"copied_to": edge, **({"state": "draft"} if last else {})}, "$inc": {"products": len(found)}}
        RulebookVersion.update_one({"_id": word, "state": "loading"}, change)

    store.transaction(keep)
