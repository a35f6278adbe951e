"""A lot in the shape of a Chinese standard, as far as the standard is known."""

from collections.abc import Mapping
from typing import Any

from backend.base import clock, vocab
from backend.base.actor import Actor
from backend.domains.accounts import service as accounts
from backend.domains.certificates import service as certificates
from backend.domains.exchange.rules import mapping
from backend.domains.exchange.rules.epcis_ids import lot_number
from backend.domains.exchange.service.epcis_history import History, gathered
from backend.domains.farming import service as farming
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.testing import service as testing


def mapped(actor: Actor, *, lot_id: str, code: str) -> dict[str, Any]:
    """The standard's fields with this lot's values; of tests and certificates the newest that the actor may read.

    Raises NotFound.
    """
    term, lot = mapping.standard(code), lots.lot(actor, lot_id)
    facts = _facts(gathered(actor, [lot_id], []), lot)
    fields = mapping.filled(term["fields"], facts)
    unsure = sum(not field["sure"] for field in fields)
    return {**term.data, "lot_id": lot.id, "fields": fields, "unsure": unsure}


def _facts(known: History, lot: lots.LotFacts) -> dict[str, Mapping[str, Any]]:
    papers = [one for one in known.certificates if one.state == "valid"]
    goods = {
        "code": lot_number(lot.id),
        "product_name": lot.product_name,
        "variety": lot.variety,
        "amount": lot.amount,
        "unit": vocab.label("units", lot.unit),
        "harvested_on": lot.harvested_on,
    }
    return {
        "lot": goods,
        "subject": _subject(lot.producer_id),
        "batch": {"started_on": _begun(lot)},
        "test": _test(known.tests[-1]) if known.tests else {},
        "certificate": _certificate(papers[-1]) if papers else {},
        "trace": {"code": papers[-1].code} if papers else {},
    }


def _test(one: testing.ResultFacts) -> Mapping[str, Any]:
    verdict = vocab.label("test_verdicts", one.verdict)
    return {"report_no": one.report_no, "lab": one.lab, "reported_on": one.reported_on, "verdict": verdict}


def _certificate(one: certificates.CertificateFacts) -> Mapping[str, Any]:
    bases = "、".join(vocab.label("certificate_bases", code) for code in one.bases)
    return {"number": one.number, "bases": bases, "issued_on": clock.civil_date(one.issued_at)}


def _subject(producer_id: str) -> Mapping[str, Any]:
    facts = producers.facts(producer_id)
    kind, place = vocab.label("producer_kinds", facts.kind), accounts.place_name(facts.region)
    return {"name": facts.name, "kind": kind, "place": place, "region": facts.region[:9]}


def _begun(lot: lots.LotFacts) -> Any:
    return farming.batch_facts(lot.batch_ids[0]).started_on if len(lot.batch_ids) == 1 else None
