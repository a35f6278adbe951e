"""A salt for half a day: keys of rate limits are hashed under it, and afterwards nobody can tell whose."""

import secrets
import threading
from contextlib import suppress
from datetime import timedelta

from mongoengine import BinaryField, DateTimeField, StringField

from backend.base import clock
from backend.base.documents import Document, Duplicate

HOURS = 12
KEPT_PERIODS = 30  # how far back a worker that slept looks for salts to delete
_lock = threading.Lock()
_known: tuple[str, bytes] | None = None


class Salt(Document):
    """`_id` is the period: 2026-10-01.0 is its first half."""

    id = StringField(primary_key=True)
    salt = BinaryField(required=True)
    created_at = DateTimeField(required=True)

    meta = {"collection": "salts", "shard_key": ("id",), "indexes": []}


def _period(back: int = 0) -> str:
    moment = clock.local(clock.now()) - timedelta(hours=HOURS * back)
    return f"{moment.date().isoformat()}.{moment.hour // HOURS}"


def current() -> bytes:
    """The salt of now, the same in every process; made by whoever asks first."""
    global _known  # noqa: PLW0603 - one salt a process and a period
    period = _period()
    with _lock:
        if _known is None or _known[0] != period:
            _known = (period, _read(period))
        return _known[1]


def _read(period: str) -> bytes:
    if (row := Salt.find_one({"_id": period})) is None:
        with suppress(Duplicate):  # another process was first
            Salt.insert([Salt(id=period, salt=secrets.token_bytes(32), created_at=clock.now())])
        row = Salt.find_one({"_id": period})
    return bytes(row.salt) if row else b""


def forget() -> int:
    """Delete the salts of past periods; called by the worker. Returns how many there were."""
    global _known  # noqa: PLW0603 - see current
    with _lock:
        if _known is not None and _known[0] != _period():
            _known = None
    return Salt.delete_many({"_id": {"$in": [_period(back) for back in range(1, KEPT_PERIODS)]}})
