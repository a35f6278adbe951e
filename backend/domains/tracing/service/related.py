"""What to read next, by crop, as the feature above hands it in."""

from collections.abc import Sequence

from backend.base import clock
from backend.domains.tracing.models import RelatedReading
from backend.domains.tracing.rules import Related

MOST = 3


def related_to(crop: str) -> tuple[Related, ...]:
    rows = RelatedReading.rows({"_id": crop}, ("items",), limit=1)
    return tuple(Related(**one) for one in rows[0]["items"]) if rows else ()


def relate(crop: str, readings: Sequence[Related]) -> bool:
    """Offer these (at most 3) to readers of this crop's traces; the worker tells the stored ones. False when nothing
    changes."""
    wanted = tuple(readings)[:MOST]
    if related_to(crop) == wanted:
        return False
    items = [{"slug": one.slug, "kind": one.kind, "title": one.title} for one in wanted]
    change = {"items": items, "telling": True, "done_to": "", "changed_at": clock.now()}
    RelatedReading.update_one({"_id": crop}, {"$set": change, "$inc": {"version": 1}}, upsert=True)
    return True
