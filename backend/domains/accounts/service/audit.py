"""The audit trail: a line for every write and every opening of protected data, in the transaction of the act."""

from collections.abc import Sequence

import structlog

from backend.base import clock, ids
from backend.base.actor import Actor, region_path
from backend.base.documents import Page
from backend.base.errors import NotFound
from backend.domains.accounts.models import AuditLine

MAX_SUBJECTS = 500


def note(
    actor: Actor,
    action: str,
    *,
    subjects: Sequence[str],
    producer_id: str | None = None,
    region: str | None = None,
    protected: bool = False,
) -> None:
    """Record that the actor did `action` (`farming.record`) to these documents (at most 500 ids)."""
    AuditLine.insert(
        [
            AuditLine(
                id=ids.token(),
                created_at=clock.now(),
                actor_kind=actor.kind,
                actor_id=_name(actor),
                action=action,
                subjects=list(subjects)[:MAX_SUBJECTS],
                producer_id=producer_id,
                region_path=region_path(region) if region else [],
                protected=protected,
                request_id=structlog.contextvars.get_contextvars().get("request_id"),
            )
        ]
    )


def _name(actor: Actor) -> str:
    return actor.account_id or (f"system:{actor.name}" if actor.kind == "system" else actor.kind)


def audit_page(
    actor: Actor, *, region: str, cursor: str | None = None, size: int = 50, producer_id: str | None = None
) -> Page[AuditLine]:
    """The trail of a region the actor may audit, newest first; reading it is itself recorded."""
    if not actor.may("audit:read", region=region):
        raise NotFound
    note(actor, "audit.read", subjects=[region], region=region, protected=True)
    where = {"producer_id": producer_id} if producer_id else {}
    return AuditLine.page({"region_path": region_path(region)[-1], **where}, cursor=cursor, size=size)
