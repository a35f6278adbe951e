"""Whole stories in a phone's browser: a case from report to reopening, an article from the desk to its correction."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from backend.base import events
from backend.domains.articles import service as articles
from backend.domains.tracing import service as tracing
from tests.factories.articles import content, editor, published
from tests.factories.complaints import API, filed
from tests.factories.http import Api
from tests.factories.traces import CODE, stored

pytestmark = pytest.mark.e2e


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=site, viewport={"width": 360, "height": 740}, locale="zh-CN", java_script_enabled=False
    )
    opened = context.new_page()
    yield opened
    context.close()


def follow(phone: Page, receipt: str) -> str:
    phone.goto("/report/follow")
    phone.fill("#receipt", receipt)
    phone.click("form button")
    return phone.inner_text("h1")


def test_triaged_transferred_investigated_closed_rated_and_reopened(
    phone: Page, api: Api, login: Callable[..., str]
) -> None:
    here, there = login("county_officer", region="620602"), login("county_officer", region="620723")
    receipt = filed(api)
    (case,) = api.get(f"{API}/complaints", as_=here).json["items"]

    def act(who: str, action: str, **body: Any) -> None:
        answer = api.post(f"{API}/complaints/{case['id']}/actions", {"action": action, **body}, as_=who)
        assert answer.status_code == 200, answer.text

    act(here, "accept")
    assert follow(phone, receipt) == "已受理"
    due = phone.inner_text(".due")
    act(here, "transfer", region="620723101", text="事发地在临泽县")
    act(there, "investigate")
    assert follow(phone, receipt) == "核查中"
    assert "转其他地区办理" in phone.inner_text("main") and "事发地在临泽县" in phone.inner_text("main")
    assert phone.inner_text(".due") == due, "a transfer keeps the clock"
    act(there, "close", text="已责令改正", outcome="handled")
    assert follow(phone, receipt) == "已办结" and "属实，已处理" in phone.inner_text("main")
    phone.check("input[name=stars][value='2']")
    phone.click("form:has(input[name=stars]) button")
    follow(phone, receipt)
    assert "2/5" in phone.inner_text("main")
    phone.fill("textarea", "昨天又打药了")
    phone.click("button:text('要求重新办理')")
    assert follow(phone, receipt) == "已受理"
    act(there, "close", text="复查属实", outcome="filed")
    assert follow(phone, receipt) == "已办结"
    assert phone.locator("button:text('要求重新办理')").count() == 0, "once"


def test_an_article_from_the_desk_to_its_correction(phone: Page, api: Api) -> None:
    writer, reviewer = editor(), editor()
    stored()
    made = published(writer, reviewer)
    events.deliver()
    tracing.retell_related()
    phone.goto(f"/t/{CODE}")
    phone.click("text=苹果怎么洗最干净")
    assert phone.inner_text("h1") == "苹果怎么洗最干净" and phone.locator(".prose h2").count() == 1
    articles.edit(writer, made.id, expected_version=made.version, **content(title="苹果连皮怎么洗"))
    phone.reload()
    assert phone.inner_text("h1") == "苹果怎么洗最干净", "readers keep what was reviewed"
    articles.submit(writer, made.id, correction="说清是连皮吃")
    articles.review(reviewer, made.id, verdict="publish")
    phone.reload()
    assert phone.inner_text("h1") == "苹果连皮怎么洗" and "说清是连皮吃" in phone.inner_text("main")
    phone.click("text=科普辟谣 >> nth=0")
    phone.fill("#q", "连皮 洗")
    phone.click("form button")
    assert phone.inner_text(".shelf h2") == "苹果连皮怎么洗"


@pytest.mark.parametrize("path", ["/read", "/read?q=航天", "/read?crop=apple&lang=en", "/read/{slug}"])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_reading_page_overflows(browser: Browser, site: str, path: str, width: int) -> None:
    said = {"claim": "很长的谣言" * 20, "verdict": "false", "evidence": "很长的证据" * 50}
    slug = published(editor(), editor(), kind="rumour", title="一个特别特别长的标题" * 4, **said).slug
    context = browser.new_context(base_url=site, viewport={"width": width, "height": 800}, locale="zh-CN")
    page, problems = context.new_page(), []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(path.format(slug=slug))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not problems, "the page's data must not trip the content policy"
    context.close()
