"""Endpoints of a cooperative's list of farmers."""

from typing import Any

from backend.base.actor import Actor
from backend.domains.producers import schemas
from backend.domains.producers import service as producers
from backend.domains.producers.routes.blueprint import blueprint
from backend.http.api import FileOut

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/producers/import-template", needs="producer:import", gives_file=XLSX)
def import_template(_actor: Actor) -> FileOut:
    """An empty list of farmers as a spreadsheet."""
    return FileOut(producers.template(), XLSX, "farmers-template.xlsx")


@blueprint.post(
    "/producers/<producer_id>/imports",
    needs="producer:import",
    query=schemas.ImportQuery,
    uploads=schemas.ImportFile,
    gives=schemas.ImportOut,
)
def import_farmers(actor: Actor, query: dict[str, Any], files: dict[str, Any], producer_id: str) -> Any:
    """Check a list of farmers row by row; with `commit=true` also keep it, wholly or not at all."""
    content = files["file"].stream.read(producers.MAX_IMPORT_BYTES + 1)
    return producers.import_farmers(actor, producer_id, content=content, **query)
