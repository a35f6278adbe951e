"""The officers' side of reading: the queue by its clocks, a case, and the reporter's contact."""

from datetime import timedelta
from typing import Any

from backend import gateways
from backend.base import clock
from backend.base.actor import Actor, region_path
from backend.base.documents import Page
from backend.base.errors import Forbidden, NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.complaints.models import Complaint
from backend.domains.complaints.service.facts import CaseFacts, facts_of, nearly_until, timeline
from backend.domains.complaints.service.filing import CONTACT

MAX_QUEUE = 300
FOREVER = "9999"


def queue(actor: Actor, *, region: str | None = None, state: str | None = None, due: str = "all") -> list[CaseFacts]:
    """Open cases of the actor's regions, the most urgent first. `due`: all, overdue, nearly. Raises NotFound."""
    places = _places(actor, region)
    rows: dict[str, dict[str, Any]] = {}
    for place in places:
        where: dict[str, Any] = {"region_path": place, "open": True, "due_on": {"$lte": _until(due)}}
        for row in Complaint.rows(where, sort=[("due_on", 1)], limit=MAX_QUEUE):
            if (state is None or row["state"] == state) and (due == "all" or row["due_on"]):
                rows[row["_id"]] = row
    ordered = sorted(rows.values(), key=lambda row: (row["due_on"] or FOREVER, row["created_at"]))[:MAX_QUEUE]
    return [facts_of(row, officer=actor) for row in ordered]


def ended(actor: Actor, *, region: str | None = None, cursor: str | None = None, size: int = 50) -> Page[CaseFacts]:
    """Cases of one region that are closed, refused or moved, the last filed first. Raises NotFound, BadRequest."""
    where = {"region_path": actor.region_of("complaint:read", region), "open": False}
    page = Complaint.page(where, cursor=cursor, size=size)
    return Page([facts_of(row.to_mongo().to_dict(), officer=actor) for row in page.items], page.next_cursor)


def _places(actor: Actor, region: str | None) -> tuple[str, ...]:
    if region is None:
        return actor.regions("complaint:read")
    if not actor.may("complaint:read", region=region):
        raise NotFound
    return (region_path(region)[-1],)


def _until(due: str) -> str:
    today = clock.today()
    if due == "overdue":
        return (today - timedelta(days=1)).isoformat()
    if due == "nearly":
        return nearly_until().isoformat()
    return FOREVER


def row_of(complaint_id: str) -> dict[str, Any]:
    """For those who have passed a door already. Raises NotFound."""
    rows = Complaint.rows({"_id": complaint_id}, limit=1)
    if not rows:
        raise NotFound
    return rows[0]


def row_for(actor: Actor, complaint_id: str, permission: str) -> dict[str, Any]:
    """The stored case, if the actor holds the permission there. Raises NotFound."""
    row = row_of(complaint_id)
    if not actor.may(permission, region=row["region"]):
        raise NotFound
    return row


def case(actor: Actor, complaint_id: str) -> CaseFacts:
    """One case with its whole timeline. Raises NotFound."""
    return facts_of(row_for(actor, complaint_id, "complaint:read"), timeline(complaint_id), officer=actor)


def open_contact(actor: Actor, complaint_id: str) -> str:
    """The reporter's contact; every opening is recorded. Raises NotFound, Forbidden, RuleBroken `contact_none`."""
    row = row_for(actor, complaint_id, "complaint:read")
    if not actor.may("complaint:identity", region=row["region"]):
        raise Forbidden("forbidden", permission="complaint:identity")
    if not row.get("contact_sealed"):
        raise RuleBroken("contact_none")
    accounts.note(actor, "complaint.contact", subjects=[complaint_id], region=row["region"], protected=True)
    return gateways.current().secrets.unseal(CONTACT, bytes(row["contact_sealed"]))
