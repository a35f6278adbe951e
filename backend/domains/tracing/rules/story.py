"""Tells a trace: from facts to the one JSON document that the page renders and a machine reads.

Deterministic: the same facts give the same story, so that a rebuild can be compared with what is stored.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.base import vocab
from backend.domains.tracing.rules.facts import Card, Deed, Facts, Goods, InputUse, Maker, Related, Step, Tally, Test
from backend.domains.tracing.rules.waiting import waiting
from backend.domains.tracing.rules.wording import amount, day, fact, instant, label, place_text

FORMAT = "trace-story/1"
LATE_AFTER_DAYS = 2  # a phone without signal for a night is no late entry
MAX_ROWS = 60
MAX_TEXT = 160


def tell(facts: Facts) -> dict[str, Any]:
    """The public story of one trace code (schemas/payloads/trace-story.schema.json)."""
    state = verdict(facts)
    shown = shorten(facts.deeds)
    return {
        "format": FORMAT,
        "code": facts.code,
        "url": facts.url,
        "state": state,
        "state_label": label("trace_states", state),
        "product": _product(facts.goods, facts.card),
        "producer": _producer(facts.maker),
        "place": _place(facts.maker),
        "certificate": _certificate(facts.card),
        "recall": {"reason": facts.recall.reason, "at": instant(facts.recall.at)} if facts.recall else None,
        "hold": _hold(facts.goods) if facts.goods.held else None,
        "batch": _batch(facts),
        **({"path": [_step(step) for step in facts.path]} if facts.path else {}),
        "timeline": [_row(deed) for deed in shown],
        "timeline_omitted": len(facts.deeds) - len(shown),
        "tests": [_test(test) for test in facts.tests],
        "scans": scan_summary(facts.tally),
        "related": related_list(facts.related),
        "notices": [
            {"code": code, "grave": bool(vocab.get("trace_notices")[code]["grave"]), **label("trace_notices", code)}
            for code in _notices(facts)
        ],
    }


def verdict(facts: Facts) -> str:
    """The gravest thing that is true of the lot: recalled, then void, then held, else valid."""
    if facts.recall is not None:
        return "recalled"
    if facts.card.voided_at is not None:
        return "void"
    return "held" if facts.goods.held else "valid"


def shorten(deeds: tuple[Deed, ...]) -> list[Deed]:
    """At most MAX_ROWS deeds in order of time; harvests and input uses are the last to be left out."""
    ranked = sorted(deeds, key=lambda deed: (_weight(deed), deed.happened_on), reverse=True)[:MAX_ROWS]
    return sorted(ranked, key=lambda deed: (deed.happened_on, deed.ended_on, yields(deed.kind)))


def _weight(deed: Deed) -> int:
    return 3 if yields(deed.kind) else 2 if deed.inputs else 1


def yields(kind: str) -> bool:
    """Whether this kind of record gives produce: harvest, slaughter, eggs or milk collected."""
    known = vocab.get("record_kinds")
    return kind in known and bool(known[kind].get("yields"))


def late_days(deed: Deed) -> int:
    """Days between the deed and its entry; 0 when it was entered in time."""
    days = (deed.received_on - deed.ended_on).days
    return days if days >= LATE_AFTER_DAYS else 0


def _product(goods: Goods, card: Card) -> dict[str, Any]:
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


def _producer(maker: Maker) -> dict[str, Any]:
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


def _place(maker: Maker) -> dict[str, Any]:
    region = maker.region[:9]
    reviewed = "self" if maker.status == "registered" else "officer"
    return {
        "region": region,
        "text": fact(place_text(region, "zh"), reviewed),
        "text_en": place_text(region, "en"),
    }


def _certificate(card: Card) -> dict[str, Any]:
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


def _batch(facts: Facts) -> dict[str, Any]:
    waits = waiting(facts.deeds, facts.goods.harvested_on)
    earliest = max((wait.lawful_from for wait in waits), default=None)
    return {
        "started_on": fact(day(facts.goods.started_on), "self") if facts.goods.started_on else None,
        "harvested_on": fact(day(facts.goods.harvested_on), "self"),
        "earliest_lawful_harvest": fact(day(earliest), "system") if earliest else None,
        "waiting": [
            {
                "input": wait.name,
                "registration_no": wait.registration_no,
                "example": wait.example,
                "last_used_on": day(wait.last_used_on),
                "days": wait.days,
                "required_days": wait.required_days,
                "met": wait.met,
                "grade": "system",
            }
            for wait in waits
        ],
    }


def _step(step: Step) -> dict[str, Any]:
    kind = label("lot_event_kinds", step.kind)
    return {
        "date": day(step.happened_on),
        "kind": step.kind,
        "kind_zh": kind["zh"],
        "kind_en": kind["en"],
        "holder": step.holder,
        "place": place_text(step.region[:6], "zh"),
        "place_en": place_text(step.region[:6], "en"),
        "grade": "self",
    }


def _hold(goods: Goods) -> dict[str, str | None]:
    return {
        "reason": _reason("hold_reasons", goods.held_reason, "zh"),
        "reason_en": _reason("hold_reasons", goods.held_reason, "en"),
    }


def _reason(vocabulary: str, code: str | None, lang: str) -> str | None:
    return vocab.label(vocabulary, code, lang) if code else None


def _row(deed: Deed) -> dict[str, Any]:
    kind = label("record_kinds", deed.kind)
    return {
        "date": day(deed.happened_on),
        "ended": day(deed.ended_on) if deed.ended_on != deed.happened_on else None,
        "kind": deed.kind,
        "kind_zh": kind["zh"],
        "kind_en": kind["en"],
        "harvest": yields(deed.kind),
        "text": deed.text if len(deed.text) <= MAX_TEXT else deed.text[: MAX_TEXT - 1] + "…",
        "inputs": [_input(use) for use in deed.inputs],
        "photos": [{"url": photo.url, "thumb": photo.thumb} for photo in deed.photos],
        "recorded_on": day(deed.received_on),
        "late_days": late_days(deed),
        "amended": deed.amended,
        "grade": deed.grade,
    }


def _input(use: InputUse) -> dict[str, Any]:
    unit = label("units", use.unit) if use.unit else {"zh": None, "en": None}
    return {
        "name": use.name,
        "registration_no": use.registration_no,
        "example": use.example,
        "amount": use.amount,
        "unit_zh": unit["zh"],
        "unit_en": unit["en"],
        "phi_days": use.phi_days,
    }


def _test(test: Test) -> dict[str, Any]:
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


def scan_summary(tally: Tally) -> dict[str, Any]:
    return {"first_at": instant(tally.first_at), "count": tally.count, "as_of": instant(tally.last_at)}


def related_list(related: Sequence[Related]) -> list[dict[str, Any]]:
    return [
        {"slug": one.slug, "kind": one.kind, "kind_label": label("article_kinds", one.kind), "title": one.title}
        for one in related
    ]


def _notices(facts: Facts) -> list[str]:
    holds: Mapping[str, bool] = {
        "producer_suspended": facts.maker.status == "suspended",
        "failed_test": any(test.verdict == "fail" for test in facts.tests),
        "override": facts.card.overridden,
        "late_entries": any(late_days(deed) for deed in facts.deeds),
        "amended_entries": any(deed.amended for deed in facts.deeds),
        "example_inputs": any(use.example for deed in facts.deeds for use in deed.inputs),
    }
    return [code for code, true in holds.items() if true]
