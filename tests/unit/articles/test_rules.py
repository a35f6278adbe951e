"""Pure rules of articles: tokens, scores, who may do what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base.errors import RuleBroken
from backend.domains.articles import rules

CHINESE = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=30)


def test_tokens_are_pairs_of_characters_and_words_of_letters() -> None:
    assert rules.tokens("农药残留 GB 2763") == ["农药", "药残", "残留", "gb", "2763"]
    assert rules.tokens("梨") == ["梨"]
    assert rules.tokens("，。！ ?") == []


@given(CHINESE, CHINESE, CHINESE)
def test_whatever_stands_in_a_text_is_found_by_its_tokens(before: str, wanted: str, after: str) -> None:
    assert set(rules.tokens(wanted)) <= set(rules.tokens(f"{before}{wanted}{after}"))


@given(st.text(max_size=3000))
def test_tokens_are_distinct_and_never_too_many(text: str) -> None:
    found = rules.tokens(text)
    assert len(found) == len(set(found)) <= rules.MAX_TOKENS
    assert all(0 < len(token) <= 30 for token in found)


@given(CHINESE)
def test_a_title_that_is_the_query_beats_a_body_that_holds_it(query: str) -> None:
    wanted = rules.tokens(query)
    weight = rules.weights(wanted, dict.fromkeys(wanted, 3), 10)
    title = rules.score(weight, title=query, summary="", body=wanted)
    body = rules.score(weight, title="", summary="", body=wanted)
    none = rules.score(weight, title="", summary="", body=())
    assert title > body > none == 0


@given(CHINESE)
def test_every_long_word_of_a_query_is_among_its_phrases(query: str) -> None:
    found = rules.phrases(query)
    assert len(found) == len(set(found)) <= rules.MAX_PHRASES
    assert all(one in query and 3 <= len(one) <= 6 for one in found)
    assert len(query) < 3 or query[:3] in rules.phrases(query[:6])


@given(st.integers(0, 100), st.integers(0, 100), st.integers(100, 10_000))
def test_the_rarer_token_says_more(one: int, other: int, total: int) -> None:
    weight = rules.weights(["甲乙", "丙丁"], {"甲乙": one, "丙丁": other}, total)
    assert (weight["甲乙"] > weight["丙丁"]) is (one < other) and min(weight.values()) > 0


def test_every_state_allows_only_its_own_steps() -> None:
    for action, states in rules.STATES.items():
        for state in ("draft", "submitted", "published", "withdrawn"):
            if state in states:
                rules.check_state(action, state, state)
            else:
                with pytest.raises(RuleBroken) as problem:
                    rules.check_state(action, state, state)
                assert problem.value.reason == "article_state_wrong"


def test_nothing_is_reviewed_without_sources_nor_a_rumour_without_its_claim() -> None:
    rules.check_complete({"kind": "science", "sources": [{"name": "GB 2763"}]})
    with pytest.raises(RuleBroken, match="sources_missing"):
        rules.check_complete({"kind": "science"})
    with pytest.raises(RuleBroken, match="claim_missing"):
        rules.check_complete({"kind": "rumour", "sources": [{"name": "x"}], "claim": "打蜡有毒"})


def test_nobody_reviews_their_own() -> None:
    rules.check_reviewer("A", "B")
    with pytest.raises(RuleBroken, match="review_by_another"):
        rules.check_reviewer("A", "A")
