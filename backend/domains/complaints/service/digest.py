"""One notice a day for officers with something to do, one a week for operators while holidays are missing."""

from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache

import structlog

from backend.base import clock, store
from backend.domains.accounts import service as accounts
from backend.domains.complaints import rules
from backend.domains.complaints.models import Complaint, DigestDay
from backend.domains.complaints.service.facts import nearly_until, working_calendar
from backend.domains.inbox import service as inbox

log = structlog.get_logger(__name__)
MORNING = time(8, 0)  # China time
CHUNK = 50
SHOWN = 300


@dataclass(frozen=True, slots=True)
class Load:
    """What waits in some places; each number stops at SHOWN."""

    overdue: int
    nearly: int
    waiting: int


def send_digests() -> int:
    """On working days from eight in the morning: the next CHUNK officers. Returns how many were told."""
    today = clock.today()
    if clock.local(clock.now()).time() < MORNING or not rules.is_working(today, working_calendar()):
        return 0
    day = DigestDay.find_one({"_id": f"{today}"}) or _begin(f"{today}")
    if day.ended:
        return 0
    load = cache(_load)
    officers = accounts.holders("complaint:triage", after=day.done_to, size=CHUNK)
    told = sum(_tell(officer, load(officer.regions), f"{today}") for officer in officers)
    last = officers[-1].account_id if officers else day.done_to
    DigestDay.update_one({"_id": day.id}, {"$set": {"done_to": last, "ended": len(officers) < CHUNK}})
    return told


def _begin(day: str) -> DigestDay:
    DigestDay.update_one({"_id": day}, {"$setOnInsert": {"done_to": "", "ended": False}}, upsert=True)
    return DigestDay(id=day, done_to="", ended=False)


def _load(regions: tuple[str, ...]) -> Load:
    yesterday, soon = f"{clock.today() - timedelta(days=1)}", f"{nearly_until()}"
    rows = {
        row["_id"]: row
        for region in regions
        for row in Complaint.rows(
            {"region_path": region, "open": True, "due_on": {"$lte": soon}},
            ("state", "due_on"),
            limit=SHOWN,
            sort=[("due_on", 1)],
        )
    }
    overdue = sum(1 for row in rows.values() if "" < row["due_on"] <= yesterday)
    nearly = sum(1 for row in rows.values() if row["due_on"] > yesterday)
    waiting = {
        row["_id"]
        for region in regions
        for row in Complaint.rows({"region_path": region, "open": True, "state": "submitted"}, ("_id",), limit=SHOWN)
    }
    return Load(overdue, nearly, len(waiting))


def _tell(officer: accounts.Holder, load: Load, day: str) -> int:
    if not (load.overdue or load.nearly or load.waiting):
        return 0
    said = {"overdue": load.overdue, "nearly": load.nearly, "waiting": load.waiting}
    store.transaction(
        lambda: inbox.tell([officer.account_id], "complaint_digest", key=f"digest-{day}", subject_id="", **said)
    )
    return 1


def missing_holidays() -> tuple[int, ...]:
    return rules.missing_years(clock.today(), working_calendar())


def warn_of_missing_years() -> int:
    """Tell the operators, once a week, which years of holidays are wanted. Returns how many years are missing."""
    missing, week = missing_holidays(), f"{clock.today():%G-W%V}"
    for year in missing:
        log.warning("holidays.missing", year=year)
        people = [one.account_id for one in accounts.holders("rulebook:load")]
        key = f"holidays-{year}-{week}"
        store.transaction(
            lambda key=key, year=year, people=people: inbox.tell(people, "holidays_missing", key=key, year=year)  # type: ignore[misc]
        )
    return len(missing)
