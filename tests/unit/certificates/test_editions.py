"""Replaying a kept decision gives the same answer for ever: every edition of the gate with cases that it decided.

The files hold one case and the decision it got a line, written by the gate of that edition; they are never regenerated.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from backend.domains.certificates import rules

KEPT = sorted(Path(__file__).parent.glob("kept_edition_*.jsonl"))


def lines() -> list[Any]:
    return [
        pytest.param(json.loads(line), id=f"{path.stem}-{number}")
        for path in KEPT
        for number, line in enumerate(path.read_text("utf-8").splitlines())
    ]


def test_every_edition_has_kept_cases_of_both_answers() -> None:
    found: dict[int, set[bool]] = {}
    for line in lines():
        (kept,) = line.values
        found.setdefault(kept["case"].get("edition", 1), set()).add(kept["decision"]["allowed"])
    assert found == {edition: {True, False} for edition in rules.EDITIONS}


@pytest.mark.parametrize("kept", lines())
def test_a_kept_case_is_decided_as_it_was(kept: dict[str, Any]) -> None:
    assert rules.decide(rules.case_from(kept["case"])) == rules.read(rules.Decision, kept["decision"])


def test_the_first_edition_is_read_without_what_came_later() -> None:
    case = rules.case_from(next(one.values[0]["case"] for one in lines()))
    assert case.edition == 1 and case.origins == () and rules.decide(case).notes == ()


def test_an_edition_nobody_knows_is_refused() -> None:
    kept = lines()[0].values[0]["case"]
    decision = rules.decide(rules.case_from({**kept, "edition": 99}))
    assert not decision.allowed and decision.refusals[0].params == {"what": "edition"}
