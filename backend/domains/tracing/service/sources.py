"""Gathers what a trace is told from, out of the features below, in a constant number of reads."""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.base.actor import system
from backend.domains.certificates import service as certificates
from backend.domains.farming import service as farming
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.testing import service as testing
from backend.domains.tracing import rules
from backend.domains.tracing.service import log
from backend.domains.tracing.service.related import related_to
from backend.domains.tracing.service.tallies import tally

NOT_DETECTED = "未检出"
MAX_STEPS = 12
READER = system("trace")


def gather(code: str, head: Mapping[str, Any]) -> tuple[rules.Facts, Sequence[str]]:
    """The facts behind a code, and the ids of its batches. `head` names certificate, producer, lot and any recall."""
    producer_id = head["producer_id"]
    certificate = certificates.card(head["certificate_id"])
    lot = lots.facts(head["lot_id"])
    recall, parts = head.get("recall"), head.get("parts") or ()
    facts = rules.Facts(
        code=code,
        url=certificate.url,
        card=_card(certificate),
        maker=_maker(producers.facts(producer_id), certificate.place_region),
        goods=_goods(lot, farming.batch_facts(lot.batch_ids[0]) if lot.batch_ids else None),
        deeds=log.deeds(producer_id, lot.batch_ids, lot.crop),
        tests=tuple(_test(result) for result in testing.results([lot.id])),
        tally=tally(code),
        recall=rules.Recall(recall["reason"], recall["at"]) if recall else None,
        parts=tuple(rules.PartRecall(one["reason"], one["at"], one["region"]) for one in parts),
        related=related_to(lot.crop),
        path=_path(lot) if lot.parents else (),
    )
    return facts, lot.batch_ids


def _path(lot: lots.LotFacts) -> tuple[rules.Step, ...]:
    """The way of goods that were split, mixed or sold on, oldest first: the newest MAX_STEPS of it."""
    way = lots.ancestry(lot.id)
    holders = producers.visible(READER, way.producer_ids, "producer:read")
    newest = sorted(way.lots, key=lambda one: (one.born_on, one.depth))[-MAX_STEPS:]
    return tuple(
        rules.Step(one.born, one.born_on, holders[one.producer_id].public_name, holders[one.producer_id].region)
        for one in newest
    )


def _card(certificate: certificates.CertificateFacts) -> rules.Card:
    card = certificate.card
    return rules.Card(
        certificate_id=certificate.id,
        number=certificate.number,
        template_version=certificate.template,
        title=card["title"],
        lead=card["lead"],
        commitments=tuple(card["commitments"]),
        bases=tuple(rules.Basis(one["code"], one["zh"], one["checked"]) for one in card["bases"]),
        fields=tuple((one["label"], one["value"]) for one in card["fields"]),
        issued_at=certificate.issued_at,
        amount=certificate.amount,
        unit=certificate.unit,
        voided_at=certificate.voided_at,
        void_reason=certificate.void_reason,
        gate_version=certificate.rulebook_version,
        overridden="override" in certificate.flags,
        signed_by=certificate.kid,
    )


def _maker(producer: producers.ProducerFacts, region: str) -> rules.Maker:
    contact = producer.contact_public if producer.public_contact else None
    return rules.Maker(producer.id, producer.public_name, producer.kind, producer.status, region, contact)


def _goods(lot: lots.LotFacts, batch: farming.BatchFacts | None) -> rules.Goods:
    return rules.Goods(
        lot_id=lot.id,
        crop=lot.crop,
        crop_class=lot.crop_class,
        product_name=lot.product_name,
        variety=lot.variety or None,
        started_on=batch.started_on if batch else None,
        harvested_on=lot.harvested_on,
        held=lot.held,
        held_reason=lot.held_reason,
    )


def _test(result: testing.ResultFacts) -> rules.Test:
    return rules.Test(
        lab=result.lab,
        sampled_on=result.sampled_on,
        reported_on=result.reported_on,
        verdict=result.verdict,
        items=tuple(_item(item) for item in result.items),
    )


def _item(item: Mapping[str, Any]) -> rules.TestItem:
    value, unit = item.get("value"), item.get("unit") or ""
    if value is None:
        value, unit = NOT_DETECTED, ""
    return rules.TestItem(item["analyte"], value, unit, item.get("limit"), item["verdict"])
