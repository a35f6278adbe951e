"""The register for everyone: the bulletin of daily roots, and the files that mirrors and witnesses read (C2SP
tlog-tiles: /evidence/checkpoint, /evidence/tile/…)."""

import re
from datetime import date

from flask import Blueprint, Response

from backend.base import clock
from backend.base.errors import NotFound
from backend.domains.evidence import service as evidence
from backend.http.limits import limiter
from backend.web import pages, site

blueprint = Blueprint("bulletin", __name__)
site.fail_kindly(blueprint)
PLACE = re.compile(r"(?:x[0-9]{3}/){0,6}[0-9]{3}(?:\.p/[0-9]{1,3})?\Z")
FULL = 256
FOR_EVER = "public, max-age=31536000, immutable"  # a tile's hashes never change, nor does a timestamp


@blueprint.get("/evidence")
@blueprint.get("/evidence/", endpoint="bare")
def start() -> Response:
    return site.here("/evidence/bulletin")


@blueprint.get("/evidence/bulletin")
@limiter.limit("120 per minute")
def all_days() -> Response:
    """The newest state, and the root of each day."""
    newest = evidence.days()
    page = pages.render(
        "bulletin.html", site.lang(), here="/evidence/bulletin", days=newest, year=None, witnesses=_labels()
    )
    return site.html(page)


@blueprint.get("/evidence/bulletin/<day>")
@limiter.limit("120 per minute")
def one_day(day: str) -> Response:
    """One day, to be printed and hung up."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound from error
    told = evidence.day(wanted)
    return site.html(
        pages.render(
            "bulletin_day.html",
            site.lang(),
            here=f"/evidence/bulletin/{wanted.isoformat()}",
            told=told,
            witnesses=_labels(),
            printed=clock.now(),
        )
    )


def _labels() -> dict[str, str]:
    return {one.id: one.label for one in evidence.witnesses()}


@blueprint.get("/evidence/checkpoint")
@limiter.limit("300 per minute")
def checkpoint() -> Response:
    """The newest signed note, as it stands."""
    return Response(
        evidence.latest().note, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@blueprint.get("/evidence/checkpoint/<int:number>.txt")
@limiter.limit("300 per minute")
def old_checkpoint(number: int) -> Response:
    """An earlier signed note, to be kept as a file."""
    note = evidence.checkpoint(number).note
    return Response(note, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})


@blueprint.get("/evidence/checkpoint/<int:number>.tsr")
@limiter.limit("300 per minute")
def timestamp(number: int) -> Response:
    """What the timestamp authority answered, as `openssl ts` reads it."""
    reply = evidence.timestamp(number).reply
    headers = {"Content-Disposition": f'attachment; filename="{number}.tsr"', "Cache-Control": FOR_EVER}
    return Response(reply, content_type="application/timestamp-reply", headers=headers)


@blueprint.get("/evidence/tile/<int:level>/<path:place>")
@limiter.limit("600 per minute")
def tile(level: int, place: str) -> Response:
    number, width = _place(place)
    return _bytes(evidence.tile(level, number, width))


@blueprint.get("/evidence/tile/entries/<path:place>")
@limiter.limit("600 per minute")
def entries(place: str) -> Response:
    number, width = _place(place)
    return _bytes(evidence.entries_of_tile(number, width))


def _place(text: str) -> tuple[int, int]:
    """x001/x234/067.p/9 → (1234067, 9)."""
    if not PLACE.match(text):
        raise NotFound
    number, _, width = text.partition(".p/")
    return int(number.replace("x", "").replace("/", "")), int(width) if width else FULL


def _bytes(data: bytes) -> Response:
    return Response(data, content_type="application/octet-stream", headers={"Cache-Control": FOR_EVER})


@blueprint.get("/evidence/keep")
@limiter.limit("120 per minute")
def keep() -> Response:
    """The newest signed note as a file to save."""
    newest = evidence.latest()
    name = f"longtrace-{newest.size:012d}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(newest.note, content_type="text/plain; charset=utf-8", headers=headers)
