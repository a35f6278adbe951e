"""When somebody outside is asked for a timestamp again, and which times of theirs can be true."""

from datetime import datetime, timedelta

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=6)
SETTLED = timedelta(minutes=10)  # after midnight: a seal begun before it may still be written
APART = timedelta(minutes=5)  # how far our clock and theirs may lie apart


def pause(failures: int) -> timedelta:
    """How long to wait after so many failures in a row (from 1): doubling, never over six hours."""
    return min(FIRST * 2 ** min(failures - 1, 16), LONGEST)


def possible(at: datetime, *, sealed: datetime, now: datetime) -> bool:
    """Whether a token of this time can be about a checkpoint of that time and have been given by now."""
    return sealed - APART <= at <= now + APART
