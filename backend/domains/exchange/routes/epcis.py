"""EPCIS 2.0 endpoints: a lot's whole history as a document to capture, and queries."""

import json
from typing import Any
from urllib.parse import urlencode

from flask import after_this_request, request

from backend.base.actor import Actor
from backend.domains.exchange import schemas
from backend.domains.exchange import service as exchange
from backend.domains.exchange.routes.blueprint import blueprint
from backend.http import limits
from backend.http.api import FileOut, Limit

JSON_LD = "application/ld+json"
WALKING = (Limit("60 per minute", limits.by_bearer),)  # one answer may hold hundreds of lots
FILTERS = ("event_type", "since", "before", "biz_step", "disposition", "epc_class", "any_class")


@blueprint.get("/exchange/lots/<lot_id>/epcis.jsonld", needs="lot:read", gives_file=JSON_LD, limits=WALKING)
def get_lot_epcis(actor: Actor, lot_id: str) -> FileOut:
    """An EPCISDocument of all that came before and after a lot, as far as the reader may see it."""
    return _file(exchange.epcis_document(actor, lot_id), "epcis.jsonld")


@blueprint.get("/exchange/epcis/events", needs="lot:read", query=schemas.EpcisQuery, gives_file=JSON_LD, limits=WALKING)
def query_epcis_events(actor: Actor, query: dict[str, Any]) -> FileOut:
    """The events of a lot's history, or of a producer's own lots and deeds, as an EPCISQueryDocument."""
    wanted = exchange.epcis_asked(**{name: query.pop(name) for name in FILTERS})
    answer = exchange.epcis_query(actor, wanted=wanted, **query)
    if answer.next_page:
        _tell_next(answer.next_page)
    return _file(answer.document, "events.jsonld")


def _tell_next(token: str) -> None:
    """As the standard's REST binding has it: a Link header to the next page."""
    address = f"{request.base_url}?{urlencode({**request.args, 'nextPageToken': token})}"

    @after_this_request
    def linked(response: Any) -> Any:
        response.headers.add("Link", f'<{address}>; rel="next"')
        return response


def _file(document: Any, name: str) -> FileOut:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return FileOut(body, JSON_LD, name)
