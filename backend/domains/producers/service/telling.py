"""Tells a producer's own people what others decided about it."""

from typing import Any

from backend.base.actor import Actor
from backend.domains.accounts import service as accounts
from backend.domains.inbox import service as inbox


def tell_people(actor: Actor, producer_id: str, kind: str, *, key: str, subject_id: str, **params: Any) -> None:
    """In the caller's transaction; whoever did it themselves is not told."""
    people = [one for one in accounts.people_of(producer_id, "producer:read") if one != actor.account_id]
    inbox.tell(people, kind, key=key, subject_id=subject_id, **params)
