"""Voiding: a certificate is never changed, but it can be taken back, with a reason that everyone sees at once."""

from backend.base import clock, events, store
from backend.base.actor import Actor
from backend.base.errors import RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.certificates.models import Certificate
from backend.domains.certificates.service import revoking
from backend.domains.certificates.service.facts import CertificateFacts, CertificateVoided, facts_of
from backend.domains.certificates.service.reading import row_of
from backend.domains.evidence import service as evidence
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers


def void(actor: Actor, certificate_id: str, *, reason: str, note: str = "") -> CertificateFacts:
    """Take the certificate back and its quantity into the lot. `reason` is a code of `void_reasons` and public, `note`
    is for those who may read the certificate. Voiding it again for the same reason answers what is there.

    Raises NotFound, RuleBroken `certificate_already_void`.
    """
    known = facts_of(row_of(certificate_id))
    producers.door(actor, known.producer_id, "certificate:void")
    if known.state == "void" and known.void_reason == reason:
        return known
    store.transaction(lambda: _void(actor, known, reason, note))
    return facts_of(row_of(certificate_id))


def _void(actor: Actor, known: CertificateFacts, reason: str, note: str) -> None:
    said = {"reason": reason, "note": note, "at": clock.now(), "by": actor.account_id or actor.name}
    where = {"producer_id": known.producer_id, "_id": known.id, "state": "valid"}
    if not Certificate.update_one(where, {"$set": {"state": "void", "void": said}}):
        raise RuleBroken("certificate_already_void")
    lots.release(known.lot_id, known.base)
    if known.proof:
        revoking.note(known.code, known.proof, clock.now())
    voided = {"_id": known.id, "code": known.code, "state": "void", "void": said}
    evidence.append([evidence.Leaf("certificate.void", known.id, known.producer_id, voided)])
    accounts.note(actor, "certificate.void", subjects=[known.id, known.lot_id], producer_id=known.producer_id)
    producers.tell_people(
        actor,
        known.producer_id,
        "certificate_voided",
        key=f"void-{known.id}",
        subject_id=known.id,
        number=known.number,
        reason=("void_reasons", reason),
    )
    events.publish(CertificateVoided(known.code, known.id, known.producer_id, known.lot_id))
