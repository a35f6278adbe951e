"""When a message is sent again, when it is given up, and what a receiver's answer means."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

FIRST_SECONDS = 5
LONGEST = timedelta(hours=6)
JITTER = 0.25  # of the pause, on top: a thousand messages that failed together do not come back together
MAX_ATTEMPTS = 20  # with these pauses a little over two days
LONGEST_LINE = timedelta(minutes=5)  # a receiver that is down is looked at again at least this often
PATIENCE = timedelta(days=3)  # a receiver that took nothing for so long is no longer spoken to
TIMED = frozenset({408, 425, 429})
GONE = 410


class Verdict(Enum):
    """`taken`; `refused` for this message's own sake; `unwell`: the receiver as a whole; `gone`: it wants no more."""

    TAKEN = "taken"
    REFUSED = "refused"
    UNWELL = "unwell"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Health:
    """How a receiver is: `failures` in a row of the receiver as a whole; `failing_since`: it took nothing since then,
    whatever it was sent; None while it takes what it is sent."""

    failures: int = 0
    failing_since: datetime | None = None


def judged(status: int | None) -> Verdict:
    """What an HTTP status says; None when there was no answer. A redirect is a refusal: nobody is followed."""
    if status is None or status >= 500 or status in TIMED:
        return Verdict.UNWELL
    if status == GONE:
        return Verdict.GONE
    return Verdict.TAKEN if 200 <= status < 300 else Verdict.REFUSED


def pause(attempts: int, chance: float, *, longest: timedelta = LONGEST) -> timedelta:
    """How long to wait after the `attempts`-th failure (from 1): doubling, never over `longest` and a quarter.
    `chance` in [0, 1) is drawn by the caller."""
    doubled = FIRST_SECONDS * 2 ** min(attempts - 1, 32)
    return timedelta(seconds=min(doubled, longest.total_seconds()) * (1 + JITTER * chance))


def is_dead(attempts: int) -> bool:
    """Whether a message that failed so often waits for a person now."""
    return attempts >= MAX_ATTEMPTS


def after(health: Health, verdict: Verdict, now: datetime) -> Health:
    """How the receiver is after this answer."""
    if verdict is Verdict.TAKEN:
        return Health()
    failures = 0 if verdict is Verdict.REFUSED else health.failures + 1
    return Health(failures, health.failing_since or now)


def is_hopeless(health: Health, now: datetime) -> bool:
    return health.failing_since is not None and now - health.failing_since >= PATIENCE
