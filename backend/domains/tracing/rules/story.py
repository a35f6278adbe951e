"""Tells a trace: from facts to the one JSON document that the page renders and a machine reads.

Deterministic: the same facts give the same story, so that a rebuild can be compared with what is stored.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.base import vocab
from backend.domains.tracing.rules import passages
from backend.domains.tracing.rules.facts import Facts, Related, Tally
from backend.domains.tracing.rules.timeline import batch_of, late_days, row_of, shorten, step_of
from backend.domains.tracing.rules.wording import instant, label

FORMAT = "trace-story/1"
MOST_PARTS = 3  # the newest recalls of a part that are told


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
        "product": passages.product(facts.goods, facts.card),
        "producer": passages.producer(facts.maker),
        "place": passages.place(facts.maker),
        "certificate": passages.certificate(facts.card),
        "recall": passages.recall(facts.recall) if facts.recall else None,
        **({"part_recalls": [passages.part_recall(one) for one in facts.parts[-MOST_PARTS:]]} if facts.parts else {}),
        "hold": passages.hold(facts.goods) if facts.goods.held else None,
        "batch": batch_of(facts),
        **({"path": [step_of(step) for step in facts.path]} if facts.path else {}),
        "timeline": [row_of(deed) for deed in shown],
        "timeline_omitted": len(facts.deeds) - len(shown),
        "tests": [passages.test(test) for test in facts.tests],
        "scans": scan_summary(facts.tally),
        "related": related_list(facts.related),
        "notices": [
            {"code": code, "grave": bool(vocab.get("trace_notices")[code]["grave"]), **label("trace_notices", code)}
            for code in _notices(facts)
        ],
    }


def verdict(facts: Facts) -> str:
    """The gravest thing that is true of the lot: recalled, void, held, recalled in part, else valid."""
    if facts.recall is not None:
        return "recalled"
    if facts.card.voided_at is not None:
        return "void"
    if facts.goods.held:
        return "held"
    return "part_recalled" if facts.parts else "valid"


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
