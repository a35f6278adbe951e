"""Cases as numbers may be made of them: what about, where, when, and nothing of who reported or of whom."""

from dataclasses import dataclass
from datetime import datetime

from backend.domains.complaints.models import Complaint

COUNTED = ("category", "region", "open", "created_at")


@dataclass(frozen=True, slots=True)
class CountedCase:
    """`id` is only for going on after it."""

    id: str
    category: str
    region: str
    open: bool
    created_at: datetime


def cases_after(after: str, size: int) -> list[CountedCase]:
    """For walks of the worker: the next cases by their id."""
    rows = Complaint.rows({"_id": {"$gt": after}}, COUNTED, limit=size, sort=[("_id", 1)])
    return [CountedCase(row["_id"], row["category"], row["region"], row["open"], row["created_at"]) for row in rows]
