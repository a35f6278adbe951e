"""Endpoints of signed certificates and of checks at a market's gate; the public trace is served by `backend/web`."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.tracing import schemas
from backend.domains.tracing import service as tracing
from backend.http.api import PUBLIC, Blueprint, page_of

blueprint = Blueprint("markets", description="验真与市场准入查验")
OUT = schemas.MarketCheckOut


@blueprint.post("/market/checks", needs="market:check", takes=schemas.NewCheck, gives=OUT, status=201)
def check_entry(actor: Actor, data: dict[str, Any]) -> tracing.CheckFacts:
    """Scan goods that enter a market: does the certificate stand? The check is kept."""
    return tracing.check_entry(actor, **data)


@blueprint.get("/market/checks", needs="market:read", query=schemas.ChecksQuery, gives=page_of(OUT))
def list_checks(actor: Actor, query: dict[str, Any]) -> Page[tracing.CheckFacts]:
    """What was checked in a region, newest first."""
    return tracing.checks_of(actor, **query)


@blueprint.get("/traces/<code>/certificate", needs=PUBLIC, gives=schemas.SignedOut)
def get_signed(_actor: Actor, code: str) -> dict[str, Any]:
    """The signed certificate word by word with its signature, to be checked without us (docs/model/signatures.md)."""
    return tracing.signed(code)
