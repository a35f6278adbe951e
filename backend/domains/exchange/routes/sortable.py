"""A lot's history as a workbook that can be sorted."""

from backend.base.actor import Actor
from backend.domains.exchange import service as exchange
from backend.domains.exchange.routes.blueprint import blueprint
from backend.http import limits
from backend.http.api import FileOut, Limit

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WALKING = (Limit("60 per minute", limits.by_bearer),)  # one answer may hold hundreds of lots


@blueprint.get("/exchange/lots/<lot_id>/sortable.xlsx", needs="lot:read", gives_file=SHEET, limits=WALKING)
def get_lot_sortable(actor: Actor, lot_id: str) -> FileOut:
    """All events of a lot's history with their key data elements, one line an event and lot (after FSMA 204)."""
    return FileOut(exchange.sortable_workbook(actor, lot_id), SHEET, "history.xlsx")
