"""Endpoints of the push to the national platform, for operators."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.exchange import service as exchange
from backend.domains.exchange.routes.blueprint import blueprint
from backend.domains.exchange.schemas import deliveries
from backend.domains.exchange.schemas import national as schemas
from backend.http.api import page_of

NEEDS = "national:manage"


@blueprint.get("/national/status", needs=NEEDS, gives=schemas.NationalStatusOut)
def national_status(actor: Actor) -> dict[str, Any]:
    """Whether the push is on, how far it lags, what waits for a person."""
    return exchange.national_status(actor)


@blueprint.get(
    "/national/deliveries", needs=NEEDS, query=deliveries.DeliveriesQuery, gives=page_of(deliveries.DeliveryOut)
)
def list_national(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """What was pushed and what waits, newest first; kept for thirty days."""
    return exchange.national_messages(actor, **query)


@blueprint.post("/national/replay", needs=NEEDS, takes=deliveries.DeliveryDecision, gives=deliveries.DeliveryDecidedOut)
def replay_national(actor: Actor, data: dict[str, Any]) -> dict[str, int]:
    """Push a message again or give it up; without an id, push all dead ones again."""
    return {"count": exchange.repeat_national(actor, **data)}
