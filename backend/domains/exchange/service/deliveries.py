"""The queue by which anything leaves: written in the transaction of what it tells of, in order of its subject; what
nobody would take is laid aside for a person. `deliveries_serving` sends from it."""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.base import clock, ids, store
from backend.base.documents import Page
from backend.base.errors import NotFound, RuleBroken
from backend.domains.exchange.models import Delivery, DeliveryLane, DeliveryLine

NEWS, NATIONAL = "news", "national"
CHUNK = 100  # a wide delete can stall a small server
TIDY_SECONDS = 30.0
KEPT = timedelta(days=30)  # what was taken stays in the log so long


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be told. `id` is the receiver's means to know it again; `subject` what it is about."""

    id: str
    kind: str
    subject: str
    body: str


def put(target: str, message: Message) -> bool:
    """Queue a message behind what waits about its subject, in the caller's transaction. False: it is there already."""
    delivery_id = f"{target}.{message.id}"
    if Delivery.rows({"target": target, "_id": delivery_id}, ("_id",), limit=1):
        return False
    _append(target, delivery_id, message)
    return True


def _append(target: str, delivery_id: str, message: Message) -> None:
    moment = clock.now()
    lane_id, place = _place(target, message.subject)
    made = Delivery(
        id=delivery_id,
        target=target,
        lane=lane_id,
        place=place,
        kind=message.kind,
        subject=message.subject,
        message_id=message.id,
        body=message.body,
        state="waiting",
        created_at=moment,
    )
    Delivery.insert([made])
    if target != NEWS:  # our own line is looked at every turn: one document less that all writers would meet at
        wake(target)


def _place(target: str, subject: str) -> tuple[str, int]:
    """The lane and the next place in it. Of two transactions that take the same place one meets a conflict and runs
    again: the order in a lane is that of their commits."""
    lane_id = f"{target}|{subject}"
    lane = DeliveryLane.find_one({"target": target, "_id": lane_id})
    if lane is None:
        new = {"target": target, "subject": subject, "state": "due", "due_at": clock.now(), "head": 0, "tail": 1}
        DeliveryLane.insert([DeliveryLane(id=lane_id, **new)])
        return lane_id, 0
    DeliveryLane.update_one({"target": target, "_id": lane_id}, {"$set": {"tail": lane.tail + 1}})
    return lane_id, int(lane.tail)


def open_line(target: str, channel: str) -> None:
    """Speak to this receiver (again); how it was before is forgotten."""
    well = {"channel": channel, "state": "open", "due_at": clock.now(), "failures": 0, "failing_since": None}
    DeliveryLine.update_one({"_id": target}, {"$set": well}, upsert=True)


def close_line(target: str) -> None:
    DeliveryLine.update_one({"_id": target}, {"$set": {"state": "closed"}})


def wake(target: str) -> None:
    """Look at this line now; one that is unwell keeps its pause. It is counted so that it is a write in any case, and
    meets whoever begins to serve the line at this very moment."""
    DeliveryLine.update_one({"_id": target, "failures": 0}, {"$min": {"due_at": clock.now()}, "$inc": {"wakes": 1}})


def line_of(target: str) -> DeliveryLine | None:
    return DeliveryLine.find_one({"_id": target})


def due_lines(limit: int) -> list[DeliveryLine]:
    """Receivers for whom something may be due, who waited longest first."""
    where = {"state": "open", "due_at": {"$lte": clock.now()}}
    return DeliveryLine.find(where, limit=limit, sort=[("due_at", 1)])


def anyone_listens() -> bool:
    return bool(DeliveryLine.rows({"state": "open"}, ("_id",), limit=1))


def advance(lane: DeliveryLane) -> None:
    key = {"target": lane.target, "_id": lane.id}
    if lane.head + 1 == lane.tail:
        DeliveryLane.delete_many(key)
        return
    change = {"head": lane.head + 1, "attempts": 0, "state": "due", "due_at": clock.now()}
    DeliveryLane.update_one(key, {"$set": change})


def send_again(target: str, delivery_id: str) -> None:
    """A dead message becomes due again in its place; one that was taken or given up is queued once more, behind what
    waits, under the same message id. One that waits is left alone. Raises NotFound."""
    store.transaction(lambda: _send_again(delivery(target, delivery_id)))


def delivery(target: str, delivery_id: str) -> Delivery:
    """Raises NotFound."""
    found = Delivery.find_one({"target": target, "_id": delivery_id})
    if found is None:
        raise NotFound
    return found


