"""Endpoints of test results."""

from typing import Any

from backend.base.actor import Actor
from backend.domains.testing import schemas
from backend.domains.testing import service as testing
from backend.http.api import Blueprint

blueprint = Blueprint("testing", description="检测结果")


@blueprint.post("/testing/results", needs="test:record", takes=schemas.NewResult, gives=schemas.ResultOut, status=201)
def record_result(actor: Actor, data: dict[str, Any]) -> testing.ResultFacts:
    """Keep a laboratory's report on a lot; a failing one stops the lot."""
    return testing.record(actor, **data)


@blueprint.get("/testing/results", needs="test:read", query=schemas.ResultsQuery, gives=schemas.ResultsOut)
def list_results(actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """The reports on a lot, oldest first."""
    return {"items": testing.results_of(actor, **query)}
