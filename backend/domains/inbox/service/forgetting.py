"""What is kept of one person, and its end."""

from typing import Any

from backend.base.actor import Actor
from backend.domains.inbox.models import Consent, Notice
from backend.domains.inbox.service.reading import KINDS, notices

PART = 500
MOST = 1000
CHUNK = 100  # a wide delete can stall a small server


def all_notices(actor: Actor) -> dict[str, Any]:
    """The newest MOST, and whether there are more."""
    items: list[Any] = []
    cursor = None
    for _ in range(MOST // PART):
        page = notices(actor, cursor=cursor, size=PART)
        items += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    return {"items": items, "truncated": cursor is not None}


def consents_of(account_id: str) -> list[dict[str, Any]]:
    rows = Consent.rows({"account_id": account_id}, ("kind", "count"), limit=KINDS)
    return [{"kind": row["kind"], "count": row["count"]} for row in rows]


def forget_notices(account_id: str) -> None:
    """Every notice, part by part; interrupted, it goes on where it was."""
    while rows := Notice.rows({"account_id": account_id}, ("_id",), limit=CHUNK):
        Notice.delete_many({"_id": {"$in": [row["_id"] for row in rows]}})


def forget(account_id: str) -> None:
    """What is left, in the caller's transaction."""
    forget_notices(account_id)
    Consent.delete_many({"account_id": account_id})
