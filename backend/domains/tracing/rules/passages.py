"""The parts of a story that do not depend on time: product, producer, place, certificate, hold, tests."""

from typing import Any

from backend.base import vocab
from backend.domains.tracing.rules.facts import Card, Goods, Maker, PartRecall, Recall, Test
from backend.domains.tracing.rules.wording import amount, day, fact, instant, label, place_text


def product(goods: Goods, card: Card) -> dict[str, Any]:
    unit = label("units", card.unit)
    return {
        "name": fact(goods.product_name, "self"),
        "crop": {"code": goods.crop, **label("crops", goods.crop)},
        "crop_class": {"code": goods.crop_class, **label("crop_classes", goods.crop_class)},
        "variety": fact(goods.variety, "self") if goods.variety else None,
        "quantity": fact(
            {"amount": amount(card.amount), "unit": card.unit, "unit_zh": unit["zh"], "unit_en": unit["en"]}, "system"
        ),
    }


def producer(maker: Maker) -> dict[str, Any]:
    reviewed = "self" if maker.status == "registered" else "officer"
    kind, status = label("producer_kinds", maker.kind), label("producer_states", maker.status)
    return {
        "name": fact(maker.name, reviewed),
        "kind": maker.kind,
        "kind_zh": kind["zh"],
        "kind_en": kind["en"],
        "status": fact(maker.status, "officer" if reviewed == "officer" else "system"),
        "status_zh": status["zh"],
        "status_en": status["en"],
        "contact": fact(maker.contact, "self") if maker.contact else None,
    }


def place(maker: Maker) -> dict[str, Any]:
    region = maker.region[:9]
    reviewed = "self" if maker.status == "registered" else "officer"
    return {
        "region": region,
        "text": fact(place_text(region, "zh"), reviewed),
        "text_en": place_text(region, "en"),
    }


def certificate(card: Card) -> dict[str, Any]:
    return {
        "number": fact(card.number, "system"),
        "template_version": card.template_version,
        "title": card.title,
        "lead": card.lead,
        "commitments": list(card.commitments),
        "commitments_grade": "self",
        "bases": [{"code": basis.code, "zh": basis.zh, "checked": basis.checked} for basis in card.bases],
        "fields": [{"label": name, "value": value} for name, value in card.fields],
        "issued_at": instant(card.issued_at),
        "voided_at": instant(card.voided_at),
        "void_reason": _reason("void_reasons", card.void_reason, "zh"),
        "void_reason_en": _reason("void_reasons", card.void_reason, "en"),
        "signed_by": card.signed_by,
    }


def hold(goods: Goods) -> dict[str, str | None]:
    return {
        "reason": _reason("hold_reasons", goods.held_reason, "zh"),
        "reason_en": _reason("hold_reasons", goods.held_reason, "en"),
    }


def recall(found: Recall) -> dict[str, str | None]:
    return {"reason": found.reason, **_reasons(found.reason), "at": instant(found.at)}


def part_recall(found: PartRecall) -> dict[str, str | None]:
    places = {"place": place_text(found.region, "zh"), "place_en": place_text(found.region, "en")}
    return {"reason": found.reason, **_reasons(found.reason), "at": instant(found.at), **places}


def _reasons(code: str) -> dict[str, str | None]:
    return {"reason_zh": _reason("recall_reasons", code, "zh"), "reason_en": _reason("recall_reasons", code, "en")}


def _reason(vocabulary: str, code: str | None, lang: str) -> str | None:
    return vocab.label(vocabulary, code, lang) if code else None


def test(test: Test) -> dict[str, Any]:
    return {
        "lab": test.lab,
        "sampled_on": day(test.sampled_on),
        "reported_on": day(test.reported_on),
        "verdict": test.verdict,
        "verdict_label": label("test_verdicts", test.verdict),
        "items": [
            {
                "analyte": item.analyte,
                "value": item.value,
                "unit": item.unit,
                "limit": item.limit,
                "verdict": item.verdict,
                "verdict_label": label("test_verdicts", item.verdict),
            }
            for item in test.items
        ],
        "grade": test.grade,
    }
