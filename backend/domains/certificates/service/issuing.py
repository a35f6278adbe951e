"""Issuing: the gate decides, the ledger reserves, and the certificate is frozen, all in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from backend.base import clock, events, ids, vocab
from backend.base.actor import Actor
from backend.base.documents import Duplicate, settled
from backend.base.errors import Conflict
from backend.domains.accounts import service as accounts
from backend.domains.certificates import rules
from backend.domains.certificates.models import Certificate
from backend.domains.certificates.service import cases, proofs
from backend.domains.certificates.service.cases import Wanted
from backend.domains.certificates.service.facts import CertificateFacts, CertificateIssued, facts_of
from backend.domains.certificates.service.problems import as_problem, as_told, refused
from backend.domains.evidence import service as evidence
from backend.domains.farming import service as farming
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.signing import service as signing

REGISTERED = ("certificate.issue", "certificate.file")  # what anyone may read, and what is on file


def check(
    actor: Actor, *, lot_id: str, amount: Decimal, unit: str, bases: Sequence[str], template: str | None = None
) -> tuple[rules.Decision, list[Any], list[Any]]:
    """What the gate would answer now, why not and what it points out as Problems; nothing is written. Raises NotFound,
    RuleBroken."""
    producer = producers.door(actor, ids.owner_of(lot_id), "certificate:issue")
    wanted = Wanted(lot_id, amount, unit, tuple(bases), template)
    decision = rules.decide(cases.gather(producer, wanted, lots.ancestry(lot_id)))
    refusals = [as_problem(refusal) for refusal in decision.refusals]
    return decision, refusals, [as_told(note) for note in decision.notes]


def issue(
    actor: Actor,
    *,
    lot_id: str,
    client_id: str,
    amount: Decimal,
    unit: str,
    bases: Sequence[str],
    template: str | None = None,
) -> CertificateFacts:
    """A certificate on `amount` of the lot, if the gate allows it; a repeated client id answers what is there.

    The number of database commands does not grow with the records. Raises NotFound, Conflict when the client id was
    used for something else, RuleBroken `gate_refused` with a reason for each rule that says no; the refusal is kept.
    """
    producer = producers.door(actor, ids.owner_of(lot_id), "certificate:issue")
    certificate_id = ids.owned(producer.id, client_id)
    wanted = Wanted(lot_id, amount, unit, tuple(bases), template)
    key = signing.current("certificate")
    try:
        made = settled(
            lambda: _issued_before(certificate_id, wanted) or _attempt(actor, producer, certificate_id, wanted, key)
        )
    except Duplicate as busy:  # pragma: no cover - a trace code that is another's, several times
        raise Conflict("certificate_busy") from busy
    if isinstance(made, rules.Decision):
        raise refused([as_problem(refusal) for refusal in made.refusals])
    return made


def _issued_before(certificate_id: str, wanted: Wanted) -> CertificateFacts | None:
    rows = Certificate.rows({"producer_id": ids.owner_of(certificate_id), "_id": certificate_id}, limit=1)
    if not rows:
        return None
    known = facts_of(rows[0])
    same = (known.lot_id, known.unit, known.bases) == (wanted.lot_id, wanted.unit, wanted.bases)
    if not same or known.amount != wanted.amount or wanted.template not in (None, known.template):
        raise Conflict("client_id_reused", field="client_id")
    return known


def _attempt(
    actor: Actor, producer: producers.ProducerFacts, certificate_id: str, wanted: Wanted, key: signing.KeyFacts
) -> CertificateFacts | rules.Decision:
    """Decide and write, or decide and remember the refusal. Runs again as a whole when another write came between."""
    known, moment = lots.ancestry(wanted.lot_id), clock.now()
    lot, case = known.lot, cases.gather(producer, wanted, known)
    decision = rules.decide(case)
    decision_id = cases.remember(actor, producer, case, decision, certificate_id)
    if not decision.allowed:
        accounts.note(actor, "certificate.refused", subjects=[lot.id, decision_id], producer_id=producer.id)
        return decision
    lots.reserve(lot.id, certificate_id, case.wanted_base)
    said = {"flags": list(decision.flags), "rulebook_version": decision.rulebook_version, "decision_id": decision_id}
    made = _certificate(producer, lot, case, wanted, moment, id=certificate_id, issued_by=_name(actor), **said)
    proofs.sign(made, key)
    Certificate.insert([made])
    row = made.to_mongo()
    evidence.append([evidence.Leaf(kind, made.id, producer.id, row) for kind in REGISTERED])
    accounts.note(actor, "certificate.issue", subjects=[made.id, lot.id, decision_id], producer_id=producer.id)
    events.publish(CertificateIssued(made.code, made.id, producer.id, lot.id, lot.gtin))
    return facts_of(row)


def _name(actor: Actor) -> str:
    return actor.account_id or actor.name


def _certificate(
    producer: producers.ProducerFacts,
    lot: lots.LotFacts,
    case: rules.Case,
    wanted: Wanted,
    moment: datetime,
    **said: Any,
) -> Certificate:
    region, form = _region(producer, lot), vocab.get("certificate_templates")[case.template.code]
    return Certificate(
        producer_id=producer.id,
        code=ids.trace_code(),
        lot_id=lot.id,
        template=form.code,
        bases=list(wanted.bases),
        amount=str(wanted.amount),
        unit=wanted.unit,
        base=case.wanted_base,
        parents=list(case.parents),
        place_region=region,
        card=_card(form, wanted.bases, _values(producer, lot, wanted, region, clock.civil_date(moment))),
        subject=producer.name,
        contact_sealed=producer.contact_sealed,
        created_at=moment,
        **said,
    )


def _region(producer: producers.ProducerFacts, lot: lots.LotFacts) -> str:
    """The township of the land it grew on; of who sells it, when it came from outside the platform."""
    if not lot.batch_ids:
        return producer.region[:9]
    batch = farming.batch_facts(lot.batch_ids[0])
    (first, *_) = producers.sites(batch.producer_id, batch.site_ids[:1])
    return first.region[:9]


def _card(form: vocab.Term, ticked: Sequence[str], values: Mapping[str, str]) -> dict[str, Any]:
    """What is committed to, word by word, as anyone may read it. The same on the page and on paper, but for the
    subject's full name and number, which only the producer's own prints carry."""
    bases, labels = vocab.get("certificate_bases"), vocab.get("certificate_fields")
    return {
        "title": form["title"],
        "lead": form["lead"],
        "commitments": list(form["commitments"]),
        "bases": [{"code": one, "zh": bases[one].zh, "checked": one in ticked} for one in form["bases"]],
        "fields": [{"code": one, "label": labels[one].zh, "value": values[one]} for one in form["fields"]],
    }


def _values(
    producer: producers.ProducerFacts, lot: lots.LotFacts, wanted: Wanted, region: str, today: date
) -> dict[str, str]:
    return {
        "product": f"{lot.product_name}({lot.variety})" if lot.variety else lot.product_name,
        "quantity": f"{format(wanted.amount.normalize(), 'f')} {vocab.label('units', wanted.unit)}",
        "place": accounts.place_name(region),
        "subject": producer.public_name,
        "contact": producer.contact_public,
        "issued_at": f"{today.year}年{today.month}月{today.day}日",
    }
