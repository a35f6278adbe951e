"""Endpoints of producers themselves: registering, changing, inviting, suspending."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.producers import schemas
from backend.domains.producers import service as producers
from backend.domains.producers.routes.blueprint import blueprint
from backend.http import limits
from backend.http.api import LOGGED_IN, Limit, page_of


@blueprint.post(
    "/producers",
    needs="producer:register",
    takes=schemas.NewProducer,
    gives=schemas.ProducerOut,
    status=201,
    limits=(Limit("60 per hour", limits.by_bearer),),  # nobody tries out whose numbers are registered
)
def register(actor: Actor, data: dict[str, Any]) -> Any:
    """Register a producer; you become its farmer (of a cooperative: its manager)."""
    return producers.register(actor, **data)


@blueprint.get("/producers", needs="producer:read", query=schemas.ProducerQuery, gives=page_of(schemas.ProducerOut))
def list_producers(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """Your own producers, those of a `region` in your charge, or with `managed_by` a cooperative's farmers."""
    return producers.list_for(actor, **query)


@blueprint.get("/producers/<producer_id>", needs="producer:read", gives=schemas.ProducerOut, etag=True)
def get_producer(actor: Actor, producer_id: str) -> Any:
    """One producer; its ETag is what a change must name."""
    return producers.get(actor, producer_id)


@blueprint.patch(
    "/producers/<producer_id>",
    needs="producer:write",
    takes=schemas.ProducerChanges,
    gives=schemas.ProducerOut,
    if_match=True,
)
def edit_producer(actor: Actor, data: dict[str, Any], producer_id: str, expected_version: int) -> Any:
    """Change name or contact details; what was there before is kept."""
    return producers.edit(actor, producer_id, expected_version=expected_version, **data)


@blueprint.get("/producers/<producer_id>/contact", needs=LOGGED_IN, gives=schemas.ContactOut)
def open_contact(actor: Actor, producer_id: str) -> Any:
    """The full telephone number. Opening it is recorded."""
    return producers.contact(actor, producer_id)


@blueprint.get(
    "/producers/<producer_id>/versions",
    needs="producer:read",
    query=schemas.VersionsQuery,
    gives=page_of(schemas.PastVersionOut),
)
def list_versions(actor: Actor, query: dict[str, Any], producer_id: str) -> Page[Any]:
    """What the producer, a site or a product said before it was changed."""
    return producers.past_versions(actor, producer_id, **query)


@blueprint.post(
    "/producers/<producer_id>/invitations",
    needs="invitation:create",
    takes=schemas.NewInvitation,
    gives=schemas.InvitationOut,
    status=201,
)
def invite(actor: Actor, data: dict[str, Any], producer_id: str) -> dict[str, Any]:
    """A code that binds one more person to this producer."""
    return producers.invite(actor, producer_id, **data)


@blueprint.post(
    "/producers/<producer_id>/suspension",
    needs="producer:suspend",
    takes=schemas.Reason,
    gives=schemas.ProducerOut,
)
def suspend(actor: Actor, data: dict[str, Any], producer_id: str) -> Any:
    """Suspend a producer: it gets no certificates until it is reinstated."""
    return producers.suspend(actor, producer_id, **data)


@blueprint.post(
    "/producers/<producer_id>/reinstatement",
    needs="producer:suspend",
    takes=schemas.Reason,
    gives=schemas.ProducerOut,
)
def reinstate(actor: Actor, data: dict[str, Any], producer_id: str) -> Any:
    """Lift a suspension."""
    return producers.reinstate(actor, producer_id, **data)
