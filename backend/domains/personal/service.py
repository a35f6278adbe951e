"""Verbs about one's own data, across every feature that keeps something of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.base import clock, store, vocab
from backend.base.actor import Actor
from backend.domains.accounts import service as accounts
from backend.domains.complaints import service as complaints
from backend.domains.inbox import service as inbox
from backend.domains.producers import service as producers


@dataclass(frozen=True, slots=True)
class Deleted:
    """`kept`: terms of the vocabulary `kept_data`, each with what stays, why, and by which law."""

    deleted_at: datetime
    kept: Sequence[vocab.Term]


def export(actor: Actor) -> dict[str, Any]:
    """Everything that is kept under the actor's account. That it was taken is itself recorded."""
    account_id, memberships = str(actor.account_id), _memberships(actor)
    known = accounts.own_data(actor)
    return {
        "exported_at": clock.now(),
        **known,
        "producers": producers.names(memberships),
        "answers": producers.answers_by(account_id, memberships),
        "consents": inbox.consents_of(account_id),
        "notices": inbox.all_notices(actor),
        "complaints": complaints.of_account(account_id),
    }


def _memberships(actor: Actor) -> list[str]:
    return list(dict.fromkeys(grant.producer_id for grant in actor.grants if grant.producer_id))


def delete(actor: Actor) -> Deleted:
    """End the account. Notices go first, in parts: whoever is interrupted is still there and simply asks again.

    Raises RuleBroken `staff_account`.
    """
    accounts.check_may_close(actor)
    inbox.forget_notices(str(actor.account_id))
    return store.transaction(lambda: _delete(actor))


def _delete(actor: Actor) -> Deleted:
    account_id, memberships = str(actor.account_id), _memberships(actor)
    for left in producers.names(memberships):
        accounts.note(actor, "account.leave", subjects=[account_id], producer_id=left.id, region=left.region)
    reported = complaints.unlink(account_id)
    inbox.forget(account_id)
    accounts.close(actor)
    reasons = {"always"} | ({"producer"} if memberships else set()) | ({"complaint"} if reported else set())
    return Deleted(clock.now(), [term for term in vocab.get("kept_data") if term["when"] in reasons])
