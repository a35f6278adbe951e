"""Endpoints of site visits and of what was photographed and signed there."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.producers import schemas
from backend.domains.producers import service as producers
from backend.domains.producers.routes.blueprint import blueprint
from backend.http import limits
from backend.http.api import Limit, PageQuery, page_of

VISITS = "/producers/<producer_id>/visits"


@blueprint.post(VISITS, needs="declaration:review", takes=schemas.NewVisit, gives=schemas.VisitOut, status=201)
def record_visit(actor: Actor, data: dict[str, Any], producer_id: str) -> Any:
    """Keep what was found on the spot; a declaration is still decided by its own verdict."""
    return producers.record_visit(actor, producer_id, **data)


@blueprint.get(VISITS, needs="producer:read", query=PageQuery, gives=page_of(schemas.VisitOut))
def list_visits(actor: Actor, query: dict[str, Any], producer_id: str) -> Page[Any]:
    """The producer's visits, newest first, with links to their files."""
    return producers.visits_of(actor, producer_id, **query)


@blueprint.post(
    f"{VISITS}/files",
    needs="declaration:review",
    takes=schemas.VisitFileForm,
    uploads=schemas.VisitFileUpload,
    gives=schemas.VisitFileOut,
    status=201,
    limits=(Limit("120 per minute", limits.by_bearer),),
)
def add_visit_file(actor: Actor, form: dict[str, Any], files: dict[str, Any], producer_id: str) -> Any:
    """A photo (at most nine) or the signature (one) of a visit, before or after the visit itself. Never public."""
    return producers.add_visit_file(actor, producer_id, data=files["file"].read(), **form)
