"""Endpoints of declarations: submitting, the queue, deciding."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.producers import schemas
from backend.domains.producers import service as producers
from backend.domains.producers.routes.blueprint import blueprint
from backend.http.api import PageQuery, page_of


@blueprint.post(
    "/producers/<producer_id>/declarations",
    needs="declaration:submit",
    takes=schemas.NewDeclaration,
    gives=schemas.DeclarationOut,
    status=201,
)
def submit_declaration(actor: Actor, data: dict[str, Any], producer_id: str) -> Any:
    """Submit the season's declaration, or its next version."""
    return producers.submit(actor, producer_id, **data)


@blueprint.get(
    "/producers/<producer_id>/declarations",
    needs="producer:read",
    query=PageQuery,
    gives=page_of(schemas.DeclarationOut),
)
def list_declarations(actor: Actor, query: dict[str, Any], producer_id: str) -> Page[Any]:
    """Every version of every season, newest first."""
    return producers.declarations_of(actor, producer_id, **query)


@blueprint.get(
    "/declarations", needs="declaration:review", query=schemas.QueueQuery, gives=page_of(schemas.DeclarationOut)
)
def list_queue(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """The queue of a region in your charge, longest waiting first."""
    return producers.queue(actor, **query)


@blueprint.get("/declarations/<declaration_id>", needs="producer:read", gives=schemas.DeclarationOut)
def get_declaration(actor: Actor, declaration_id: str) -> Any:
    """One version of a declaration."""
    return producers.declaration(actor, declaration_id)


@blueprint.post(
    "/declarations/<declaration_id>/decision",
    needs="declaration:review",
    takes=schemas.Decision,
    gives=schemas.DeclarationOut,
)
def decide(actor: Actor, data: dict[str, Any], declaration_id: str) -> Any:
    """Approve a declaration, or return it with a reason."""
    return producers.decide(actor, declaration_id, **data)
