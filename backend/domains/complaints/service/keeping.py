"""What the worker does for complaints: nothing waits for ever, and clocks follow the holidays once they are known."""

from datetime import date

from backend.base import clock
from backend.base.actor import system
from backend.base.errors import StaleVersion
from backend.domains.complaints.models import Complaint
from backend.domains.complaints.service.steps import perform, recounted

CHUNK = 100
WORKER = system("worker")


def release_waiting() -> int:
    """What came by the slow lane and nobody looked at in time goes to the queue: it may be late, it is never lost."""
    rows = Complaint.rows({"state": "held", "created_at": {"$lte": clock.now()}}, limit=CHUNK, sort=[("created_at", 1)])
    due = [row for row in rows if date.fromisoformat(row["due_on"]) < clock.today()]
    done = 0
    for row in due:
        try:
            perform(WORKER, row, "release", by="system")
            done += 1
        except StaleVersion:  # an officer was faster
            continue
    return done


def recount() -> int:
    """Clocks that passed a year without holiday data are counted again."""
    rows = Complaint.rows({"open": True, "clock.provisional": True}, limit=CHUNK)
    changed = 0
    for row in rows:
        new = recounted(row) if row.get("due_on") else None
        if new is not None and (new["due_on"], new["clock"]) != (row["due_on"], row["clock"]):
            guard = {"_id": row["_id"], "version": row["version"]}
            changed += Complaint.update_one(guard, {"$set": new, "$inc": {"version": 1}})
    return changed
