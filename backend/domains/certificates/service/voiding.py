"""Voiding: a certificate is never changed, but it can be taken back, with a reason that everyone sees at once. Giving
back: what a recall voided by mistake stands again, and both stay written."""

from collections.abc import Mapping
from typing import Any

from backend.base import clock, events, store
from backend.base.actor import Actor
from backend.base.errors import Conflict, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.certificates.models import Certificate
from backend.domains.certificates.service import revoking
from backend.domains.certificates.service.facts import (
    CertificateFacts,
    CertificateRestored,
    CertificateVoided,
    facts_of,
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
    store.transaction(lambda: _void(actor, known, reason, note, again=bool(row.get("restored"))))
    return facts_of(row_of(certificate_id))


def _void(actor: Actor, known: CertificateFacts, reason: str, note: str, *, again: bool) -> None:
    said = {"reason": reason, "note": note, "at": clock.now(), "by": actor.account_id or actor.name}
    if not Certificate.update_one(*_voiding(known, said, again)):
        raise RuleBroken("certificate_already_void")
    lots.release(known.lot_id, known.base)
    if known.proof:
        revoking.note(known.code, known.proof, clock.now())
    field, kind = ("voided_again", "certificate.void_again") if again else ("void", "certificate.void")
    voided = {"_id": known.id, "code": known.code, "state": "void", field: said}
    evidence.append([evidence.Leaf(kind, known.id, known.producer_id, voided)])
    accounts.note(actor, "certificate.void", subjects=[known.id, known.lot_id], producer_id=known.producer_id)
    producers.tell_people(
        actor,
        known.producer_id,
        "certificate_voided",
        key=f"void-again-{known.id}" if again else f"void-{known.id}",  # the first was told long ago
        subject_id=known.id,
        number=known.number,
        reason=("void_reasons", reason),
    )
    events.publish(CertificateVoided(known.code, known.id, known.producer_id, known.lot_id))


def _voiding(known: CertificateFacts, said: Mapping[str, Any], again: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """(the guard, the change): a first void, or one of a certificate that had been given back."""
    these = {"producer_id": known.producer_id, "_id": known.id}
    if again:
        return {**these, "voided_again": None}, {"$set": {"voided_again": said}}
    return {**these, "state": "valid"}, {"$set": {"state": "void", "void": said}}


def restore(actor: Actor, certificate_id: str, *, recall_id: str) -> bool:
    """For the service above, when a recall was taken back: let the certificate stand again, if that recall and nothing
    else voided it, for the first time, and its quantity is still there. In the caller's transaction, who tells its page
    anew. Raises NotFound.
    """
    row = row_of(certificate_id)
    known, void = facts_of(row), row.get("void") or {}
    if row.get("restored") or (void.get("reason"), void.get("by")) != ("recalled", actor.name):
        return False
    if not lots.reserve_again(known.lot_id, known.base):
        return False
    said = {"recall_id": recall_id, "at": clock.now(), "by": actor.name}
    where = {"producer_id": known.producer_id, "_id": known.id, "restored": None}
    if not Certificate.update_one(where, {"$set": {"restored": said}}):
        raise Conflict("certificate_busy")
    if known.proof:
        revoking.lift(known.code)
    restored = {"_id": known.id, "code": known.code, "restored": said}
    evidence.append([evidence.Leaf("certificate.restore", known.id, known.producer_id, restored)])
    accounts.note(actor, "certificate.restore", subjects=[known.id, recall_id], producer_id=known.producer_id)
    events.publish(CertificateRestored(known.code, known.id, known.producer_id, known.lot_id))
    return True
