"""Endpoints of what proves a certificate, and of checks at a market's gate; the public trace is in `backend/web`."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.tracing import schemas
from backend.domains.tracing import service as tracing
from backend.http import limits
from backend.http.api import PUBLIC, Blueprint, Limit, page_of
from backend.http.proofs import ProofsOut

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


@blueprint.get("/traces/<trace_code>/certificate", needs=PUBLIC, gives=schemas.SignedOut)
def get_signed(_actor: Actor, trace_code: str) -> dict[str, Any]:
    """The signed certificate word by word with its signature, to be checked without us (docs/model/signatures.md)."""
    return tracing.signed(trace_code)


@blueprint.get(
    "/traces/<trace_code>/proof", needs=PUBLIC, gives=ProofsOut, limits=(Limit("60 per minute", limits.by_address),)
)
def get_trace_proof(_actor: Actor, trace_code: str) -> dict[str, Any]:
    """What proves a certificate offline, by its trace code: the public content, and of the rest hash and place."""
    return {"items": tracing.proof(trace_code)}
