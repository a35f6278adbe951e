"""The bulletin: for each day the last signed state of the register, to be printed, copied and kept by anyone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.base import clock
from backend.base.errors import NotFound
from backend.domains.evidence.models import BulletinDay
from backend.domains.evidence.service.reading import CheckpointFacts, checkpoint

DAYS = 31


@dataclass(frozen=True, slots=True)
class DayFacts:
    """`sealed` leaves were sealed on that China day; `closed` when the day is over and its root is final."""

    day: date
    sealed: int
    closed: bool
    checkpoint: CheckpointFacts


def day(wanted: date) -> DayFacts:
    """Raises NotFound for a day on which nothing was sealed."""
    known = BulletinDay.find_one({"_id": wanted.isoformat()})
    if known is None:
        raise NotFound
    return _facts(known)


def days(year: int | None = None) -> Sequence[DayFacts]:
    """The newest days of a year (of this one) on which something was sealed; in January also those of December."""
    today = clock.today()
    years = [str(year)] if year else [str(today.year), str(today.year - 1)]
    found: list[BulletinDay] = []
    for one in years:
        found += BulletinDay.find({"year": one}, sort=[("created_at", -1)], limit=DAYS - len(found))
        if len(found) >= DAYS:
            break
    return [_facts(one) for one in found]


def days_after(after: str, size: int) -> Sequence[DayFacts]:
    """For walks of the worker: the next days on which something was sealed, oldest first."""
    return [_facts(one) for one in BulletinDay.find({"_id": {"$gt": after}}, sort=[("_id", 1)], limit=size)]


def _facts(known: BulletinDay) -> DayFacts:
    wanted = date.fromisoformat(known.id)
    return DayFacts(wanted, known.leaves, wanted < clock.today(), checkpoint(known.number))
