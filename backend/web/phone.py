"""`/app/`: the phone client's browser build, out of the folder where it was built; nothing else is served."""

import mimetypes
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, request, send_from_directory

from backend import gateways
from backend.base.errors import NotFound, Unavailable
from backend.http.headers import CONTENT_POLICY
from backend.web import negotiate, site

BUILT = Path(__file__).resolve().parents[2] / "miniapp_stub" / "dist" / "h5"
CODINGS = {"br": ".br", "gzip": ".gz"}  # the better first
FOREVER = "public, max-age=31536000, immutable"
# Photos a person chose are blobs until they are kept on the phone; the toolkit's style sheet carries its icons as data.
POLICY = CONTENT_POLICY.replace("connect-src 'self'", "connect-src 'self' blob:").replace(
    "font-src 'self'", "font-src 'self' data:"
)
# The microphone: speaking instead of typing, where a browser offers it.
PERMITTED = "camera=(self), geolocation=(self), microphone=(self)"

blueprint = Blueprint("phone", __name__)
site.fail_kindly(blueprint)


@blueprint.get("/app")
def bare() -> Response:
    return site.here("/app/")


@blueprint.get("/app/")
def shell() -> Response:
    """The one page of the client; where it was not built, a page that says so and what works without it."""
    if not (BUILT / "index.html").is_file():
        raise Unavailable("app_not_built")
    return _file("index.html")


@blueprint.get("/app/<path:name>")
def file(name: str) -> Response:
    if name.endswith(tuple(CODINGS.values())) or not (BUILT / name).is_file():
        raise NotFound
    return _file(name)


def _file(name: str) -> Response:
    """Names under js and css carry a hash of their content; the page and its worker do not. The build leaves a smaller
    copy beside each text file."""
    asked = request.headers.get("Accept-Encoding", "")
    fitting = (one for one in CODINGS if negotiate.takes(asked, one) and (BUILT / f"{name}{CODINGS[one]}").is_file())
    coding = next(fitting, None)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = send_from_directory(BUILT, name + (CODINGS[coding] if coding else ""), mimetype=kind)
    response.headers["Vary"] = "Accept-Encoding"
    if coding:
        response.headers["Content-Encoding"] = coding
    response.headers["Cache-Control"] = FOREVER if name.startswith(("js/", "css/")) else "no-cache"
    response.headers["Content-Security-Policy"] = _policy()
    response.headers["Permissions-Policy"] = PERMITTED
    return cast(Response, response.make_conditional(request))


def _policy() -> str:
    """With a tile server, pictures from there too: they are asked for by a tap alone."""
    tiles = urlsplit(gateways.current().settings.map_tiles_url)
    return POLICY.replace("img-src", f"img-src {tiles.scheme}://{tiles.netloc}") if tiles.netloc else POLICY
