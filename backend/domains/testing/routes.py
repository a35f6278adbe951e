"""Endpoints of laboratories and of test results."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.testing import schemas
from backend.domains.testing import service as testing
from backend.http.api import LOGGED_IN, Blueprint, PageQuery, page_of

blueprint = Blueprint("testing", description="检测机构与检测结果")


@blueprint.post("/testing/results", needs="test:record", takes=schemas.NewResult, gives=schemas.ResultOut, status=201)
def record_result(actor: Actor, data: dict[str, Any]) -> testing.ResultFacts:
    """Keep a laboratory's report on a lot; a failing one stops the lot."""
    return testing.record(actor, **data)


@blueprint.get("/testing/results", needs="test:read", query=schemas.ResultsQuery, gives=schemas.ResultsOut)
def list_results(actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """The reports on a lot, oldest first."""
    return {"items": testing.results_of(actor, **query)}


@blueprint.post("/testing/labs", needs="lab:manage", takes=schemas.NewLab, gives=schemas.LabOut, status=201)
def new_lab(actor: Actor, data: dict[str, Any]) -> Any:
    """Enter a laboratory of the province's list."""
    return testing.new_lab(actor, **data)


@blueprint.get("/testing/labs", needs=LOGGED_IN, query=schemas.LabsQuery, gives=page_of(schemas.LabOut))
def list_labs(_actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """The laboratories, newest first."""
    return testing.labs(**query)


SCOPE = "/testing/labs/<lab_id>/accreditations"


@blueprint.get(SCOPE, needs=LOGGED_IN, query=PageQuery, gives=page_of(schemas.AccreditationOut))
def list_accreditations(_actor: Actor, query: dict[str, Any], lab_id: str) -> Page[Any]:
    """What a laboratory is accredited for, newest entry first."""
    return testing.accreditations(lab_id, **query)


@blueprint.post(SCOPE, needs="lab:manage", takes=schemas.NewAccreditations, gives=schemas.AddedOut)
def add_accreditations(actor: Actor, data: dict[str, Any], lab_id: str) -> dict[str, int]:
    """Add to what a laboratory is accredited for; what is there already is left as it is."""
    return testing.accredit(actor, lab_id, **data)


@blueprint.post(f"{SCOPE}/end", needs="lab:manage", takes=schemas.AccreditationEnd, gives=schemas.AccreditationOut)
def end_accreditation(actor: Actor, data: dict[str, Any], lab_id: str) -> Any:
    """An accreditation was taken away: reports from that day on no longer count on it."""
    return testing.end_accreditation(actor, lab_id, **data)
