"""Appending to the register, in the transaction that writes the document; and what it holds on one."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.base import clock, ids, register
from backend.base.actor import Actor
from backend.domains.evidence.models import EvidenceLeaf

MOST = 100
ERASURE = "evidence.erasure"


@dataclass(frozen=True, slots=True)
class Leaf:
    """What to register. `kind` is a form of schemas/register/forms.json; `body` the row as it was inserted, or, for a
    form without a collection, what is said: the leaf then keeps it."""

    kind: str
    subject_id: str
    producer_id: str | None
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A registered leaf, as shown to people: the hash in hex, and since when it is sealed."""

    kind: str
    hash: str
    created_at: datetime
    sealed_at: datetime | None

    @property
    def sealed(self) -> bool:
        return self.sealed_at is not None


def append(leaves: Sequence[Leaf]) -> None:
    """Register all with one command. To be called inside the transaction of the documents themselves.

    Raises UnknownForm for a kind that the forms do not know: nobody could hash it again."""
    moment, width = clock.now(), register.SALT_BYTES
    drawn = secrets.token_bytes(width * len(leaves))  # one draw: each salt is its own part of it
    salts = (drawn[at : at + width] for at in range(0, len(drawn), width))
    EvidenceLeaf.insert_rows([_registered(leaf, salt, moment) for leaf, salt in zip(leaves, salts, strict=True)])


def _registered(leaf: Leaf, salt: bytes, moment: datetime) -> dict[str, Any]:
    """A row and not a document: there are as many as records in a sync, and every value of it is made here."""
    stated = register.statement(leaf.kind, leaf.body)
    row = {
        "_id": ids.token(),
        "kind": leaf.kind,
        "form": stated["form"],
        "subject_id": leaf.subject_id,
        "salt": salt,
        "hash": register.leaf_hash(salt, stated),
        "created_at": moment,
        "pending": True,
    }
    if register.form_of(leaf.kind).collection is None:
        row["said"] = stated["said"]
    return row | ({"producer_id": leaf.producer_id} if leaf.producer_id else {})


def entries(subject_id: str) -> list[Entry]:
    """The register's entries on one document, oldest first."""
    rows = EvidenceLeaf.rows({"subject_id": subject_id}, sort=[("created_at", 1)], limit=MOST)
    return [Entry(row["kind"], row["hash"].hex(), row["created_at"], row.get("sealed_at")) for row in rows]


def proves(subject_id: str, kind: str, body: Mapping[str, Any]) -> bool:
    """Whether the register holds this very content for the document: any change of a byte answers False."""
    rows = EvidenceLeaf.rows({"subject_id": subject_id, "kind": kind}, limit=MOST)
    return any(_matches(row, body) for row in rows if row.get("salt"))


def _matches(row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    stated = register.statement(row["kind"], body, row.get("origin"))
    return secrets.compare_digest(register.leaf_hash(row["salt"], stated), row["hash"])


def sealed_at(subject_ids: Sequence[str], kinds: Sequence[str]) -> dict[str, datetime]:
    """Since when the leaves of these kinds are sealed, by subject; one command, none for none."""
    if not subject_ids:
        return {}
    where = {"subject_id": {"$in": list(dict.fromkeys(subject_ids))}, "kind": {"$in": list(kinds)}}
    rows = EvidenceLeaf.rows(where, ("subject_id", "sealed_at"), limit=2 * len(subject_ids) + MOST)
    return {row["subject_id"]: row["sealed_at"] for row in rows if row.get("sealed_at")}


def erase(actor: Actor, subject_ids: Sequence[str], *, reason: str, kinds: Sequence[str] = ()) -> int:
    """Forget the salts of these documents, whose personal data the caller erases in the same transaction, and register
    that. Their hashes stay in the tree, so every other proof stands; nobody can test a guess against them any more.
    `kinds`: only leaves of these. Returns how many leaves were cut, MOST at a time."""
    which: dict[str, Any] = {"$in": list(kinds)} if kinds else {"$ne": ERASURE}
    where = {"subject_id": {"$in": list(subject_ids)}, "kind": which, "salt": {"$exists": True}}
    said = {"reason": reason, "by": actor.account_id or actor.name, "at": clock.now()}
    cut = 0
    while rows := EvidenceLeaf.rows(where, limit=MOST):
        named = {"subject_id": where["subject_id"], "_id": {"$in": [row["_id"] for row in rows]}}
        cut += EvidenceLeaf.update_many(named, {"$unset": {"salt": "", "said": ""}})
        append([_erased(row, said) for row in rows])
    return cut


def _erased(row: Mapping[str, Any], said: Mapping[str, Any]) -> Leaf:
    named = {"subject_id": row["subject_id"], "kind": row["kind"], "hash": row["hash"]}
    return Leaf(ERASURE, row["subject_id"], row.get("producer_id"), {**said, **named})
