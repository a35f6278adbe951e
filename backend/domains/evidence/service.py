"""Verbs of the evidence register: append what was written, in the transaction that writes it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.base import clock, ids
from backend.domains.evidence import rules
from backend.domains.evidence.models import EvidenceLeaf


@dataclass(frozen=True, slots=True)
class Leaf:
    """What to register. `kind` is a dotted word (`farming.record`), `body` the record's own JSON."""

    kind: str
    subject_id: str
    producer_id: str | None
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A registered leaf, as shown to people: the hash in hex, and whether it is sealed already."""

    kind: str
    hash: str
    created_at: datetime
    sealed: bool


def append(leaves: Sequence[Leaf]) -> None:
    """Register all with one command. To be called inside the transaction of the documents themselves."""
    moment = clock.now()
    EvidenceLeaf.insert_rows([_registered(leaf, secrets.token_bytes(rules.SALT_BYTES), moment) for leaf in leaves])


def _registered(leaf: Leaf, salt: bytes, moment: datetime) -> dict[str, Any]:
    """A row and not a document: there are as many as records in a sync, and every value of it is made here."""
    row = {
        "_id": ids.token(),
        "kind": leaf.kind,
        "subject_id": leaf.subject_id,
        "salt": salt,
        "hash": rules.leaf_hash(salt, leaf.body),
        "created_at": moment,
    }
    return row | ({"producer_id": leaf.producer_id} if leaf.producer_id else {})


def entries(subject_id: str) -> list[Entry]:
    """The register's entries on one document, oldest first."""
    found = EvidenceLeaf.find({"subject_id": subject_id}, sort=[("created_at", 1)], limit=100)
    return [Entry(leaf.kind, leaf.hash.hex(), leaf.created_at, leaf.position is not None) for leaf in found]


def proves(subject_id: str, body: Mapping[str, Any]) -> bool:
    """Whether the register holds this very content for the document: any change of a byte answers False."""
    found = EvidenceLeaf.find({"subject_id": subject_id}, limit=100)
    return any(secrets.compare_digest(rules.leaf_hash(leaf.salt, body), leaf.hash) for leaf in found)
