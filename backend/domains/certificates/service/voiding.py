"""Voiding: a certificate is never changed, but it can be taken back, with a reason that everyone sees at once. Giving
back: what a recall voided by mistake stands again, and both stay written."""

from collections.abc import Mapping
from typing import Any

from backend.base import clock, events, store
from backend.base.actor import Actor
from backend.base.errors import Conflict, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.certificates.models import MAX_TURNS, Certificate
from backend.domains.certificates.service import revoking
from backend.domains.certificates.service.facts import (
    CertificateFacts,
    CertificateRestored,
    CertificateVoided,
    facts_of,
    void_of,
)
from backend.domains.certificates.service.reading import row_of
from backend.domains.evidence import service as evidence
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers


def void(actor: Actor, certificate_id: str, *, reason: str, note: str = "") -> CertificateFacts:
    """Take the certificate back and its quantity into the lot. `reason` is a code of `void_reasons` and public, `note`
    is for those who may read the certificate. Voiding it again for the same reason answers what is there.

    Raises NotFound, RuleBroken `certificate_already_void`.
    """
    row = row_of(certificate_id)
    known = facts_of(row)
    producers.door(actor, known.producer_id, "certificate:void")
    if known.state == "void" and known.void_reason == reason:
        return known
    store.transaction(lambda: _void(actor, row, reason, note))
    return facts_of(row_of(certificate_id))


def _void(actor: Actor, row: Mapping[str, Any], reason: str, note: str) -> None:
    known = facts_of(row)
    said = {"reason": reason, "note": note, "at": clock.now(), "by": actor.account_id or actor.name}
    if not _turned(row, "void", said):
        raise RuleBroken("certificate_already_void")
    lots.release(known.lot_id, known.id, known.base)
    if known.proof:
        revoking.note(known.code, known.proof, clock.now())
    accounts.note(actor, "certificate.void", subjects=[known.id, known.lot_id], producer_id=known.producer_id)
    producers.tell_people(
        actor,
        known.producer_id,
        "certificate_voided",
        key=f"void{'-again' * (len(known.turns) // 2)}-{known.id}",  # the one before was told long ago
        subject_id=known.id,
        number=known.number,
        reason=("void_reasons", reason),
    )
    events.publish(CertificateVoided(known.code, known.id, known.producer_id, known.lot_id))


FIELDS = ("void", "restored", "voided_again")  # of the first three turns, each written once
KINDS = ("certificate.void", "certificate.restore", "certificate.void_again", "certificate.turn")


def _turned(row: Mapping[str, Any], turn: str, said: Mapping[str, Any]) -> bool:
    """Write the next turn, `void` or `restored`, with its leaf, in the caller's transaction. False when it stands so
    already, or somebody was quicker. What was written of an earlier turn stays as it is."""
    known = facts_of(row)
    if (known.state == "void") is (turn == "void"):
        return False
    number, these = min(len(known.turns), 3), {"producer_id": known.producer_id, "_id": known.id}
    told: dict[str, Any] = {"_id": known.id, "code": known.code, "turn": turn, **said}
    if number == 3:
        where = {**these, "standing": row.get("standing")}
        change = {"$set": {"standing": turn}, "$push": {"later": {"turn": turn, **said}}}
    else:
        first = {"state": "void"} if number == 0 else {}
        where = {**these, **({"state": "valid"} if number == 0 else {FIELDS[number]: None})}
        change = {"$set": {**first, FIELDS[number]: said}}
        told = {"_id": known.id, "code": known.code, "state": "void", FIELDS[number]: said}
    if not Certificate.update_one(where, change):
        return False
    evidence.append([evidence.Leaf(KINDS[number], known.id, known.producer_id, told)])
    return True


def restore(actor: Actor, certificate_id: str, *, recall_id: str) -> bool:
    """For the service above, when a recall was taken back: let the certificate stand again, if a recall and nothing
    else voided it, and its quantity is still there. In the caller's transaction, who knows that no other recall
    stands over its lot and tells its page anew. Raises NotFound.
    """
    row = row_of(certificate_id)
    known, void = facts_of(row), void_of(row)
    if (void.get("reason"), void.get("by")) != ("recalled", actor.name) or len(known.turns) >= MAX_TURNS:
        return False
    if not lots.reserve_again(known.lot_id, known.id, known.base):
        return False
    if not _turned(row, "restored", {"recall_id": recall_id, "at": clock.now(), "by": actor.name}):
        raise Conflict("certificate_busy")
    if known.proof:
        revoking.lift(known.code)
    accounts.note(actor, "certificate.restore", subjects=[known.id, recall_id], producer_id=known.producer_id)
    events.publish(CertificateRestored(known.code, known.id, known.producer_id, known.lot_id))
    return True
