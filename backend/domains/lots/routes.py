"""Endpoints of lots."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.lots import schemas
from backend.domains.lots import service as lots
from backend.http.api import Blueprint, page_of

blueprint = Blueprint("lots", description="产品批次与数量台账")


@blueprint.get("/lots", needs="lot:read", query=schemas.LotsQuery, gives=page_of(schemas.LotOut))
def list_lots(actor: Actor, query: dict[str, Any]) -> Page[lots.LotFacts]:
    """A producer's lots, newest first."""
    return lots.lots_of(actor, **query)


@blueprint.get("/lots/<lot_id>", needs="lot:read", gives=schemas.LotOut)
def get_lot(actor: Actor, lot_id: str) -> lots.LotFacts:
    """One lot, with what may still be certified of it."""
    return lots.lot(actor, lot_id)


@blueprint.post("/lots/<lot_id>/hold", needs="lot:hold", takes=schemas.HoldIn, gives=schemas.LotOut)
def hold_lot(actor: Actor, data: dict[str, Any], lot_id: str) -> lots.LotFacts:
    """Stop a lot: nothing of it can be certified until it is released."""
    return lots.hold(actor, lot_id=lot_id, **data)


@blueprint.post("/lots/<lot_id>/release", needs="lot:hold", takes=schemas.ReleaseIn, gives=schemas.LotOut)
def release_lot(actor: Actor, data: dict[str, Any], lot_id: str) -> lots.LotFacts:
    """Let a held lot go."""
    return lots.unhold(actor, lot_id=lot_id, **data)
