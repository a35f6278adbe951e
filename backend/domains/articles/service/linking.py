"""Tells the traces of a crop what there is to read about it, from the outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.base import events
from backend.domains.articles.models import Reading
from backend.domains.tracing import service as tracing

LOOKED_AT = 30


@dataclass(frozen=True)
class ReadingChanged(events.Event):
    """What there is to read about these crops is not what it was."""

    crops: Sequence[str]


def on_reading_changed(batch: Sequence[ReadingChanged]) -> None:
    for news in batch:
        for crop in news.crops:
            tracing.relate(crop, about(crop))


def about(crop: str) -> list[tracing.Related]:
    """The readings that are most about this crop: those with the fewest other crops first, then the newest."""
    fields = ("kind", "title", "created_at", "content.crops")
    rows = Reading.rows({"marks": f"crop:{crop}"}, fields, limit=LOOKED_AT, sort=[("created_at", -1)])
    return [tracing.Related(row["_id"], row["kind"], row["title"]) for row in sorted(rows, key=_breadth)]


def _breadth(row: Mapping[str, Any]) -> int:
    return len(row["content"].get("crops", ()))
