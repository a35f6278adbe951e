"""`/f/{id}` and `/f/{id}.t`: photos and their thumbnails. Public ones are cached for good; private ones open by a short
signed link alone, and wrong, expired and unknown look alike. `/p/{id}-{rendition}`: pictures of articles, for all."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from backend import gateways
from backend.base import clock
from backend.base.errors import NotFound
from backend.gateways import files

blueprint = Blueprint("media", __name__)
FOREVER = "public, max-age=31536000, immutable"


@blueprint.get("/f/<name>")
def photo(name: str) -> Response:
    file_id, dot, suffix = name.partition(".")
    rendition = "thumb" if suffix == "t" else "full"
    if (
        not file_id.isalnum()
        or (dot and suffix != "t")
        or not (files.is_public(file_id) or _opened(file_id, rendition))
    ):
        raise NotFound
    return _sent(file_id, rendition, FOREVER if files.is_public(file_id) else "private, no-store")


@blueprint.get("/p/<name>")
def picture(name: str) -> Response:
    file_id, _, rendition = name.partition("-")
    if not (file_id.isalnum() and files.is_picture(file_id) and rendition in files.PICTURE_RENDITIONS):
        raise NotFound
    return _sent(file_id, rendition, FOREVER)


def _sent(file_id: str, rendition: str, cache: str) -> Response:
    found = gateways.current().files.read(file_id, rendition)
    response = Response(found.data, content_type=found.content_type)
    response.headers["ETag"] = found.etag
    response.headers["Cache-Control"] = cache
    return response.make_conditional(request)


def _opened(file_id: str, rendition: str) -> bool:
    return files.link_opens(
        file_id,
        rendition,
        expires=request.args.get("e", "")[:12],
        signature=request.args.get("s", "")[:80],
        now=clock.now(),
        secret=gateways.current().settings.link_secret,
    )
