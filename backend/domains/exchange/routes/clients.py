"""Endpoints of API clients: who may come in with a key."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.exchange import service as exchange
from backend.domains.exchange.routes.blueprint import blueprint
from backend.domains.exchange.schemas import clients as schemas
from backend.http.api import page_of

CLIENT = "/clients/<api_client_id>"


@blueprint.get("/clients", needs="client:manage", query=schemas.ApiClientQuery, gives=page_of(schemas.ApiClientOut))
def list_clients(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """The API clients of a region or a producer; keys by their first characters."""
    return exchange.clients_of(actor, **query)


@blueprint.post("/clients", needs="client:manage", takes=schemas.NewApiClient, gives=schemas.IssuedOut, status=201)
def new_client(actor: Actor, data: dict[str, Any]) -> Any:
    """Let another system in, at most for what you may do yourself; its key is shown this once."""
    return exchange.new_client(actor, **data)


@blueprint.get(CLIENT, needs="client:manage", gives=schemas.ApiClientOut)
def get_client(actor: Actor, api_client_id: str) -> Any:
    """One API client."""
    return exchange.client(actor, api_client_id)


@blueprint.post(f"{CLIENT}/rotation", needs="client:manage", takes=schemas.RotateKey, gives=schemas.IssuedOut)
def rotate_key(actor: Actor, data: dict[str, Any], api_client_id: str) -> Any:
    """A new key; the old one goes on for the hours you say."""
    return exchange.rotate_key(actor, api_client_id=api_client_id, **data)


@blueprint.post(f"{CLIENT}/revocation", needs="client:manage", takes=schemas.RevokeClient, gives=schemas.ApiClientOut)
def revoke_client(actor: Actor, data: dict[str, Any], api_client_id: str) -> Any:
    """Shut it out at once."""
    return exchange.revoke_client(actor, api_client_id=api_client_id, **data)
