"""What features above may know of the recalls that reached a lot, also of those that were taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.domains.tracing.models import Recall, RecallLot

CHUNK = 200


@dataclass(frozen=True, slots=True)
class RecallOnLot:
    """`withdrawn_at` is None while it stands, and for ever where it was closed."""

    recall_id: str
    lot_id: str
    ordered_at: datetime
    withdrawn_at: datetime | None


def recalls_on(lot_ids: Sequence[str]) -> list[RecallOnLot]:
    """The recalls that were found to reach these lots; a drill reaches none. One command a CHUNK of
    lots, and one more for each CHUNK of recalls."""
    rows = [
        row
        for start in range(0, len(lot_ids), CHUNK)
        for row in RecallLot.every({"lot_id": {"$in": list(lot_ids[start : start + CHUNK])}}, ("lot_id", "recall_id"))
    ]
    named, known = sorted({row["recall_id"] for row in rows}), dict[str, Recall]()
    for start in range(0, len(named), CHUNK):
        found = Recall.find({"_id": {"$in": named[start : start + CHUNK]}}, limit=CHUNK)
        known |= {one.id: one for one in found if not one.drill}
    return [
        RecallOnLot(one.id, row["lot_id"], one.created_at, one.withdrawn_at)
        for row in rows
        if (one := known.get(row["recall_id"]))
    ]
