"""The page of what an officer should look at twice: notes of the gate, and codes that may have been copied.

A flag accuses nobody; the page gives the numbers behind each and leads to the trace and to the producer.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, request

from backend.base import ids, vocab
from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.certificates import service as certificates
from backend.domains.producers import service as producers
from backend.domains.tracing import service as tracing
from backend.http import errors
from backend.web import desk, site

blueprint = Blueprint("flags", __name__)
site.fail_kindly(blueprint)
SHOWN = 20
KINDS = {"gate": "flag:read", "clones": "recall:read"}


@blueprint.get("/desk/flags")
@desk.open_to(*KINDS.values())
def listed(actor: Actor) -> Response:
    """One kind at a time, newest first, of one region."""
    kinds = [kind for kind, permission in KINDS.items() if actor.holds(permission)]
    kind = request.args.get("kind", "")
    kind = kind if kind in kinds else kinds[0]
    region, regions = desk.region_of(actor, KINDS[kind])
    rows, older = _gate(actor, region) if kind == "gate" else _clones(actor, region)
    return desk.page("flags.html", kind=kind, kinds=kinds, region=region, regions=regions, rows=rows, older=older)


def _cursor() -> str | None:
    return request.args.get("cursor", "")[:300] or None


def _gate(actor: Actor, region: str) -> tuple[list[dict[str, Any]], str | None]:
    found = certificates.flagged(actor, region=region, cursor=_cursor(), size=SHOWN) if region else Page([])
    cards = [certificates.card(one.certificate_id) for one in found.items if one.certificate_id]
    by_id = {card.id: card for card in cards}
    names = _names([ids.owner_of(one.id) for one in found.items])
    rows = [
        {
            "at": one.decided_at,
            "producer": names.get(ids.owner_of(one.id)),
            "card": by_id.get(one.certificate_id or ""),
            "notes": [_told(note) for note in one.notes],
        }
        for one in found.items
    ]
    return rows, found.next_cursor


def _told(note: Any) -> dict[str, Any]:
    """The sentence, and where its threshold comes from."""
    message, _ = errors.words(note.reason, note.params, site.lang())
    return {"message": message, "source": (note.details or {}).get("source")}


def _clones(actor: Actor, region: str) -> tuple[list[dict[str, Any]], str | None]:
    found = tracing.flags_of(actor, region=region, cursor=_cursor(), size=SHOWN) if region else Page([])
    names = _names([one.producer_id for one in found.items])
    rows = [
        {
            "at": one.last_at,
            "first_at": one.created_at,
            "producer": names.get(one.producer_id),
            "code": one.code,
            "sign": one.sign,
            "told": one.told,
            "places": [_place(code) for code in one.told.get("places", ())],
        }
        for one in found.items
    ]
    return rows, found.next_cursor


def _place(code: str) -> str:
    """A county by its name; of one outside the province only the number is known."""
    if code in vocab.get("regions"):
        return vocab.label("regions", code, site.lang())
    return f"外省 {code}" if site.lang() == "zh" else f"outside the province ({code})"


def _names(producer_ids: Sequence[str]) -> Mapping[str, producers.Named]:
    return {one.id: one for one in producers.names(sorted(set(producer_ids)))}
