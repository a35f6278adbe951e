"""Leaves that were written before the forms get one that can be hashed again, marked as made by a migration.

The old leaves were never sealed, so they proved nothing to anyone outside. What a document tells is registered anew
from the document; what no document tells keeps its old hash and salt inside a leaf of its own. Both prove only from
their own seal on, and say so: the origin is part of what they bind.
"""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from backend.base import clock, register

CHUNK = 100
BEFORE = "evidence.before"


def run(database: Database[dict[str, Any]]) -> None:
    leaves = database["evidence_leaves"]
    for form in register.forms().values():
        if form.collection is not None:
            register_documents(leaves, database[form.collection], form)
    _wrap(leaves)


def register_documents(
    leaves: Collection[dict[str, Any]], documents: Collection[dict[str, Any]], form: register.Form
) -> None:
    """Leaves of this form for the documents that have none; what was done is passed over when it runs again."""
    for rows in _chunks(documents):
        mine = [row for row in rows if register.applies(form, row)]
        ids = [str(row["_id"]) for row in mine]
        where = {"subject_id": {"$in": ids}, "kind": form.kind, "form": {"$exists": True}}
        there = {row["subject_id"] for row in leaves.find(where, ["subject_id"])}
        _insert(leaves, [_leaf(form.kind, row) for row in mine if str(row["_id"]) not in there])


def _chunks(collection: Collection[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    for row in collection.find({}, batch_size=CHUNK):
        rows.append(row)
        if len(rows) == CHUNK:
            yield rows
            rows = []
    if rows:
        yield rows


def _leaf(kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Its id follows from the document, so that two runs at once make one."""
    salt, subject = secrets.token_bytes(register.SALT_BYTES), str(row.get("_id"))
    stated = register.statement(kind, row, register.MIGRATION)
    made = {
        "_id": "m." + hashlib.sha256(f"{kind} {subject}".encode()).hexdigest()[:32],
        "kind": kind,
        "form": stated["form"],
        "subject_id": subject,
        "origin": register.MIGRATION,
        "salt": salt,
        "hash": register.leaf_hash(salt, stated),
        "created_at": clock.now(),
        "pending": True,
    }
    return made | ({"producer_id": row["producer_id"]} if row.get("producer_id") else {})


def _wrap(leaves: Collection[dict[str, Any]]) -> None:
    """Old leaves go: those whose document is registered anew without more, the others into a statement."""
    old = {"form": {"$exists": False}}
    while rows := list(leaves.find(old).limit(CHUNK)):
        _insert(leaves, [_before(row) for row in rows if _nowhere_else(row)])
        leaves.delete_many({"_id": {"$in": [row["_id"] for row in rows]}})


def _nowhere_else(row: Mapping[str, Any]) -> bool:
    form = register.forms().get(row["kind"])
    return form is None or form.collection is None


def _before(row: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: row[name] for name in ("kind", "subject_id", "salt", "hash", "created_at")}
    made = _leaf(BEFORE, kept)
    owner = {"producer_id": row["producer_id"]} if row.get("producer_id") else {}
    said = register.statement(BEFORE, kept, register.MIGRATION)["said"]
    return made | owner | {"_id": f"m.{row['_id']}", "subject_id": row["subject_id"], "said": said}


def _insert(leaves: Collection[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    try:
        leaves.insert_many(rows, ordered=False)
    except BulkWriteError as error:
        if any(one["code"] != 11000 for one in (error.details or {})["writeErrors"]):
            raise
