"""Sending what is queued for one receiver: in order of each subject, at least once, later and later after failures."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from backend.base import clock, store
from backend.domains.exchange.models import MAX_TRIES, Delivery, DeliveryLane, DeliveryLine
from backend.domains.exchange.rules import deliveries as rules
from backend.domains.exchange.service import deliveries

log = structlog.get_logger(__name__)
LANES_AT_ONCE = 20
LOOK = timedelta(seconds=60)  # every line is looked at so often, whatever it was told


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of sending once."""

    verdict: rules.Verdict
    status: int | None = None
    reason: str = ""
    seconds: float = 0.0


Send = Callable[[Delivery], Attempt]


def serve(target: str, send: Send, *, seconds: float) -> int:
    """Send what is due for one receiver, one after the other, until nothing is, the time is over or it is unwell.
    Nobody else may serve the same line meanwhile. Returns how many were taken."""
    until = time.monotonic() + seconds
    claimed = clock.now() + LOOK  # what is queued meanwhile sets an earlier time, and is seen below
    DeliveryLine.update_one({"_id": target}, {"$set": {"due_at": claimed}})
    taken = 0
    while time.monotonic() < until and (lanes := _due_lanes(target)):
        for lane in lanes:
            attempt = _send_head(lane, send)
            taken += attempt.verdict is rules.Verdict.TAKEN
            if not _goes_on(target, attempt):
                return taken
            if time.monotonic() >= until:
                break
    DeliveryLine.update_one({"_id": target, "due_at": claimed}, {"$set": {"due_at": _next_due(target)}})
    return taken


def _due_lanes(target: str) -> list[DeliveryLane]:
    where = {"target": target, "state": "due", "due_at": {"$lte": clock.now()}}
    return DeliveryLane.find(where, limit=LANES_AT_ONCE, sort=[("due_at", 1)])


def _next_due(target: str) -> datetime:
    rows = DeliveryLane.rows({"target": target, "state": "due"}, ("due_at",), limit=1, sort=[("due_at", 1)])
    latest = clock.now() + LOOK
    return min(rows[0]["due_at"], latest) if rows else latest


def _send_head(lane: DeliveryLane, send: Send) -> Attempt:
    found = Delivery.find_one({"target": lane.target, "lane": lane.id, "place": lane.head, "state": "waiting"})
    if found is None:  # somebody gave it up a moment ago
        return Attempt(rules.Verdict.TAKEN)
    try:
        attempt = send(found)
    except Exception:
        log.exception("delivery.failed", kind=found.kind, target=lane.target)
        attempt = Attempt(rules.Verdict.REFUSED, reason="internal_error")
    store.transaction(lambda: _settle(lane, found, attempt))
    return attempt


def _settle(lane: DeliveryLane, sent: Delivery, attempt: Attempt) -> None:
    now = DeliveryLane.find_one({"target": lane.target, "_id": lane.id})
    if now is None or now.head != lane.head or now.state != "due":
        return
    if attempt.verdict is rules.Verdict.TAKEN:
        _write(sent, "taken", attempt, ended=True)
        deliveries.advance(now)
        return
    attempts = int(now.attempts) + 1
    dead = rules.is_dead(attempts)
    due = clock.now() + rules.pause(attempts, random.random())  # noqa: S311 - spreads load, hides nothing
    change = {"attempts": attempts, "state": "dead" if dead else "due", "due_at": due}
    DeliveryLane.update_one({"target": now.target, "_id": now.id}, {"$set": change})
    _write(sent, "dead" if dead else "waiting", attempt, ended=dead)


def _write(sent: Delivery, state: str, attempt: Attempt, *, ended: bool = False) -> None:
    tried = {"at": clock.now(), "status": attempt.status, "reason": attempt.reason}
    tried |= {"ms": round(attempt.seconds * 1000)}
    change: dict[str, Any] = {"$set": {"state": state, **({"ended_at": clock.now()} if ended else {})}}
    change |= {"$inc": {"attempts": 1}, "$push": {"tries": {"$each": [tried], "$slice": -MAX_TRIES}}}
    Delivery.update_one({"target": sent.target, "_id": sent.id}, change)


def _goes_on(target: str, attempt: Attempt) -> bool:
    """Keep how the receiver is; whether to go on with it now."""
    line = deliveries.line_of(target)
    if line is None:
        return True
    moment = clock.now()
    was = rules.Health(line.failures, line.failing_since)
    health = rules.after(was, attempt.verdict, moment)
    change: dict[str, Any] = {"failures": health.failures, "failing_since": health.failing_since}
    unwell = attempt.verdict in (rules.Verdict.UNWELL, rules.Verdict.GONE)
    if unwell:
        again = rules.pause(health.failures, random.random(), longest=rules.LONGEST_LINE)  # noqa: S311 - as above
        change["due_at"] = moment + again
    taken = attempt.verdict is rules.Verdict.TAKEN
    if taken:
        change["taken_at"] = moment
    if not taken or health != was or line.taken_at is None or moment - line.taken_at >= LOOK:
        DeliveryLine.update_one({"_id": target}, {"$set": change})
    return not unwell and line.state == "open"
