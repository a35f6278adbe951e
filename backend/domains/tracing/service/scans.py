"""Counts look-ups apart from reading: the reader hands over sums every few seconds, the page tells them later."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pymongo import UpdateOne

from backend.base import clock, store
from backend.domains.tracing.models import ScanTally
from backend.domains.tracing.rules import Tally, scan_summary
from backend.domains.tracing.service.building import swap
from backend.domains.tracing.service.clones import KEPT_PLACES, look_for_clones

CHUNK = 100
KEPT_DAYS = 60


def count_scans(counts: Mapping[str, int], at: datetime) -> None:
    """Add these sums to the tallies, in chunks. Unknown codes never come here: the reader counts what it found."""
    day = f"days.{clock.civil_date(at):%Y%m%d}"
    writes = [
        UpdateOne(
            {"_id": code},
            {
                "$inc": {"count": times, day: times},
                "$min": {"first_at": at},
                "$max": {"last_at": at},
                "$set": {"dirty": True},
            },
            upsert=True,
        )
        for code, times in counts.items()
    ]
    for start in range(0, len(writes), CHUNK):
        ScanTally.collection().bulk_write(writes[start : start + CHUNK], ordered=False)


def refresh_scan_summaries() -> int:
    """Tell changed tallies on their pages, at most CHUNK a call, the longest-waiting first. Returns how many."""
    due = ScanTally.rows(
        {"dirty": True, "last_at": {"$lte": clock.now()}}, limit=CHUNK, sort=[("dirty", 1), ("last_at", 1)]
    )
    for row in due:
        look_for_clones(row)
        store.transaction(lambda current=row: _tell(current))  # type: ignore[misc]
    return len(due)


def _tell(row: Mapping[str, Any]) -> None:
    """Only the scans of the stored story change: nothing else is read or told anew."""
    code = row["_id"]
    if not swap(code, scans=scan_summary(Tally(row["count"], row["first_at"], row["last_at"]))):
        return  # a rebuild came between; the tally stays dirty and is told next time
    ScanTally.update_one({"_id": code, "count": row["count"]}, {"$set": {"dirty": False}, **_forgotten(row)})


def _forgotten(row: Mapping[str, Any]) -> dict[str, Any]:
    """Drops the days and places that are past keeping, so that a tally never grows without end."""
    edge = f"{clock.today() - timedelta(days=KEPT_DAYS):%Y%m%d}"
    old = {f"days.{day}": "" for day in row.get("days", {}) if day < edge}
    newest = sorted(row.get("places", {}), key=lambda place: row["places"][place], reverse=True)
    old |= {f"places.{place}": "" for place in newest[KEPT_PLACES:]}
    return {"$unset": old} if old else {}
