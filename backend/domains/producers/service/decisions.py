"""What officers decide: approving or returning a declaration, suspending and reinstating a producer."""

from typing import Any

from backend.base import clock, events, ids, store, vocab
from backend.base.actor import Actor
from backend.base.errors import Conflict, NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.producers import rules
from backend.domains.producers.models import KEPT_CHANGES, Declaration, DeclaredSeason, Producer, StatusChange
from backend.domains.producers.service.doors import door
from backend.domains.producers.service.edits import owned, owned_producer, who
from backend.domains.producers.service.news import ProducerAdmitted, ProducerReinstated, ProducerSuspended
from backend.domains.producers.service.telling import tell_people


def decide(actor: Actor, declaration_id: str, *, verdict: str, reason: str = "") -> Declaration:
    """Approve, or return with a reason, a submitted declaration; the same decision sent twice is one.

    The first approval admits the producer. Raises NotFound, Conflict `already_decided` or `newer_declaration_exists`,
    RuleBroken `reason_missing` or `own_declaration`.
    """
    producer_id = ids.owner_of(declaration_id)
    door(actor, producer_id, "declaration:review")
    if producer_id in actor.producers("declaration:submit"):
        raise RuleBroken("own_declaration")
    return store.transaction(lambda: _decide(actor, producer_id, declaration_id, verdict, reason.strip()))


def _decide(actor: Actor, producer_id: str, declaration_id: str, verdict: str, reason: str) -> Declaration:
    found = owned(Declaration, producer_id, declaration_id)
    outcome = (vocab.get("declaration_verdicts")[verdict]["state"], who(actor), reason)
    if (found.state, found.decided_by, found.reason) == outcome:
        return found
    rules.check_decision(state=found.state, verdict=verdict, reason=reason)
    changes = dict(zip(("state", "decided_by", "reason"), outcome, strict=True)) | {"decided_at": clock.now()}
    guard = {"_id": found.id, "producer_id": producer_id, "state": "submitted"}
    if not Declaration.update_one(guard, {"$set": changes}):
        raise Conflict("already_decided")
    if verdict == "approve":
        _supersede_approved(found)
        _admit(actor, producer_id)
    decided = owned(Declaration, producer_id, declaration_id)
    _register(actor, decided, verdict)
    return decided


def _supersede_approved(approved: Declaration) -> None:
    key = {"_id": f"{approved.producer_id}.{approved.season}", "producer_id": approved.producer_id}
    head = DeclaredSeason.find_one(key)
    if head is None:
        raise NotFound
    if head.approved_id:
        Declaration.update_one(
            {"_id": head.approved_id, "producer_id": approved.producer_id, "state": "approved"},
            {"$set": {"state": "superseded"}},
        )
    DeclaredSeason.update_one(key, {"$set": {"approved_id": approved.id}})


def _admit(actor: Actor, producer_id: str) -> None:
    producer = owned_producer(producer_id)
    after = rules.status_after_approval(producer.status)
    if after != producer.status:
        _change_status(actor, producer, after, "", {})
        if after == "active":
            events.publish(ProducerAdmitted(producer_id))


def _change_status(actor: Actor, producer: Producer, status: str, reason: str, more: dict[str, Any]) -> None:
    change = StatusChange(status=status, reason=reason, changed_by=who(actor), changed_at=clock.now())
    update = {
        "$set": {"status": status, **more},
        "$push": {"history": {"$each": [change.to_mongo().to_dict()], "$slice": -KEPT_CHANGES}},
    }
    if not Producer.update_one({"_id": producer.id, "status": producer.status}, update):
        raise Conflict("already_decided")


def _register(actor: Actor, decided: Declaration, verdict: str) -> None:
    leaf = {
        "declaration_id": decided.id,
        "version": decided.version,
        "state": decided.state,
        "reason": decided.reason,
        "decided_at": decided.decided_at.isoformat(),
        "decided_by": decided.decided_by,
    }
    evidence.append([evidence.Leaf("declaration.decision", decided.id, decided.producer_id, leaf)])
    accounts.note(
        actor,
        f"declaration.{verdict}",
        subjects=[decided.id],
        producer_id=decided.producer_id,
        region=decided.region,
    )
    tell_people(
        actor,
        decided.producer_id,
        "declaration_decided",
        key=f"declaration-{decided.id}",
        subject_id=decided.id,
        season=decided.season,
        state=("declaration_states", decided.state),
        reason=decided.reason,
    )


def suspend(actor: Actor, producer_id: str, *, reason: str) -> Producer:
    """Stop a producer until it is reinstated; the reason is kept. Raises NotFound, RuleBroken, Conflict."""
    door(actor, producer_id, "producer:suspend")
    rules.check_reason(reason)
    return store.transaction(lambda: _suspend(actor, producer_id, reason.strip()))


def _suspend(actor: Actor, producer_id: str, reason: str) -> Producer:
    producer = owned_producer(producer_id)
    if producer.status == "suspended":
        raise Conflict("producer_already_suspended")
    _change_status(actor, producer, "suspended", reason, {"suspended_from": producer.status})
    return _told(actor, producer_id, "producer.suspend", reason, ProducerSuspended(producer_id))


def reinstate(actor: Actor, producer_id: str, *, reason: str) -> Producer:
    """Lift a suspension: the producer is again what it was. Raises NotFound, RuleBroken, Conflict."""
    door(actor, producer_id, "producer:suspend")
    rules.check_reason(reason)
    return store.transaction(lambda: _reinstate(actor, producer_id, reason.strip()))


def _reinstate(actor: Actor, producer_id: str, reason: str) -> Producer:
    producer = owned_producer(producer_id)
    if producer.status != "suspended":
        raise Conflict("producer_not_suspended")
    _change_status(actor, producer, producer.suspended_from or "registered", reason, {"suspended_from": None})
    return _told(actor, producer_id, "producer.reinstate", reason, ProducerReinstated(producer_id))


def _told(actor: Actor, producer_id: str, action: str, reason: str, news: events.Event) -> Producer:
    changed = owned_producer(producer_id)
    leaf = {
        "producer_id": producer_id,
        "status": changed.status,
        "reason": reason,
        "changed_at": changed.history[-1].changed_at.isoformat(),
        "changed_by": who(actor),
    }
    evidence.append([evidence.Leaf(action, producer_id, producer_id, leaf)])
    accounts.note(actor, action, subjects=[producer_id], producer_id=producer_id, region=changed.region)
    moment = changed.history[-1].changed_at
    kind = "producer_suspended" if changed.status == "suspended" else "producer_reinstated"
    tell_people(actor, producer_id, kind, key=f"{kind}-{moment.isoformat()}", subject_id=producer_id, reason=reason)
    events.publish(news)
    return changed
