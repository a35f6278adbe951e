"""The pages as text: sizes, escaping, both languages, nothing loaded from elsewhere."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from backend.base import vocab
from backend.domains.tracing.rules import Facts, PartRecall, Recall, tell
from backend.web import notes, pages
from tests.factories.traces import CARD, CODE, FACTS, GOODS, PHOTOS, deed, use

VARIANTS = {
    "valid": FACTS,
    "held": replace(FACTS, goods=replace(GOODS, held=True, held_reason="等待复检")),
    "void": replace(FACTS, card=replace(CARD, voided_at=datetime(2026, 10, 9, tzinfo=UTC), void_reason="标错品名")),
    "part_recalled": replace(FACTS, parts=(PartRecall("other", datetime(2026, 10, 10, tzinfo=UTC), "620602"),)),
    "recalled": replace(FACTS, recall=Recall("test_failed", datetime(2026, 10, 10, tzinfo=UTC))),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("state", VARIANTS)
def test_the_verdict_is_said_in_words_and_by_shape(state: str, lang: str) -> None:
    page = pages.trace(tell(VARIANTS[state]), lang)
    heading = re.search(r'<h1 id="verdict">(.*?)</h1>', page)
    assert heading is not None
    assert heading[1] == vocab.label("trace_states", state, lang)
    assert f"verdict v-{state}" in page


def test_the_certificate_stands_on_both_pages_word_for_word() -> None:
    for lang in ("zh", "en"):
        page = pages.trace(tell(FACTS), lang)
        for sentence in (CARD.title, CARD.lead, *CARD.commitments, *(basis.zh for basis in CARD.bases)):
            assert sentence in page
        assert page.count('class="box on" role="img" aria-label="已选"') == 2
        assert page.count('class="box" role="img" aria-label="未选"') == 1


def test_the_page_tells_the_waiting_days_the_late_entry_and_the_examples() -> None:
    page = pages.trace(tell(FACTS), "zh")
    for words in ("采收前最后一次用药距采收 36 天，要求 ≥ 28 天", "事后 6 天补录", "已更正", "示例", "共 <b>37</b> 次"):
        assert words in page


def bare(story: Mapping[str, Any], lang: str) -> str:
    """The page without its own script, whose text is fixed."""
    page, own = pages.trace(story, lang), f"<script>{pages.first_frame()}</script>"
    assert page.count(own) == 1
    return page.replace(own, "")


def test_nothing_is_loaded_from_elsewhere_and_no_script_runs_but_the_one_of_the_first_frame() -> None:
    for page in (bare(tell(FACTS), "zh"), pages.render("home.html", "zh", here="/", example=None, readings=[])):
        assert "<script" not in page
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
        assert 'loading="lazy"' in page or "<img" not in page


def test_what_people_typed_is_escaped() -> None:
    evil = "<script>alert(1)</script>\"'&"
    facts = replace(FACTS, maker=replace(FACTS.maker, name=evil), deeds=(deed("other", 5, 1, text=evil),))
    for lang in ("zh", "en"):
        page = bare(tell(facts), lang)
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def worst() -> Facts:
    first = date(2025, 1, 1)
    deeds = tuple(
        deed(
            "pesticide",
            1,
            1,
            happened_on=first + timedelta(days=number),
            ended_on=first + timedelta(days=number),
            text="喷" * 400,
            inputs=tuple(use("很长的农药名称" * 5, f"示例-{number:04}", 14) for _ in range(6)),
            photos=PHOTOS * 4,
        )
        for number in range(300)
    )
    return replace(FACTS, deeds=deeds)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_worst_log_still_makes_a_page_under_60_kilobytes_that_says_what_it_leaves_out(lang: str) -> None:
    page = pages.trace(tell(worst()), lang)
    assert len(page.encode()) < 60_000
    assert ("另有" if lang == "zh" else "more everyday records") in page


@pytest.mark.parametrize("reason", [*notes.TITLES, "image_too_large", "a_word_nobody_knows"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_failure_has_a_kind_page(reason: str, lang: str) -> None:
    page = notes.page(reason, lang)
    assert "<h1" in page
    assert 'action="/find"' in page


def test_a_foreign_code_is_shown_but_never_linked() -> None:
    page = notes.page("code_foreign", "zh", named="http://evil.test/<b>")
    assert "http://evil.test/&lt;b&gt;" in page
    assert 'href="http://evil' not in page


def test_the_trace_page_links_to_its_other_language() -> None:
    assert f'href="/t/{CODE}?lang=en"' in pages.trace(tell(FACTS), "zh")
    assert f'href="/t/{CODE}?lang=zh"' in pages.trace(tell(FACTS), "en")
