"""The puzzle of the fast lane, watched words, and which step is possible when."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base import ids, vocab
from backend.base.errors import RuleBroken
from backend.domains.complaints import rules

NOW = datetime(2026, 10, 12, 2, tzinfo=UTC)
SECRET = b"s" * 32


def solved(puzzle: str) -> str:
    return next(answer for number in itertools.count() if rules.solves(puzzle, answer := str(number)))


def test_a_puzzle_is_ours_for_two_hours_and_nobody_elses() -> None:
    puzzle = rules.challenge("A" * 20, NOW, SECRET)
    assert rules.is_ours(puzzle, NOW, SECRET)
    assert not rules.is_ours(puzzle, NOW + timedelta(hours=3), SECRET)
    assert not rules.is_ours(puzzle, NOW, b"x" * 32) and not rules.is_ours(puzzle.lower(), NOW, SECRET)


def test_an_answer_is_found_in_a_blink_and_a_guess_is_not_one() -> None:
    puzzle = rules.challenge("B" * 20, NOW, SECRET)
    assert rules.solves(puzzle, solved(puzzle))
    assert sum(rules.solves(puzzle, f"guess-{number}") for number in range(200)) <= 2


@given(st.text(max_size=80))
def test_whatever_is_sent_as_a_puzzle_is_answered(text: str) -> None:
    assert rules.is_ours(text, NOW, SECRET) is False


def test_watched_words_are_seen_however_they_are_spaced() -> None:
    assert rules.watched("你 加·微-信 吧", ["加微信"]) and not rules.watched("苹果有异味", ["加微信"])


def test_every_step_has_its_words_and_leads_somewhere_known() -> None:
    assert set(rules.STEPS) | {"filed"} == set(vocab.get("complaint_steps").codes)
    states = set(vocab.get("complaint_states").codes)
    permissions = {*vocab.get("permissions").codes, "reporter"}
    for step in rules.STEPS.values():
        assert step.from_ <= states and (step.to is None or step.to in states) and step.needs in permissions
    assert {term.code for term in vocab.get("complaint_states") if term["open"]} == rules.OPEN


def test_what_a_step_asks_for_is_published_for_those_who_write_it_without_signal() -> None:
    asks = {term.code: set(term.get("asks") or ()) for term in vocab.get("complaint_steps") if term.code in rules.STEPS}
    assert {name for name, asked in asks.items() if "text" in asked} == {
        n for n, step in rules.STEPS.items() if step.text
    }
    more = {name: asked - {"text"} for name, asked in asks.items() if asked - {"text"}}
    assert more == {"close": {"outcome"}, "move": {"body"}, "transfer": {"region"}}


def test_only_steps_that_the_person_may_take_are_offered() -> None:
    assert rules.possible("accepted", lambda needs: needs == "complaint:handle") == (
        "investigate",
        "pause",
        "answer",
        "close",
    )
    assert rules.possible("closed", lambda needs: needs == "reporter") == ("rate", "reopen")


@pytest.mark.parametrize("state", vocab.get("complaint_states").codes)
def test_what_is_offered_is_possible_and_nothing_else(state: str) -> None:
    offered = set(rules.possible(state, lambda _needs: True))
    for action in rules.STEPS:
        if action in offered:
            rules.check(action, state, "因为")
        else:
            with pytest.raises(RuleBroken, match="action_not_now"):
                rules.check(action, state, "因为")


def test_a_refusal_without_a_reason_is_not_taken() -> None:
    with pytest.raises(RuleBroken, match="action_text_missing"):
        rules.check("refuse", "submitted", "  ")


@given(st.integers(0, 2**100 - 1))
def test_a_receipt_written_in_chinese_characters_is_the_same_receipt(number: int) -> None:
    receipt = ids.spelled(number, rules.RECEIPT_LENGTH)
    grouped = "-".join(receipt[at : at + 4] for at in range(0, 20, 4))
    assert ids.normal_trace_code(rules.typed(rules.spoken(grouped))) == receipt


def test_every_letter_of_a_receipt_has_one_character_of_its_own() -> None:
    terms = list(vocab.get("receipt_letters"))
    assert {term.code for term in terms} == set(ids.CROCKFORD)
    assert len({term.zh for term in terms}) == len({term.en for term in terms}) == len(terms)
    assert all(len(term.zh) == 1 for term in terms)
