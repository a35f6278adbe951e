"""What a recall reaches: every lot that came of where it begins, and who holds them. Nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.domains.farming import service as farming
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.testing import service as testing
from backend.domains.tracing.models import Recall
from backend.domains.tracing.service.recalling import batches_within, named


@dataclass(frozen=True, slots=True)
class Reach:
    """`found` nearest first; `holders` once each, by their ids."""

    found: Sequence[lots.Found]
    holders: Sequence[producers.Named]


def reach(keys: Sequence[str], window: lots.Window) -> Reach:
    """All that came of these marks (`lot:…`, `batch:…`, `producer:…`): reads the beginnings, and once each lot, each
    link and each holder, whatever else is in the store."""
    found = list(lots.reached(lots.beginnings(keys, window)))
    return Reach(found, named(sorted({one.lot.producer_id for one in found})))


def window_of(recall: Recall) -> lots.Window:
    """The days that bound it."""
    day = date.fromisoformat
    return lots.Window(*(day(one) if one else None for one in (recall.since, recall.until)))


def keys_of(recall: Recall) -> list[str]:
    """The marks of a recall; a drill has none, and finds them as the order would."""
    if not recall.drill:
        return lots.marked(recall.id)
    if recall.target == "producer":
        return [f"producer:{recall.target_id}"]
    if recall.target == "input":
        return [f"batch:{one}" for one in batches_within(recall.target_id, recall.region)]
    if recall.target == "site":
        return [f"batch:{one}" for one in farming.batches_on(recall.target_id)]
    return [f"lot:{_lot_of(recall)}"]


def _lot_of(recall: Recall) -> str:
    return testing.lot_of(recall.target_id) if recall.target == "test" else str(recall.target_id)
