"""Gathers what a trace is told from, out of the features below, in a constant number of reads."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.base import clock, vocab
from backend.domains.certificates import service as certificates
from backend.domains.farming import service as farming
from backend.domains.inputs import rules as input_rules
from backend.domains.inputs import service as inputs
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.testing import service as testing
from backend.domains.tracing import rules
from backend.domains.tracing.service.tallies import tally

LONG_NUMBER = re.compile(r"\d[\d\s-]{5,}\d")  # a telephone or identity number has no place on a public page
MAX_PHOTOS = 6
NOT_DETECTED = "未检出"


def gather(code: str, head: Mapping[str, Any]) -> tuple[rules.Facts, Sequence[str]]:
    """The facts behind a code, and the ids of its batches. `head` names certificate, producer, lot and any recall."""
    producer_id = head["producer_id"]
    certificate = certificates.card(head["certificate_id"])
    lot = lots.facts(head["lot_id"])
    rows = farming.story(producer_id, lot.batch_ids)
    book = inputs.rulebook(_registrations(rows))
    recall = head.get("recall")
    facts = rules.Facts(
        code=code,
        url=certificate.url,
        card=_card(certificate),
        maker=_maker(producers.facts(producer_id), certificate.place_region),
        goods=_goods(lot, farming.batch_facts(lot.batch_ids[0])),
        deeds=tuple(_deed(row, lot.crop, book) for row in rows),
        tests=tuple(_test(result) for result in testing.results(producer_id, [lot.id])),
        tally=tally(code),
        recall=rules.Recall(recall["reason"], recall["at"]) if recall else None,
    )
    return facts, lot.batch_ids


def _registrations(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [use["registration_no"] for row in rows for use in row.get("inputs", ()) if use.get("registration_no")]


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
    )


def _maker(producer: producers.ProducerFacts, region: str) -> rules.Maker:
    contact = producer.contact_public if producer.public_contact else None
    return rules.Maker(producer.id, producer.public_name, producer.kind, producer.status, region, contact)


def _goods(lot: lots.LotFacts, batch: farming.BatchFacts) -> rules.Goods:
    return rules.Goods(
        lot_id=lot.id,
        crop=lot.crop,
        crop_class=lot.crop_class,
        product_name=lot.product_name,
        variety=lot.variety or None,
        started_on=batch.started_on,
        harvested_on=lot.harvested_on,
        held=lot.held,
        held_reason=lot.held_reason,
    )


def _deed(row: Mapping[str, Any], crop: str, book: input_rules.Rulebook) -> rules.Deed:
    return rules.Deed(
        kind=row["kind"],
        happened_on=date.fromisoformat(row["happened_on"]),
        ended_on=date.fromisoformat(row["ended_on"]),
        received_on=clock.civil_date(row["first_entered_at"]),
        text=public_text(row),
        inputs=tuple(_use(use, crop, book) for use in row.get("inputs", ())),
        photos=tuple(rules.Photo(f"/f/{file_id}", f"/f/{file_id}.t") for file_id in row["photos"][:MAX_PHOTOS]),
        amended=row["version"] > 1,
    )


def public_text(row: Mapping[str, Any]) -> str:
    """Target, quantity and note of a record in one line, long numbers blotted out; the worker's name stays inside."""
    amount = f"{row['amount']} {vocab.label('units', row['unit'])}" if row.get("amount") and row.get("unit") else ""
    parts = (row.get("target"), amount, row.get("note"))
    return LONG_NUMBER.sub("…", "，".join(str(part) for part in parts if part))


def _use(use: Mapping[str, Any], crop: str, book: input_rules.Rulebook) -> rules.InputUse:
    number = use.get("registration_no")
    return rules.InputUse(
        name=use["name"],
        registration_no=number,
        example=rules.is_example(number, book),
        amount=use.get("amount"),
        unit=use.get("unit"),
        phi_days=rules.waiting_days(number, crop, book),
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
