"""Upward news: a lower feature publishes, `app.py` alone says who listens.

`within` handlers run in the publisher's transaction and abort it by raising. `after` handlers are written to the outbox
in that transaction and delivered by the worker at least once, so they must be repeatable.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from mongoengine import DateTimeField, DictField, IntField, StringField

from backend.base import clock, ids
from backend.base.documents import Document

log = structlog.get_logger(__name__)
CLAIM = timedelta(seconds=60)  # a worker that died with an item gives it up after this
MAX_ATTEMPTS = 12  # with doubling pauses: about three hours; then once an hour, and told in /readyz
CHUNK = 100  # items that are counted, or taken up again with one command


@dataclass(frozen=True)
class Event:
    """Base of typed events; fields hold JSON values only."""


Handler = Callable[[Sequence[Any]], None]
EventType = TypeVar("EventType", bound=Event)

_within: dict[type[Event], list[Handler]] = defaultdict(list)
_after: dict[type[Event], list[str]] = defaultdict(list)
_types: dict[str, type[Event]] = {}
_handlers: dict[str, Handler] = {}


class OutboxItem(Document):
    """One event for one `after` handler; deleted when delivered, kept as `dead` while nobody can."""

    id = StringField(primary_key=True)
    event = StringField(required=True)
    handler = StringField(required=True)
    payload = DictField()
    state = StringField(required=True, choices=("due", "dead"), default="due")
    attempts = IntField(default=0)
    due_at = DateTimeField(required=True)
    created_at = DateTimeField(required=True)
    last_error = StringField()

    meta = {"collection": "outbox", "shard_key": ("id",), "indexes": [("state", "due_at")]}


def within(event: type[EventType], handler: Callable[[Sequence[EventType]], None]) -> None:
    if handler not in _within[event]:
        _within[event].append(handler)


def after(event: type[EventType], handler: Callable[[Sequence[EventType]], None]) -> None:
    name = f"{handler.__module__}.{handler.__qualname__}"
    _types[event.__name__] = event
    _handlers[name] = handler
    if name not in _after[event]:
        _after[event].append(name)


def publish(*news: Event) -> None:
    """To be called inside a transaction: runs the `within` handlers, queues for the `after` handlers."""
    by_type: dict[type[Event], list[Event]] = defaultdict(list)
    for event in news:
        by_type[type(event)].append(event)
    for kind, batch in by_type.items():
        for handler in _within[kind]:
            handler(batch)
    moment = clock.now()
    OutboxItem.insert(
        OutboxItem(
            id=ids.token(),
            event=type(event).__name__,
            handler=name,
            payload=asdict(event),
            due_at=moment,
            created_at=moment,
        )
        for event in news
        for name in _after[type(event)]
    )


def deliver(limit: int = 100) -> int:
    """Deliver what is due, say how many were. A failing item waits longer each time and blocks no other."""
    moment = clock.now()
    due = OutboxItem.find({"state": "due", "due_at": {"$lte": moment}}, sort=[("due_at", 1)], limit=limit)
    return sum(_deliver_one(item) for item in due)


def _deliver_one(item: OutboxItem) -> bool:
    claimed = OutboxItem.update_one(
        {"_id": item.id, "state": "due", "due_at": item.due_at},
        {"$set": {"due_at": clock.now() + CLAIM}, "$inc": {"attempts": 1}},
    )
    if not claimed:
        return False
    try:
        _handlers[item.handler]([_types[item.event](**item.payload)])
    except Exception as error:
        _postpone(item, error)
        return False
    OutboxItem.delete_many({"_id": item.id})
    return True


def _postpone(item: OutboxItem, error: Exception) -> None:
    attempts = item.attempts + 1
    log.error("outbox.failed", handler=item.handler, event_type=item.event, attempts=attempts, exc_info=error)
    OutboxItem.update_one(
        {"_id": item.id},
        {
            "$set": {
                "due_at": clock.now() + timedelta(seconds=min(2**attempts, 3600)),
                "state": "dead" if attempts >= MAX_ATTEMPTS else "due",
                "last_error": type(error).__name__,
            }
        },
    )


def deliver_dead_again() -> int:
    """Make what nobody could deliver due once more; it waits for no person. Returns how many were."""
    moment, done = clock.now(), 0
    dead = {"state": "dead", "due_at": {"$lte": moment}}
    again = {"$set": {"state": "due", "due_at": moment, "attempts": MAX_ATTEMPTS - 1}}
    while rows := OutboxItem.rows(dead, ("_id",), limit=CHUNK, sort=[("state", 1), ("due_at", 1)]):
        done += OutboxItem.update_many({**dead, "_id": {"$in": [row["_id"] for row in rows]}}, again)
    return done


def standing() -> dict[str, int]:
    """For /readyz, where it is told and no reason to take the app out of service: `dead` items (at most CHUNK), and
    the seconds for which the oldest other has been due."""
    moment = clock.now()
    dead = OutboxItem.rows({"state": "dead"}, ("_id",), limit=CHUNK)
    where = {"state": "due", "due_at": {"$lte": moment}}
    due = OutboxItem.rows(where, ("due_at",), limit=1, sort=[("state", 1), ("due_at", 1)])
    return {"dead": len(dead), "lag_seconds": int((moment - due[0]["due_at"]).total_seconds()) if due else 0}