def _send_again(found: Delivery) -> None:
    if found.state == "waiting":
        return
    if found.state == "dead":
        change = {"$set": {"state": "waiting"}, "$unset": {"ended_at": ""}}
        Delivery.update_one({"target": found.target, "_id": found.id}, change)
        fresh = {"state": "due", "attempts": 0, "due_at": clock.now()}
        DeliveryLane.update_one({"target": found.target, "_id": found.lane}, {"$set": fresh})
        wake(found.target)
        return
    message = Message(found.message_id, found.kind, found.subject, found.body)
    _append(found.target, f"{found.target}.{found.message_id}.{ids.token(6)}", message)


def give_up(target: str, delivery_id: str) -> None:
    """Leave a dead message unsent and let what waits behind it go. Raises NotFound, RuleBroken `delivery_not_dead`."""
    store.transaction(lambda: _give_up(delivery(target, delivery_id)))


def _give_up(found: Delivery) -> None:
    lane = DeliveryLane.find_one({"target": found.target, "_id": found.lane})
    if found.state != "dead" or lane is None:
        raise RuleBroken("delivery_not_dead")
    change = {"state": "given_up", "ended_at": clock.now()}
    Delivery.update_one({"target": found.target, "_id": found.id}, {"$set": change})
    advance(lane)
    wake(found.target)


def send_dead_again(target: str) -> int:
    """All dead messages of a receiver, at most CHUNK a call; returns how many."""
    rows = Delivery.rows({"target": target, "state": "dead"}, ("_id",), limit=CHUNK, sort=[("created_at", 1)])
    for row in rows:
        send_again(target, row["_id"])
    return len(rows)


def decide(target: str, *, action: str, delivery_id: str | None) -> int:
    """A person's word on one message, or on all dead ones; says on how many. Raises NotFound, RuleBroken
    `delivery_not_dead`."""
    if delivery_id is None:
        if action != "send_again":
            raise RuleBroken("delivery_not_dead")
        return send_dead_again(target)
    (send_again if action == "send_again" else give_up)(target, delivery_id)
    return 1


def log_of(target: str, *, state: str | None = None, cursor: str | None = None, size: int = 50) -> Page[Delivery]:
    """What was and is to be sent to a receiver, newest first."""
    return Delivery.page({"target": target, **({"state": state} if state else {})}, cursor=cursor, size=size)


def backlog(target: str) -> Mapping[str, Any]:
    """How a receiver's line stands: seconds that the oldest message has waited, dead ones (at most CHUNK)."""
    line = line_of(target)
    waiting = Delivery.rows({"target": target, "state": "waiting"}, ("created_at",), limit=1, sort=[("created_at", 1)])
    dead = Delivery.rows({"target": target, "state": "dead"}, ("_id",), limit=CHUNK)
    waited = clock.now() - waiting[0]["created_at"] if waiting else timedelta()
    return {
        "state": line.state if line else "closed",
        "lag_seconds": int(waited.total_seconds()),
        "dead": len(dead),
        "failures": line.failures if line else 0,
        "failing_since": line.failing_since if line else None,
        "taken_at": line.taken_at if line else None,
    }


def tidy() -> int:
    """Forget what ended KEPT ago, give up what no webhook took so long and nobody decided on, and try dead news again,
    which waits for no person; a turn of the worker, that ends after TIDY_SECONDS: a busy day's messages go as quickly
    as they came."""
    gone, until = send_dead_again(NEWS), time.monotonic() + TIDY_SECONDS
    edge = clock.now() - KEPT
    gone += _give_up_old(edge)
    for state in ("taken", "given_up"):
        while time.monotonic() < until and (forgotten := _forget(state, edge)):
            gone += forgotten
    return gone


def _give_up_old(edge: datetime) -> int:
    where = {"state": "dead", "ended_at": {"$lt": edge}, "target": {"$nin": [NEWS, NATIONAL]}}
    rows = Delivery.rows(where, ("target",), limit=CHUNK)
    for row in rows:
        with suppress(NotFound, RuleBroken):  # somebody decided a moment ago
            give_up(row["target"], row["_id"])
    return len(rows)


def forget_target(target: str) -> int:
    """Drop some of what is queued for a receiver that is no more, and its log: lanes, messages, at last its line.
    Returns how many documents went; zero when nothing is left."""
    for kind in (DeliveryLane, Delivery):
        if rows := kind.rows({"target": target}, ("_id",), limit=CHUNK):
            return int(kind.delete_many({"target": target, "_id": {"$in": [row["_id"] for row in rows]}}))
    return int(DeliveryLine.delete_many({"_id": target}))


def _forget(state: str, edge: datetime) -> int:
    rows = Delivery.rows({"state": state, "ended_at": {"$lt": edge}}, ("target",), limit=CHUNK)
    targets = sorted({row["target"] for row in rows})
    return Delivery.delete_many({"_id": {"$in": [row["_id"] for row in rows]}, "target": {"$in": targets}})
