"""Leases, so that of many workers one does a job at a time, and the heartbeat by which others see that one lives."""

from datetime import timedelta

from mongoengine import DateTimeField, StringField

from backend.base import clock
from backend.base.documents import Document, Duplicate


class Lease(Document):
    """Who runs a job now, and until when it is theirs without renewal."""

    id = StringField(primary_key=True)
    holder = StringField(required=True)
    until = DateTimeField(required=True)

    meta = {"collection": "leases", "shard_key": ("id",), "indexes": []}


class Heartbeat(Document):
    """When a worker last said that it lives; /readyz reads it."""

    id = StringField(primary_key=True)
    beat_at = DateTimeField(required=True)
    holder = StringField()

    meta = {"collection": "heartbeats", "shard_key": ("id",), "indexes": []}


def take(name: str, holder: str, seconds: int) -> bool:
    """Whether the lease is now the holder's: it was free, run out, or theirs already."""
    moment = clock.now()
    until = moment + timedelta(seconds=seconds)
    mine = {"$set": {"holder": holder, "until": until}}
    if Lease.update_one({"_id": name, "holder": holder}, mine):
        return True
    if Lease.update_one({"_id": name, "until": {"$lte": moment}}, mine):
        return True
    if Lease.find_one({"_id": name}) is not None:
        return False
    try:
        Lease.insert([Lease(id=name, holder=holder, until=until)])
    except Duplicate:
        return False
    return True


def give_back(name: str, holder: str) -> None:
    """Let the next worker have it at once."""
    Lease.delete_many({"_id": name, "holder": holder})


def beat(holder: str) -> None:
    Heartbeat.update_one({"_id": "worker"}, {"$set": {"beat_at": clock.now(), "holder": holder}}, upsert=True)


def silence() -> timedelta | None:
    """How long no worker has been heard; None when there never was one."""
    last = Heartbeat.find_one({"_id": "worker"})
    return None if last is None else clock.now() - last.beat_at
