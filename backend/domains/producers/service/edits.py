"""Writing once and editing in versions: what every owned document of a producer shares."""

from collections.abc import Mapping
from typing import Any, TypeVar

from backend.base import clock
from backend.base.actor import Actor
from backend.base.documents import Document, Page
from backend.base.errors import NotFound, StaleVersion
from backend.domains.producers.models import PastVersion, Producer, plain
from backend.domains.producers.service.doors import door

Stored = TypeVar("Stored", bound=Document)


def who(actor: Actor) -> str:
    return actor.account_id or f"{actor.kind}:{actor.name}"


def owned(model: type[Stored], producer_id: str, document_id: str) -> Stored:
    """One command. Raises NotFound."""
    found = model.find_one({"_id": document_id, "producer_id": producer_id})
    if found is None:
        raise NotFound
    return found


def owned_producer(producer_id: str) -> Producer:
    """One command. Raises NotFound."""
    found = Producer.find_one({"_id": producer_id})
    if found is None:
        raise NotFound
    return found


def replace(
    actor: Actor, document: Any, *, key: Mapping[str, str], expected_version: int, changes: Mapping[str, Any]
) -> None:
    """Set `changes` on the very version the caller saw and keep the old one. Raises StaleVersion."""
    guard = {**key, "version": expected_version}
    update: dict[str, Any] = {"$set": {**changes, "version": expected_version + 1}}
    if document.version != expected_version or not type(document).update_one(guard, update):
        raise StaleVersion("version_stale")
    before = plain(document)
    PastVersion.insert(
        [
            PastVersion(
                id=f"{document.id}@{expected_version}",
                producer_id=key.get("producer_id", document.id),
                subject_id=document.id,
                version=expected_version,
                was={name: before[name] for name in changes if name in before},
                replaced_by=who(actor),
                replaced_at=clock.now(),
            )
        ]
    )


def past_versions(
    actor: Actor, producer_id: str, *, subject_id: str, cursor: str | None = None, size: int = 50
) -> Page[PastVersion]:
    """What a producer's own entry, a site or a product said before its edits, newest first."""
    door(actor, producer_id, "producer:read")
    where = {"producer_id": producer_id, "subject_id": subject_id}
    return PastVersion.page(where, cursor=cursor, size=size, key="replaced_at")
