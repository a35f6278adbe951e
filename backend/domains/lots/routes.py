"""Endpoints of lots, and of what happens to them."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.lots import schemas
from backend.domains.lots import service as lots
from backend.http import limits
from backend.http.api import Blueprint, FileOut, Limit, page_of

blueprint = Blueprint("lots", description="产品批次与数量台账")
EVENT = schemas.LotEventOut
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WALKING = (Limit("60 per minute", limits.by_bearer),)  # one answer may hold thousands of lots
SEEKING = (Limit("30 per minute", limits.by_bearer),)  # a code is given by its owner, not found by trying
SHIPMENT = "/lots/shipments/<shipment_id>"


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


@blueprint.get("/lots/events", needs="lot:read", query=schemas.EventsQuery, gives=page_of(EVENT))
def list_lot_events(actor: Actor, query: dict[str, Any]) -> Page[dict[str, Any]]:
    """What a producer did with its lots, or with one of them, newest entry first."""
    return lots.events_of(actor, **query)


@blueprint.post("/lots/conversions", needs="lot:move", takes=schemas.NewConversion, gives=EVENT, status=201)
def convert_lots(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Split, merge, repack or process: what comes out are new lots that know what they came from."""
    return lots.convert(actor, **data)


@blueprint.post("/lots/intakes", needs="lot:move", takes=schemas.NewIntake, gives=EVENT, status=201)
def take_in_goods(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Goods of somebody outside the platform came; their papers follow at `/certificates/proofs`."""
    return lots.take_in(actor, **data)


@blueprint.post("/lots/leavings", needs="lot:move", takes=schemas.NewLeaving, gives=EVENT, status=201)
def let_goods_leave(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Goods entered a market, were sold by retail, or were destroyed."""
    return lots.leave(actor, **data)


@blueprint.post("/lots/shipments", needs="lot:move", takes=schemas.NewShipment, gives=EVENT, status=201)
def ship_goods(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Send goods to another producer, who confirms what arrives, or to somebody outside the platform."""
    return lots.ship(actor, **data)


@blueprint.get("/lots/shipments", needs="lot:read", query=schemas.ShipmentsQuery, gives=page_of(EVENT))
def list_shipments(actor: Actor, query: dict[str, Any]) -> Page[dict[str, Any]]:
    """What is on its way to a producer or from it, newest first."""
    return lots.shipments(actor, **query)


@blueprint.get(
    "/lots/recipients", needs="lot:move", query=schemas.RecipientQuery, gives=schemas.RecipientOut, limits=SEEKING
)
def find_recipient(_actor: Actor, query: dict[str, Any]) -> Any:
    """Whom goods may be sent to, by the code they gave; producers cannot be searched (docs/decisions/0021)."""
    return lots.recipient(**query)


@blueprint.get(SHIPMENT, needs="lot:read", gives=EVENT)
def get_shipment(actor: Actor, shipment_id: str) -> dict[str, Any]:
    """One shipment, for both sides and those who supervise one of them."""
    return lots.shipment(actor, shipment_id)


@blueprint.post(f"{SHIPMENT}/receipt", needs="lot:move", takes=schemas.NewReceipt, gives=EVENT, status=201)
def receive_goods(actor: Actor, data: dict[str, Any], shipment_id: str) -> dict[str, Any]:
    """Confirm what arrived; it becomes lots of the receiver, and a difference is kept."""
    return lots.receive(actor, shipment_id=shipment_id, **data)


@blueprint.post(f"{SHIPMENT}/refusal", needs="lot:move", takes=schemas.NoteIn, gives=EVENT)
def refuse_goods(actor: Actor, data: dict[str, Any], shipment_id: str) -> dict[str, Any]:
    """The receiver does not take the goods: they are the sender's again."""
    return lots.refuse(actor, shipment_id=shipment_id, **data)


@blueprint.post(f"{SHIPMENT}/cancellation", needs="lot:move", takes=schemas.NoteIn, gives=EVENT)
def cancel_shipment(actor: Actor, data: dict[str, Any], shipment_id: str) -> dict[str, Any]:
    """The sender calls back what was not confirmed yet."""
    return lots.cancel(actor, shipment_id=shipment_id, **data)


@blueprint.post(f"{SHIPMENT}/settlement", needs="lot:move", takes=schemas.NoteIn, gives=EVENT)
def settle_shipment(actor: Actor, data: dict[str, Any], shipment_id: str) -> dict[str, Any]:
    """The sender agrees to what the receiver counted."""
    return lots.settle(actor, shipment_id=shipment_id, **data)


@blueprint.get(
    "/lots/<lot_id>/trace", needs="lot:read", query=schemas.TraceQuery, gives=schemas.LotTrace, limits=WALKING
)
def trace_lot(actor: Actor, query: dict[str, Any], lot_id: str) -> dict[str, Any]:
    """All a lot came from and all that came of it, in one answer, each as far as the reader may see it."""
    return lots.trace(actor, lot_id, **query)


@blueprint.get("/lots/ledger", needs="lot:read", query=schemas.BookQuery, gives=schemas.BookOut, limits=WALKING)
def get_book(actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """The book of purchases, sales and stock of a producer, as its harvests and events come to."""
    return lots.book(actor, **query)


@blueprint.get("/lots/ledger.xlsx", needs="lot:read", query=schemas.BookQuery, gives_file=SHEET, limits=WALKING)
def get_book_xlsx(actor: Actor, query: dict[str, Any]) -> FileOut:
    """The same as a workbook."""
    return FileOut(lots.book_xlsx(actor, **query), SHEET, "ledger.xlsx")
