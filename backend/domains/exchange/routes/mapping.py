"""Endpoints of the mappings to Chinese standards."""

from typing import Any

from backend.base.actor import Actor
from backend.domains.exchange import schemas
from backend.domains.exchange import service as exchange
from backend.domains.exchange.routes.blueprint import blueprint
from backend.http.api import PUBLIC


@blueprint.get("/exchange/mappings", needs=PUBLIC, gives=schemas.MappingsOut)
def list_mappings(_actor: Actor) -> dict[str, Any]:
    """The standards there is a mapping to, and how much of each is known."""
    return {"items": [term.data for term in exchange.standards()]}


@blueprint.get("/exchange/mappings/<mapping>", needs=PUBLIC, gives=schemas.WholeMapping)
def get_mapping(_actor: Actor, mapping: str) -> Any:
    """One mapping, field by field, each marked sure or unsure with its source."""
    return exchange.standard(mapping).data


@blueprint.get("/exchange/lots/<lot_id>/mapped/<mapping>", needs="lot:read", gives=schemas.MappedLot)
def get_mapped_lot(actor: Actor, lot_id: str, mapping: str) -> dict[str, Any]:
    """A lot in the shape of a standard; what is unsure is marked, and nothing is made up."""
    return exchange.mapped(actor, lot_id=lot_id, code=mapping)
