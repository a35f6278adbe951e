"""Proofs of what came in from outside the platform: collected, kept, never changed (农产品质量安全法 art. 39)."""

from datetime import date
from decimal import Decimal

from backend.base import clock, ids, store, vocab
from backend.base.actor import Actor
from backend.base.documents import Duplicate, Page
from backend.base.errors import RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.certificates.models import IncomingProof
from backend.domains.certificates.service import numbers
from backend.domains.evidence import service as evidence
from backend.domains.farming import rules as farming_rules
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers


def keep_proof(
    actor: Actor,
    *,
    lot_id: str,
    client_id: str,
    kind: str,
    number: str,
    issuer: str,
    issued_on: date,
    amount: Decimal,
    unit: str,
    note: str = "",
) -> IncomingProof:
    """Enter what a lot came in with; a repeated client id answers what is there.

    Raises NotFound, RuleBroken `proof_not_needed` for a lot made on the platform, `proof_of_platform` for the number of
    a certificate of the platform, whose goods are received by a shipment, `day_in_future`, `unit_wrong`.
    """
    producer = producers.door(actor, ids.owner_of(lot_id), "certificate:issue")
    lot = lots.facts(lot_id)
    if not lot.from_outside:
        raise RuleBroken("proof_not_needed", field="lot_id")
    if numbers.of_ours([number]):
        raise RuleBroken("proof_of_platform", field="number", number=number)
    if issued_on > clock.today():
        raise RuleBroken("day_in_future", field="issued_on", day=issued_on.isoformat())
    measure = vocab.get("units")[unit]
    if measure["dimension"] != vocab.get("units")[lot.unit]["dimension"]:
        raise RuleBroken("unit_wrong", field="unit", unit=measure)
    made = IncomingProof(
        id=ids.owned(producer.id, client_id),
        producer_id=producer.id,
        lot_id=lot_id,
        kind=kind,
        number=number,
        issuer=issuer,
        issued_on=issued_on.isoformat(),
        base=farming_rules.base_amount(amount, measure),
        amount=str(amount),
        unit=unit,
        note=note,
        entered_by=actor.account_id or actor.name,
        created_at=clock.now(),
    )
    try:
        store.transaction(lambda: _keep(actor, made))
    except Duplicate:
        return IncomingProof.find_one({"producer_id": producer.id, "_id": made.id}) or made
    return made


def _keep(actor: Actor, made: IncomingProof) -> None:
    IncomingProof.insert([made])
    evidence.append([evidence.Leaf("certificate.proof", made.id, made.producer_id, made.to_mongo())])
    accounts.note(actor, "certificate.proof", subjects=[made.id, made.lot_id], producer_id=made.producer_id)


def proofs_of(
    actor: Actor, *, producer_id: str, lot_id: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[IncomingProof]:
    """What this producer entered, newest first. Raises NotFound."""
    producers.door(actor, producer_id, "certificate:read")
    where = {"producer_id": producer_id, **({"lot_id": lot_id} if lot_id else {})}
    return IncomingProof.page(where, cursor=cursor, size=size)
