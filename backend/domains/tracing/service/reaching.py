"""What a recall reaches: every lot that came of where it begins, and who holds them. Nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.tracing.service.recalling import named


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
