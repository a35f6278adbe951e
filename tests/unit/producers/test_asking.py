"""Questions to a producer: what may be said when, and who is told. The pure part."""

import pytest

from backend.base import vocab
from backend.base.errors import RuleBroken
from backend.domains.producers import rules

PRODUCER = "AAAAAAAAAA"


def test_every_step_leads_to_a_state_that_has_a_name() -> None:
    states = {rules.state_after(step.code) for step in vocab.get("question_steps")}
    assert states == set(vocab.get("question_states").codes)


@pytest.mark.parametrize("step", ["asked", "asked_again", "answered"])
def test_saying_something_takes_words_and_room(step: str) -> None:
    rules.check_said(step, "好", messages=rules.MAX_MESSAGES - 1)
    with pytest.raises(RuleBroken, match="question_text_missing"):
        rules.check_said(step, "", messages=0)
    with pytest.raises(RuleBroken, match="question_too_long"):
        rules.check_said(step, "好", messages=rules.MAX_MESSAGES)


def test_closing_takes_neither() -> None:
    rules.check_said("closed", "", messages=rules.MAX_MESSAGES)


@pytest.mark.parametrize("other", ["BBBBBBBBBB.batch-0001", "batch-0001", "", f"{PRODUCER}."])
def test_a_question_names_only_what_is_the_producers(other: str) -> None:
    rules.check_subject(None, PRODUCER)
    rules.check_subject({"kind": "batch", "id": f"{PRODUCER}.batch-0001"}, PRODUCER)
    with pytest.raises(RuleBroken, match="question_about_others"):
        rules.check_subject({"kind": "batch", "id": other}, PRODUCER)


def test_three_photos_take_the_free_places_and_a_fourth_none() -> None:
    assert [rules.answer_place(taken) for taken in ([], [0], [0, 2])] == [0, 1, 1]
    with pytest.raises(RuleBroken, match="too_many_answer_photos"):
        rules.answer_place([0, 1, 2])


def test_who_asked_last_is_told_last_and_each_once() -> None:
    assert rules.askers_with([], "a") == ["a"]
    assert rules.askers_with(["a", "b"], "a") == ["b", "a"]
    assert len(rules.askers_with([str(number) for number in range(10)], "x")) == 10
