"""GS1 Digital Link resolution: `/01/{gtin}/10/{lot}` leads to a trace or to one of its other links, and says which
there are (GS1-Conformant resolver standard, RFC 9264)."""

import json
from typing import Any, cast
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request

from backend.domains.exchange import service as exchange
from backend.web import negotiate, site

blueprint = Blueprint("links", __name__)
LINKSET = "application/linkset+json"
WHOLE = ("linkset", "all")  # `all` is what the first edition called it
CONTEXT = '<https://ref.gs1.org/standards/resolver/linkset-context>; rel="http://www.w3.org/ns/json-ld#context"'
DAY = "public, max-age=86400"
site.fail_kindly(blueprint)


@blueprint.get("/01/<path:item>")
@blueprint.get("/gtin/<path:item>", endpoint="named_key")
def digital_link(item: str) -> Response:
    """To the link that was asked for with `linkType`, to the trace page otherwise; or all links as a linkset."""
    code, asked = exchange.code_behind(item), request.args.get("linkType", "")[:200]
    if asked in WHOLE or (not asked and _wants_linkset()):
        return _linkset(code, f"/01/{quote(item)}")
    wanted = negotiate.wants_json(request.headers.get("Accept", ""))
    path = exchange.link_target(code, exchange.link_type(asked), json=wanted, lang=site.lang())
    response = cast(Response, redirect(path, 307))
    response.headers["Link"] = f'<{quote(request.path)}?linkType=linkset>; rel="linkset"; type="{LINKSET}"'
    response.headers["Vary"] = "Accept, Accept-Language"
    return _for_everyone(response)


@blueprint.get("/t/<code>/linkset")
def own_linkset(code: str) -> Response:
    """The same of a trace code of ours, for goods without a GTIN."""
    printed = exchange.printed_code(code)
    return _linkset(printed, f"/t/{printed}")


@blueprint.get("/.well-known/gs1resolver")
def description() -> Response:
    return _sent(exchange.resolver(), "application/json", DAY)


def _wants_linkset() -> bool:
    return any(name == LINKSET and weight > 0 for name, weight in negotiate.weights(request.headers.get("Accept", "")))


def _linkset(code: str, anchor: str) -> Response:
    response = _sent(exchange.linkset(code, anchor), LINKSET, "no-cache")
    response.headers["Link"] = CONTEXT
    response.headers["Vary"] = "Accept"
    return response


def _sent(said: Any, content_type: str, cache: str) -> Response:
    response = Response(json.dumps(said, ensure_ascii=False), content_type=content_type)
    response.headers["Cache-Control"] = cache
    return _for_everyone(response)


def _for_everyone(response: Response) -> Response:
    """Links are public, and the standard wants them readable from any site."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
