"""Refusals of the gate as problems with words, so that every client shows them the same way."""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.base import vocab
from backend.base.errors import Problem, RuleBroken
from backend.domains.certificates import rules

TERMS = {"basis": "certificate_bases", "form": "certificate_templates", "why": "hold_reasons", "unit": "units"}


def as_problem(refusal: rules.Refusal) -> RuleBroken:
    """The reason with its words; the law, the records and the first lawful day as details."""
    details = {
        "source": refusal.source,
        "record_ids": list(refusal.record_ids),
        "earliest": refusal.earliest.isoformat() if refusal.earliest else None,
    }
    return RuleBroken(refusal.reason, details=details, **in_words(refusal.params))


def as_told(note: rules.Note) -> RuleBroken:
    """What is lawful and still worth a look, with its numbers."""
    details = {"source": note.source, "record_ids": list(note.record_ids), "earliest": None}
    return RuleBroken(f"note_{note.code}", details=details, **note.params)


def in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Codes become terms, which the edge says in the reader's language."""
    return {name: _term(TERMS.get(name), value) for name, value in params.items()}


def _term(vocabulary: str | None, value: Any) -> Any:
    known = vocab.get(vocabulary) if vocabulary else None
    return known[value] if known and value in known else value


def refused(problems: Sequence[Problem]) -> RuleBroken:
    """One answer for the whole refusal; its details are the single reasons, the gravest told first."""
    return RuleBroken("gate_refused", details=list(problems), first=problems[0])
