"""Consents: each accepted question is worth one message, and a retry of the same tap counts once."""

from collections.abc import Sequence

from backend.base.actor import Actor
from backend.base.documents import Duplicate
from backend.domains.inbox.models import Consent
from backend.domains.inbox.service.reading import Summary, owner, summary

REMEMBERED = 20
MOST = 100


def agree(actor: Actor, *, client_id: str, kinds: Sequence[str]) -> Summary:
    """Count one message of each kind."""
    account_id = owner(actor)
    for kind in dict.fromkeys(kinds):
        if not _count(account_id, kind, client_id):
            _first(account_id, kind, client_id)
    return summary(actor)


def _count(account_id: str, kind: str, client_id: str) -> bool:
    """Whether there is a row for this kind; it counts unless it did already, or there are more than anyone needs."""
    key = {"_id": f"{account_id}.{kind}"}
    change = {"$inc": {"count": 1}, "$push": {"asked": {"$each": [client_id], "$slice": -REMEMBERED}}}
    counted = Consent.update_one({**key, "asked": {"$ne": client_id}, "count": {"$lt": MOST}}, change)
    return counted or bool(Consent.rows(key, ("_id",), limit=1))


def _first(account_id: str, kind: str, client_id: str) -> None:
    row = Consent(id=f"{account_id}.{kind}", account_id=account_id, kind=kind, count=1, asked=[client_id])
    try:
        Consent.insert([row])
    except Duplicate:  # the same person's first two taps at once
        _count(account_id, kind, client_id)
