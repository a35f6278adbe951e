"""Endpoints of complaints. The receipt travels in bodies only, never in an address that a log could keep."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.complaints import schemas
from backend.domains.complaints import service as complaints
from backend.domains.complaints.rules import BITS
from backend.http import limits
from backend.http.api import PUBLIC, Blueprint, Limit
from backend.http.shapes import page_of

blueprint = Blueprint("complaints", description="投诉举报")
FILING = (Limit("6 per hour", limits.by_device), Limit("240 per hour", limits.by_address))
FOLLOWING = (Limit("30 per 10 minutes", limits.by_device),)
CASE, OWN = schemas.CaseOut, schemas.OwnCaseOut
ONE = "/complaints/<complaint_id>"


@blueprint.get("/complaints/puzzle", needs=PUBLIC, gives=schemas.PuzzleOut)
def get_puzzle(_actor: Actor) -> dict[str, Any]:
    """What every complaint needs: good for two hours and for one complaint."""
    return {"puzzle": complaints.puzzle(), "bits": BITS}


@blueprint.post(
    "/complaints",
    needs=PUBLIC,
    takes=schemas.ComplaintForm,
    uploads=schemas.ComplaintPhotos,
    gives=schemas.FiledOut,
    status=201,
    limits=FILING,
)
def file_complaint(actor: Actor, form: dict[str, Any], files: dict[str, Any]) -> complaints.Filed:
    """Report something, with or without a login. The same form sent twice is one complaint with one receipt."""
    return complaints.file(actor, photos=_read(files), **form)


def _read(files: dict[str, Any]) -> list[bytes]:
    return [photo.read() for photo in files["photos"] if photo.filename]


@blueprint.post("/complaints/follow", needs=PUBLIC, takes=schemas.ReceiptIn, gives=OWN, limits=FOLLOWING)
def follow_complaint(_actor: Actor, data: dict[str, Any]) -> complaints.CaseFacts:
    """The case behind a receipt, with its timeline. A wrong and an unknown receipt look alike."""
    return complaints.follow(**data)


@blueprint.post(
    "/complaints/follow/messages",
    needs=PUBLIC,
    takes=schemas.MessageForm,
    uploads=schemas.ComplaintPhotos,
    gives=OWN,
    limits=FOLLOWING,
)
def add_message(actor: Actor, form: dict[str, Any], files: dict[str, Any]) -> complaints.CaseFacts:
    """Add something to one's own complaint."""
    return complaints.say(actor, photos=_read(files), **form)


@blueprint.post("/complaints/follow/rating", needs=PUBLIC, takes=schemas.RatingIn, gives=OWN, limits=FOLLOWING)
def rate_complaint(actor: Actor, data: dict[str, Any]) -> complaints.CaseFacts:
    """One to five stars, once it is closed."""
    return complaints.rate(actor, **data)


@blueprint.post("/complaints/follow/reopening", needs=PUBLIC, takes=schemas.ReopenIn, gives=OWN, limits=FOLLOWING)
def reopen_complaint(actor: Actor, data: dict[str, Any]) -> complaints.CaseFacts:
    """Ask for it to be looked at again, once."""
    return complaints.reopen(actor, **data)


@blueprint.get("/complaints", needs="complaint:read", query=schemas.QueueQuery, gives=schemas.QueueOut)
def list_complaints(actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """Open complaints of one's regions by their clocks: all, overdue or nearly due."""
    return {"items": complaints.queue(actor, **query)}


@blueprint.get("/complaints/ended", needs="complaint:read", query=schemas.EndedQuery, gives=page_of(schemas.QueuedCase))
def list_ended_complaints(actor: Actor, query: dict[str, Any]) -> Page[complaints.CaseFacts]:
    """Complaints of one region that are closed, refused or moved, the last filed first."""
    return complaints.ended(actor, **query)


@blueprint.get(ONE, needs="complaint:read", gives=CASE)
def get_complaint(actor: Actor, complaint_id: str) -> complaints.CaseFacts:
    """One complaint with its whole timeline."""
    return complaints.case(actor, complaint_id)


@blueprint.post(f"{ONE}/actions", needs="complaint:read", takes=schemas.ActionIn, gives=CASE)
def act_on_complaint(actor: Actor, data: dict[str, Any], complaint_id: str) -> complaints.CaseFacts:
    """Take a step; `actions` of the case says which are possible now."""
    return complaints.act(actor, complaint_id, **data)


@blueprint.get(f"{ONE}/contact", needs="complaint:identity", gives=schemas.ReporterContactOut)
def open_reporter_contact(actor: Actor, complaint_id: str) -> dict[str, str]:
    """The reporter's contact; opening it is recorded."""
    return {"contact": complaints.open_contact(actor, complaint_id)}


@blueprint.post(f"{ONE}/contact/erasure", needs="complaint:erase", takes=schemas.ErasureIn, gives=CASE)
def erase_reporter_contact(actor: Actor, data: dict[str, Any], complaint_id: str) -> complaints.CaseFacts:
    """Erase the contact of a closed case, with a reason; who and why is registered, and the case stays."""
    return complaints.erase_contact(actor, complaint_id, **data)
