"""Endpoints of webhooks: who is told of what, and what became of it."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.exchange import service as exchange
from backend.domains.exchange.routes.blueprint import blueprint
from backend.domains.exchange.schemas import deliveries
from backend.domains.exchange.schemas import webhooks as schemas
from backend.http import limits
from backend.http.api import Limit, page_of

NEEDS = "webhook:manage"
WEBHOOK = "/webhooks/<webhook_id>"


@blueprint.get("/webhooks", needs=NEEDS, query=schemas.WebhooksQuery, gives=page_of(schemas.WebhookOut))
def list_webhooks(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """The webhooks of a client."""
    return exchange.webhooks_of(actor, **query)


@blueprint.post("/webhooks", needs=NEEDS, takes=schemas.NewWebhook, gives=schemas.SubscribedOut, status=201)
def new_webhook(actor: Actor, data: dict[str, Any]) -> Any:
    """Be told of events at an address of yours; the signing secret is shown this once."""
    return exchange.new_webhook(actor, **data)


@blueprint.get(WEBHOOK, needs=NEEDS, gives=schemas.WebhookOut)
def get_webhook(actor: Actor, webhook_id: str) -> Any:
    """One webhook."""
    return exchange.webhook(actor, webhook_id)


@blueprint.get(f"{WEBHOOK}/status", needs=NEEDS, gives=deliveries.DeliveryStandingOut)
def webhook_status(actor: Actor, webhook_id: str) -> Any:
    """How far it lags and what waits for a person."""
    return exchange.standing(actor, webhook_id=webhook_id)


@blueprint.post(f"{WEBHOOK}/state", needs=NEEDS, takes=schemas.WebhookState, gives=schemas.WebhookOut)
def set_webhook_state(actor: Actor, data: dict[str, Any], webhook_id: str) -> Any:
    """Disable it, or enable it again (what happened meanwhile is not sent), or end it for good."""
    return exchange.set_state(actor, webhook_id=webhook_id, **data)


@blueprint.post(f"{WEBHOOK}/rotation", needs=NEEDS, takes=schemas.RotateSecret, gives=schemas.SubscribedOut)
def rotate_secret(actor: Actor, data: dict[str, Any], webhook_id: str) -> Any:
    """A new signing secret; until the overlap ends messages carry a signature for each."""
    return exchange.rotate_secret(actor, webhook_id=webhook_id, **data)


@blueprint.post(
    f"{WEBHOOK}/ping",
    needs=NEEDS,
    gives=deliveries.DeliveryOut,
    status=202,
    limits=(Limit("10 per minute", limits.by_bearer),),
)
def ping_webhook(actor: Actor, webhook_id: str) -> Any:
    """Send a message that says nothing; the log tells what became of it."""
    return exchange.ping(actor, webhook_id=webhook_id)


@blueprint.get(
    f"{WEBHOOK}/deliveries", needs=NEEDS, query=deliveries.DeliveriesQuery, gives=page_of(deliveries.DeliveryOut)
)
def list_deliveries(actor: Actor, query: dict[str, Any], webhook_id: str) -> Page[Any]:
    """What was sent and what waits, newest first; kept for thirty days."""
    return exchange.sent(actor, webhook_id=webhook_id, **query)


@blueprint.post(
    f"{WEBHOOK}/replay", needs=NEEDS, takes=deliveries.DeliveryDecision, gives=deliveries.DeliveryDecidedOut
)
def replay_deliveries(actor: Actor, data: dict[str, Any], webhook_id: str) -> dict[str, int]:
    """Send a message again or give it up; without an id, send all dead ones again."""
    return {"count": exchange.resend(actor, webhook_id=webhook_id, **data)}
