"""Endpoints of one's own data."""

from typing import Any

from backend.base.actor import Actor
from backend.domains.personal import schemas
from backend.domains.personal import service as personal
from backend.http import limits
from backend.http.api import LOGGED_IN, Blueprint, Limit

blueprint = Blueprint("personal", description="我的数据")
DOWNLOAD = {"Content-Disposition": 'attachment; filename="longtrace-my-data.json"', "Cache-Control": "no-store"}


@blueprint.get("/me/export", needs=LOGGED_IN, gives=schemas.ExportOut, limits=(Limit("20 per hour", limits.by_bearer),))
def export_my_data(actor: Actor) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Everything the platform keeps under your account, to be saved as a file."""
    return personal.export(actor), 200, DOWNLOAD


@blueprint.post("/me/deletion", needs=LOGGED_IN, takes=schemas.DeletionIn, gives=schemas.DeletedOut)
def delete_my_account(actor: Actor, _confirmed: dict[str, Any]) -> personal.Deleted:
    """Delete your account. The answer says what stays, why, and by which law; every session ends."""
    return personal.delete(actor)
