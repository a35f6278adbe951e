"""The parts of a story that are told in order of time: deeds, waiting, the way of goods that were sorted or sold."""

from typing import Any

from backend.base import vocab
from backend.domains.tracing.rules.facts import Deed, Facts, InputUse, Step
from backend.domains.tracing.rules.waiting import waiting
from backend.domains.tracing.rules.wording import day, fact, label, place_text

LATE_AFTER_DAYS = 2  # a phone without signal for a night is no late entry
MAX_ROWS = 60
MAX_TEXT = 160


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


def batch_of(facts: Facts) -> dict[str, Any]:
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


def step_of(step: Step) -> dict[str, Any]:
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


def row_of(deed: Deed) -> dict[str, Any]:
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
