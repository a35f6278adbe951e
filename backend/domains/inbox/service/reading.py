"""One's own inbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend import gateways
from backend.base.actor import Actor
from backend.base.documents import Page
from backend.base.errors import Forbidden
from backend.domains.inbox import rules
from backend.domains.inbox.models import Consent, Notice

MOST_UNREAD = 99
KINDS = 50


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """`title` and `text` in both languages."""

    id: str
    kind: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    subject_id: str
    unread: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """`consents`: every kind that can be sent outside, with its template and how many may still be sent."""

    unread: int
    consents: Sequence[Mapping[str, Any]]


def owner(actor: Actor) -> str:
    if actor.account_id is None:
        raise Forbidden("forbidden")
    return actor.account_id


def notices(actor: Actor, *, cursor: str | None = None, size: int = 50) -> Page[NoticeFacts]:
    page = Notice.page({"account_id": owner(actor)}, cursor=cursor, size=size)
    return Page([_facts(one.to_mongo()) for one in page.items], page.next_cursor)


def _facts(row: Mapping[str, Any]) -> NoticeFacts:
    zh, en = (rules.words(row["kind"], row["params"], lang) for lang in ("zh", "en"))
    return NoticeFacts(
        id=row["_id"],
        kind=row["kind"],
        title={"zh": zh[0], "en": en[0]},
        text={"zh": zh[1], "en": en[1]},
        subject_id=row.get("subject_id", ""),
        unread=row["unread"],
        created_at=row["created_at"],
    )


def summary(actor: Actor) -> Summary:
    account_id = owner(actor)
    unread = Notice.rows({"account_id": account_id, "unread": True}, ("_id",), limit=MOST_UNREAD)
    counts = {row["kind"]: row["count"] for row in Consent.rows({"account_id": account_id}, limit=KINDS)}
    known = rules.templates(gateways.current().settings.wechat_templates)
    consents = [{"kind": kind, "template_id": known[kind], "count": counts.get(kind, 0)} for kind in known]
    return Summary(len(unread), consents)


def read(actor: Actor, *, ids: Sequence[str]) -> Summary:
    """Mark these as read; what is not one's own is passed over."""
    account_id = owner(actor)
    mine = [one for one in ids if one.startswith(f"{account_id}.")]
    Notice.update_many({"_id": {"$in": mine}, "account_id": account_id}, {"$set": {"unread": False}})
    return summary(actor)
