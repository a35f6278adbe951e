"""The readers' pages, and what a trace's page offers to read."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from backend.base import events, store
from backend.domains.articles import service as articles
from backend.domains.tracing import service as tracing
from backend.domains.tracing.models import RelatedReading
from backend.domains.tracing.service import retelling
from tests.factories.articles import content, editor, illustrated, published
from tests.factories.traces import CODE, FACTS, stored

RUMOUR = {
    "kind": "rumour",
    "title": "打蜡的苹果都有毒？",
    "claim": "苹果表面的蜡</script><b>都有毒",
    "verdict": "misleading",
    "evidence": "食用蜡按标准使用是允许的。",
}


@pytest.fixture
def web(app: Flask) -> Client:
    app.extensions["longtrace.web"].traces.forget(CODE)
    return Client(app.wsgi_app)


@pytest.fixture
def desk(app: Flask) -> tuple[Any, Any]:
    return editor(), editor()


def get(web: Client, path: str, status: int = 200) -> TestResponse:
    page = web.get(path, headers={"Accept": "text/html"})
    assert page.status_code == status, page.text
    return page


def test_the_shelf_shows_searches_and_narrows(web: Client, desk: tuple[Any, Any]) -> None:
    published(*desk)
    published(*desk, **RUMOUR, crops=["pear"])
    assert "苹果怎么洗最干净" in get(web, "/read").text
    found = get(web, "/read?q=苹果+怎么洗&lang=zh").text
    assert "找到" in found and found.index("苹果怎么洗最干净") < found.index("打蜡的苹果都有毒")
    assert "苹果怎么洗" not in get(web, "/read?kind=rumour").text
    assert "误导" in get(web, "/read?crop=pear").text
    assert "苹果怎么洗" in get(web, "/read?kind=unheard").text, "an unknown word in an address is passed over"


def test_nothing_found_is_no_dead_end(web: Client) -> None:
    page = get(web, "/read?q=<script>航天").text
    assert "没有找到文章" in page and 'href="/read"' in page and "<script>航" not in page


def test_the_shelf_goes_on(web: Client, desk: tuple[Any, Any]) -> None:
    for number in range(13):
        published(*desk, title=f"第{number}篇文章")
    first = get(web, "/read").text
    (more,) = re.findall(r'href="(/read\?[^"]*cursor=[^"]+)"', first)
    assert "第0篇文章" not in first and "第0篇文章" in get(web, more.replace("&amp;", "&")).text


def test_an_article_names_its_sources_and_its_corrections(web: Client, desk: tuple[Any, Any]) -> None:
    made = published(*desk)
    articles.edit(desk[0], made.id, expected_version=made.version, **content(title="苹果连皮怎么洗"))
    articles.submit(desk[0], made.id, correction="标题说清是连皮吃")
    articles.review(desk[1], made.id, verdict="publish")
    page = get(web, f"/read/{made.slug}").text
    for words in ("苹果连皮怎么洗", "<h2>先冲再泡</h2>", "GB 2763", "标题说清是连皮吃", '"@type": "Article"'):
        assert words in page, words
    assert web.get(f"/read/{made.slug.lower()}").headers["Location"] == f"/read/{made.slug}"
    assert "没有这篇文章" in get(web, "/read/NOSUCH00", 404).text


def test_a_rumour_carries_its_review_and_cannot_break_out_of_it(web: Client, desk: tuple[Any, Any]) -> None:
    made = published(*desk, **RUMOUR)
    page = get(web, f"/read/{made.slug}").text
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    review = json.loads(data)
    assert (review["@type"], review["claimReviewed"]) == ("ClaimReview", RUMOUR["claim"])
    assert review["reviewRating"]["ratingValue"] == 2 and review["reviewRating"]["alternateName"] == "误导"
    assert review["url"] == f"http://t.test/read/{made.slug}"
    assert "</script><b>" not in page


def worked_off() -> None:
    events.deliver()
    while tracing.retell_related():
        pass


def test_a_trace_offers_what_there_is_to_read_about_its_crop(web: Client, desk: tuple[Any, Any]) -> None:
    stored()
    assert f"/read?crop={FACTS.goods.crop}" in get(web, f"/t/{CODE}").text, "a plain link at once"
    made = published(*desk, title="苹果的安全间隔期")
    wide = published(*desk, title="几种水果都能看", crops=["apple", "pear", "peach"])
    worked_off()
    page = get(web, f"/t/{CODE}").text
    assert page.index(f"/read/{made.slug}") < page.index(f"/read/{wide.slug}"), "the most about it comes first"
    articles.withdraw(desk[1], made.id, reason="过时")
    worked_off()
    assert made.slug not in get(web, f"/t/{CODE}").text


def test_telling_goes_on_where_it_stopped_and_starts_over_on_a_change(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retelling, "CHUNK", 2)
    codes = [stored(replace(FACTS, code=f"AAAAAAAAAAA{number}")) for number in range(5)]
    tracing.relate("apple", [tracing.Related("SLUG0001", "science", "一")])
    assert tracing.retell_related() == 2
    tracing.relate("apple", [tracing.Related("SLUG0002", "science", "二")])
    while tracing.retell_related():
        pass
    for code in codes:
        story = json.loads(bytes(store.collection("public_traces").find_one({"_id": code})["json"]))
        assert [one["title"] for one in story["related"]] == ["二"]
    assert RelatedReading.rows({}, limit=2)[0]["telling"] is False
    assert not tracing.relate("apple", [tracing.Related("SLUG0002", "science", "二")]), "nothing changed"


def test_the_home_page_shows_the_newest(web: Client, desk: tuple[Any, Any]) -> None:
    assert "全部科普和辟谣" not in get(web, "/").text
    made = published(*desk)
    assert f"/read/{made.slug}" in get(web, "/").text


def test_a_picture_stands_in_its_article_in_the_list_and_in_what_is_shared(web: Client) -> None:
    slug = illustrated()
    page = get(web, f"/read/{slug}").text
    assert page.count('<figure data-picture="washing-steps">') == 1 and 'alt="流水冲洗苹果"' in page
    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    share = json.loads(said)["image"]
    assert f'<meta property="og:image" content="{share}">' in page and share.endswith("-960.jpg")
    assert get(web, "/p/" + share.rpartition("/")[2]).content_type == "image/jpeg"
    assert re.search(r'<img src="/p/\w+-thumb\.jpg" width="96"', get(web, "/read").text)
    assert "Disallow: /p/" not in get(web, "/robots.txt").text
