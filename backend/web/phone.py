"""`/app/`: the phone client's browser build, out of the folder where it was built; nothing else is served."""

from pathlib import Path
from typing import cast

from flask import Blueprint, Response, request, send_from_directory

from backend.base.errors import NotFound, Unavailable
from backend.http.headers import CONTENT_POLICY
from backend.web import site

BUILT = Path(__file__).resolve().parents[2] / "miniapp_stub" / "dist" / "h5"
FOREVER = "public, max-age=31536000, immutable"
# Photos a person chose are blobs until they are kept on the phone; the toolkit's style sheet carries its icons as data.
POLICY = CONTENT_POLICY.replace("connect-src 'self'", "connect-src 'self' blob:").replace(
    "font-src 'self'", "font-src 'self' data:"
)

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
    if not (BUILT / name).is_file():
        raise NotFound
    return _file(name)


def _file(name: str) -> Response:
    """Names under js and css carry a hash of their content; the page and its worker do not."""
    response = send_from_directory(BUILT, name)
    response.headers["Cache-Control"] = FOREVER if name.startswith(("js/", "css/")) else "no-cache"
    response.headers["Content-Security-Policy"] = POLICY
    return cast(Response, response.make_conditional(request))
