"""Endpoints of the open data: for everyone, without a login."""

from typing import Any

from backend.base.actor import Actor
from backend.domains.exchange import service as exchange
from backend.domains.exchange.routes.blueprint import blueprint
from backend.domains.exchange.schemas import dumps as schemas
from backend.http import limits
from backend.http.api import PUBLIC, FileOut, Limit

DUMP = "/exchange/dumps/<dataset>/<day>"
READING = (Limit("60 per minute", limits.by_address),)
YEAR = 365 * 24 * 3600  # a dump never changes; it can only go


@blueprint.get("/exchange/dumps", needs=PUBLIC, gives=schemas.DataSetsOut, limits=READING)
def list_dumps(_actor: Actor) -> dict[str, Any]:
    """The data sets with their licence, their column dictionary and their dumps; the page is /open."""
    return {"items": [schemas.shown(one) for one in exchange.data_sets()]}


@blueprint.get(f"{DUMP}.csv", needs=PUBLIC, gives_file="text/csv", limits=READING)
def get_dump_csv(_actor: Actor, dataset: str, day: str) -> FileOut:
    """A dump as CSV (RFC 4180, UTF-8 with a byte order mark, for Excel); text that a spreadsheet would run as a formula
    has an apostrophe before it."""
    return _file(dataset, day, "csv")


@blueprint.get(f"{DUMP}.jsonl", needs=PUBLIC, gives_file="application/jsonl", limits=READING)
def get_dump_jsonl(_actor: Actor, dataset: str, day: str) -> FileOut:
    """A dump as JSON Lines: a row a line, values exactly as they are."""
    return _file(dataset, day, "jsonl")


def _file(dataset: str, day: str, form: str) -> FileOut:
    known, packed = exchange.dump_file(dataset, day, form)
    name = f"longtrace-{dataset}-{day}.{form}"
    return FileOut(packed, known.content_type, name, public_seconds=YEAR, etag=known.sha256, packed=True)
