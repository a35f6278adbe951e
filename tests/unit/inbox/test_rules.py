"""Pure rules of the inbox: words, WeChat's fields, and what becomes of an attempt."""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base import vocab
from backend.domains.inbox import rules

AT = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
STATE = ["complaint_states", "accepted"]


def test_a_notice_is_worded_in_the_readers_language() -> None:
    params = {"step": ["complaint_steps", "accept"], "state": STATE}
    assert "受理" in rules.words("complaint_moved", params, "zh")[1]
    assert "Accepted" in rules.words("complaint_moved", params, "en")[1]


def test_a_parameter_that_is_missing_or_a_code_that_is_gone_is_no_crash() -> None:
    title, text = rules.words("complaint_moved", {"state": ["complaint_states", "no_longer"]}, "zh")
    assert title and "no_longer" in text


@pytest.mark.parametrize("kind", vocab.get("notice_kinds").codes)
def test_every_kind_fills_its_template_within_wechats_limits(kind: str) -> None:
    data = rules.template_data(kind, {"state": STATE, "reason": "很长的原因" * 20, "number": "N" * 60}, AT)
    assert data
    for field, given_value in data.items():
        most = rules.FIELD_LENGTHS.get(field.rstrip("0123456789"), 64)
        assert 0 < len(given_value["value"]) <= most


@given(st.sampled_from(["thing1", "phrase2", "character_string3", "time4"]), st.text(max_size=200))
def test_a_field_is_never_empty_nor_too_long(field: str, text: str) -> None:
    fitted = rules.fitted(field, text)
    assert 0 < len(fitted) <= rules.FIELD_LENGTHS.get(field.rstrip("0123456789"), 64)
    assert fitted == text.strip() or fitted in ("-",) or fitted.endswith("…")


def test_only_what_was_surely_not_taken_is_sent_again() -> None:
    assert rules.outcome(None, 1).outside == "sent"
    assert rules.outcome("wechat_not_agreed", 1).outside == "refused"
    assert rules.outcome("wechat_unavailable", 1).outside == "failed"
    waits = [rules.outcome("wechat_busy", attempt).again_in for attempt in range(1, rules.MAX_ATTEMPTS)]
    assert all(first < then for first, then in itertools.pairwise(waits) if first and then)
    assert rules.outcome("wechat_busy", rules.MAX_ATTEMPTS).outside == "failed"


def test_templates_are_read_from_one_line() -> None:
    assert rules.templates("a=T1, b = T2,,rubbish") == {"a": "T1", "b": "T2"}
    assert rules.templates("") == {}
