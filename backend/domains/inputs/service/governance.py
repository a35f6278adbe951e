"""What happens to a rulebook version: two persons, a look at its impact, a day from which it holds."""

from dataclasses import dataclass
from datetime import date
from functools import partial

import structlog

from backend.base import clock, events, store
from backend.base.actor import Actor, system
from backend.base.errors import Forbidden, NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.inputs.models import ActiveRulebook, RulebookVersion
from backend.domains.inputs.service import digests, rulebooks
from backend.domains.inputs.service.loading import name_of
from backend.domains.inputs.service.versions import VersionFacts, stored, version

log = structlog.get_logger(__name__)
REVIEWABLE = frozenset({"draft", "approved", "scheduled"})


@dataclass(frozen=True)
class RulebookActivated(events.Event):
    version: str


def review(actor: Actor, word: str, *, verdict: str, note: str) -> VersionFacts:
    """The second person's word. Approving needs somebody other than who loaded it; a rejected version stays readable
    and is never activated. Raises NotFound, Forbidden `rulebook_own_review`, RuleBroken `rulebook_not_reviewable`,
    `rulebook_content_differs` when what is stored is not what was loaded."""
    if not actor.holds("rulebook:review"):
        raise Forbidden("forbidden", permission="rulebook:review")
    known = stored(word)
    if verdict == "approve":
        _check_approval(actor, known)
    allowed = ("draft",) if verdict == "approve" else tuple(REVIEWABLE)
    store.transaction(lambda: _review(actor, known, verdict, note, allowed))
    return version(word)


def _check_approval(actor: Actor, known: RulebookVersion) -> None:
    if name_of(actor) in (known.loaded_by, known.completed_by):
        raise Forbidden("rulebook_own_review")
    if known.state == "draft":
        digests.refuse_altered(str(known.id))


def _review(actor: Actor, known: RulebookVersion, verdict: str, note: str, allowed: tuple[str, ...]) -> None:
    moment = clock.now()
    said = {"verdict": verdict, "note": note, "by": name_of(actor), "at": moment}
    state = "approved" if verdict == "approve" else "rejected"
    where = {"_id": known.id, "state": {"$in": list(allowed)}}
    if not RulebookVersion.update_one(where, {"$set": {"state": state}, "$push": {"reviews": said}}):
        raise RuleBroken("rulebook_not_reviewable", field="verdict")
    body = {**said, "state": state, "version": known.id, "digest": known.digest, "content": known.content}
    evidence.append([evidence.Leaf("inputs.rulebook_review", str(known.id), None, body)])
    accounts.note(actor, f"rulebook.{verdict}", subjects=[known.id])


def impact_seen(word: str, *, against: str) -> None:
    """Somebody above has looked at what the version would change against another."""
    change = {"impact": {"against": against, "at": clock.now()}}
    if not RulebookVersion.update_one({"_id": word}, {"$set": change}):
        raise NotFound


def activate(actor: Actor, word: str, *, on: date) -> VersionFacts:
    """Make an approved version hold from that day on: at once when it has come, else when the worker sees it come.

    Raises NotFound, Forbidden, RuleBroken `rulebook_not_approved`, `rulebook_impact_missing` when nobody looked at what
    it changes against the version of now, `rulebook_content_differs`.
    """
    if not actor.holds("rulebook:load"):
        raise Forbidden("forbidden", permission="rulebook:load")
    known = stored(word)
    if known.state not in ("approved", "scheduled"):
        raise RuleBroken("rulebook_not_approved")
    _check_impact(known)
    digests.refuse_altered(word)
    store.transaction(lambda: _schedule(actor, known, on))
    if on <= clock.today():
        store.transaction(lambda: _switch(actor, stored(word)))
        rulebooks.forget()
    return version(word)


def _check_impact(known: RulebookVersion) -> None:
    active = ActiveRulebook.find_one({"_id": "active"})
    if active is None or known.impact.get("against") != active.version:
        raise RuleBroken("rulebook_impact_missing")


def _schedule(actor: Actor, known: RulebookVersion, on: date) -> None:
    where = {"_id": known.id, "state": {"$in": ["approved", "scheduled"]}}
    if not RulebookVersion.update_one(where, {"$set": {"state": "scheduled", "activates_on": on.isoformat()}}):
        raise RuleBroken("rulebook_not_approved")
    accounts.note(actor, "rulebook.schedule", subjects=[known.id, on.isoformat()])


def _switch(actor: Actor, known: RulebookVersion) -> None:
    _check_impact(known)
    active = ActiveRulebook.find_one({"_id": "active"})
    before = active.version if active else None
    if not RulebookVersion.update_one({"_id": known.id, "state": "scheduled"}, {"$set": {"state": "active"}}):
        raise RuleBroken("rulebook_not_approved")
    if before is not None:
        RulebookVersion.update_one({"_id": before}, {"$set": {"state": "retired"}})
    ActiveRulebook.update_one({"_id": "active", "version": before}, {"$set": {"version": known.id}})
    body = {"version": known.id, "digest": known.digest, "content": known.content}
    body |= {"before": before, "on": clock.today().isoformat()}
    evidence.append([evidence.Leaf("inputs.rulebook_active", str(known.id), None, body)])
    accounts.note(actor, "rulebook.activate", subjects=[known.id])
    events.publish(RulebookActivated(str(known.id)))


def _come(word: str) -> None:
    _switch(system("rulebook"), stored(word))


def activate_due() -> int:
    """A turn of the worker: the scheduled version whose day has come. One that was overtaken by another goes back to
    approved, for its impact must be looked at again, and so does one whose stored content is not what was loaded."""
    where = {"state": "scheduled", "activates_on": {"$lte": clock.today().isoformat()}}
    done = 0
    for row in RulebookVersion.rows(where, ["activates_on"], limit=5, sort=[("activates_on", 1)]):
        try:
            digests.refuse_altered(row["_id"])
            store.transaction(partial(_come, row["_id"]))
            done += 1
        except RuleBroken as problem:
            log.warning("rulebook.not_activated", version=row["_id"], reason=problem.reason)
            RulebookVersion.update_one({"_id": row["_id"], "state": "scheduled"}, {"$set": {"state": "approved"}})
    if done:
        rulebooks.forget()
    return done
