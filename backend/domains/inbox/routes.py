"""Endpoints of the inbox: one's own, nobody else's."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.inbox import schemas
from backend.domains.inbox import service as inbox
from backend.http.api import LOGGED_IN, Blueprint, PageQuery, page_of

blueprint = Blueprint("inbox", description="消息")


@blueprint.get("/inbox", needs=LOGGED_IN, query=PageQuery, gives=page_of(schemas.InboxNoticeOut))
def list_notices(actor: Actor, query: dict[str, Any]) -> Page[inbox.NoticeFacts]:
    """What one was told, newest first."""
    return inbox.notices(actor, **query)


@blueprint.get("/inbox/summary", needs=LOGGED_IN, gives=schemas.SummaryOut)
def get_summary(actor: Actor) -> inbox.Summary:
    """How much is unread, and which messages may be asked for and sent outside."""
    return inbox.summary(actor)


@blueprint.post("/inbox/reading", needs=LOGGED_IN, takes=schemas.ReadIn, gives=schemas.SummaryOut)
def mark_read(actor: Actor, data: dict[str, Any]) -> inbox.Summary:
    """These were read; ids that are not one's own are passed over."""
    return inbox.read(actor, **data)


@blueprint.post("/inbox/consents", needs=LOGGED_IN, takes=schemas.ConsentIn, gives=schemas.SummaryOut)
def give_consent(actor: Actor, data: dict[str, Any]) -> inbox.Summary:
    """WeChat said that the person accepts one message of each of these kinds. The same tap sent twice counts once."""
    return inbox.agree(actor, **data)
