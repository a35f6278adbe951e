"""Timestamps from outside the house (RFC 3161): each day's last checkpoint gets one when the day is over.

One a day and in order of the days: cheap, bounded, and a day left out between two others is never an honest gap.
Sealing neither waits for it nor knows of it.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from prometheus_client import Gauge

from backend import gateways
from backend.base import clock
from backend.base.documents import Duplicate
from backend.base.errors import NotFound
from backend.domains.evidence.models import BulletinDay, EvidenceTimestamp, TimestampStanding
from backend.domains.evidence.rules import notes
from backend.domains.evidence.rules import stamping as rules
from backend.domains.evidence.service.reading import row_of
from backend.domains.evidence.service.sealing import checkpoint_id
from backend.gateways.timestamps import NoToken, TimestampAuthority

log = structlog.get_logger(__name__)
STANDING = "timestamps"
TURN = 5  # days of one turn of the worker, after an authority was away for long
FAILURES = Gauge("evidence_timestamp_failures", "Attempts in a row that brought no timestamp of the register")


@dataclass(frozen=True, slots=True)
class TimestampFacts:
    """`digest`, in hex, is what was stamped: the SHA-256 of the checkpoint's text; `reply` the authority's answer."""

    number: int
    at: datetime
    digest: str
    reply: bytes


def stamp() -> int:
    """Have the days stamped that are over and are not yet, oldest first; the worker's. Returns how many."""
    authority = gateways.current().timestamps
    standing = _standing()
    if authority is None or standing.get("next_at", clock.now()) > clock.now():
        return 0
    done, reason = 0, None
    try:
        for day in _due():
            _stamp(authority, row_of(day.number), day.id)
            done += 1
    except NoToken as failure:
        reason = failure.reason
    _remember(0 if done else int(standing.get("failures", 0)), reason)
    return done


def _due() -> Sequence[BulletinDay]:
    """Of a register that nobody stamped yet only the newest day: it covers all before."""
    newest = _newest_day()
    today = clock.civil_date(clock.now() - rules.SETTLED).isoformat()
    if newest is None:
        return BulletinDay.find({"_id": {"$lt": today}}, sort=[("_id", -1)], limit=1)
    return BulletinDay.find({"_id": {"$gt": newest, "$lt": today}}, sort=[("_id", 1)], limit=TURN)


def _newest_day() -> str | None:
    rows = EvidenceTimestamp.rows({}, ("day",), sort=[("_id", -1)], limit=1)
    return rows[0]["day"] if rows else None


def _stamp(authority: TimestampAuthority, row: dict[str, Any], day: str) -> None:
    """Raises NoToken."""
    token = authority.stamp(row["text"].encode())
    if not rules.possible(token.at, sealed=row["created_at"], now=clock.now()):
        raise NoToken("time_impossible")
    made = EvidenceTimestamp(
        id=checkpoint_id(row["number"]),
        number=row["number"],
        day=day,
        reply=token.reply,
        at=token.at,
        created_at=clock.now(),
    )
    with suppress(Duplicate):  # another worker was quicker, and its token stands
        EvidenceTimestamp.insert([made])


def _standing() -> dict[str, Any]:
    rows = TimestampStanding.rows({"_id": STANDING}, limit=1)
    return rows[0] if rows else {}


def _remember(failures: int, reason: str | None) -> None:
    """How it went, for the next turn and for /readyz; nothing is written while nothing changes."""
    failures += reason is not None
    FAILURES.set(failures)
    if reason is not None:
        log.warning("timestamp.failed", reason=reason, failures=failures)
        told = {"failures": failures, "reason": reason, "next_at": clock.now() + rules.pause(failures)}
        TimestampStanding.update_one({"_id": STANDING}, {"$set": told}, upsert=True)
    elif _standing().get("failures"):
        told = {"failures": 0, "reason": None, "next_at": clock.now()}
        TimestampStanding.update_one({"_id": STANDING}, {"$set": told})


def timestamp(number: int) -> TimestampFacts:
    """What was stamped and what the authority answered. Raises NotFound, `not_stamped`."""
    row = row_of(number)
    rows = EvidenceTimestamp.rows({"_id": row["_id"]}, limit=1)
    if not rows:
        raise NotFound("not_stamped")
    return TimestampFacts(number, rows[0]["at"], notes.text_hash(row["text"]).hex(), bytes(rows[0]["reply"]))


def stamping() -> dict[str, Any]:
    """For /readyz, where it is told and no reason to take the app out of service."""
    if gateways.current().timestamps is None:
        return {"enabled": False}
    standing = _standing()
    told = {"failures": standing.get("failures", 0), "reason": standing.get("reason")}
    return {"enabled": True, "last_day": _newest_day(), **told}
