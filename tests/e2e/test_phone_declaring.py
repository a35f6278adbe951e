"""A farmer declares on the phone: four steps, without signal, returned by an officer, corrected, approved."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from backend.base import clock, store, vocab
from tests.e2e.phoning import enter, judge, opened, ready_to_lose_signal
from tests.factories import producers as factory
from tests.factories.farming import Farm

pytestmark = pytest.mark.e2e
SENT = {"timeout": 20_000}
PAGE = "#/farmer/declare/index"


def declared(grove: Farm) -> list[dict[str, Any]]:
    """Every version, oldest first."""
    path = f"/api/v1/producers/{grove.producer_id}/declarations"
    return list(grove.api.get(path, as_=grove.token).json["items"])[::-1]


def decide(grove: Farm, officer: str, declaration_id: str, verdict: str, reason: str = "") -> None:
    body = {"verdict": verdict, "reason": reason}
    answer = grove.api.post(f"/api/v1/declarations/{declaration_id}/decision", body, as_=officer)
    assert answer.status_code == 200, answer.text


def next_step(page: Page) -> None:
    page.get_by_role("button", name="下一步").click()


def promise_and_send(page: Page) -> None:
    """From the step of the promises on."""
    for term in vocab.get("declaration_commitments"):
        page.get_by_role("button", name=term.zh).click()
    judge(page)
    next_step(page)
    page.get_by_role("button", name="交上去").click()


def begun(context: BrowserContext, grove: Farm) -> Page:
    """A phone at the first step, without signal."""
    factory.site(grove.api, grove.token, grove.producer_id, client_id="site-0002", name="河滩地")
    page = enter(context, grove)
    expect(page.get_by_text("今年该申报了")).to_be_visible()
    judge(page)
    page.get_by_role("button", name="开始申报").click()
    expect(page.get_by_role("heading", name=f"{clock.today().year} 年申报")).to_be_visible()
    ready_to_lose_signal(page)
    context.set_offline(True)
    page.get_by_role("button", name="开始申报").last.click()
    expect(page.get_by_text("第 1 步，共 4 步")).to_be_visible()
    judge(page)
    return page


def test_four_steps_without_signal_survive_a_killed_app_and_arrive_once(context: BrowserContext, grove: Farm) -> None:
    page = begun(context, grove)
    page.get_by_role("button", name="河滩地").click()
    next_step(page)
    page.get_by_label("大约能收").fill("两万")
    next_step(page)
    expect(page.get_by_text("数量只填数字")).to_be_visible()
    page.get_by_label("大约能收").fill("20000")
    judge(page)
    next_step(page)
    next_step(page)
    expect(page.get_by_text("每一条承诺都要点“同意”才能交")).to_be_visible()
    page.close()
    page = opened(context, PAGE)
    page.get_by_role("button", name="接着写").click()
    next_step(page)
    expect(page.get_by_label("大约能收")).to_have_value("20000")
    next_step(page)
    promise_and_send(page)
    expect(page.get_by_text("已经写好，在手机里等信号")).to_be_visible()
    assert declared(grove) == []
    context.set_offline(False)
    expect(page.get_by_text("等监管员审核")).to_be_visible(**SENT)
    (kept,) = declared(grove)
    assert [one["name"] for one in kept["sites"]] == ["东塬果园"]
    assert kept["planned"] == [{"product_id": grove.product_id, "amount": "20000", "unit": "kg"}]


def test_a_returned_declaration_says_why_is_corrected_and_approved(
    context: BrowserContext, grove: Farm, login: Callable[..., str]
) -> None:
    officer = login("township_officer", region="620602100")
    factory.site(grove.api, grove.token, grove.producer_id, client_id="site-0002", name="河滩地")
    first = factory.declaration(grove.api, grove.token, grove.producer_id, season=str(clock.today().year))
    page = enter(context, grove)
    decide(grove, officer, first["id"], "return", "河滩地也在种，请补上")
    page.goto("/app/#/farmer/inbox/index")
    page.get_by_role("button", name="去看看").first.click()
    expect(page.get_by_text("退回原因：河滩地也在种，请补上").last).to_be_visible(**SENT)
    page.get_by_role("button", name="改好再交").last.click()
    page.get_by_role("button", name="河滩地").click()
    next_step(page)
    next_step(page)
    promise_and_send(page)
    expect(page.get_by_text("等监管员审核").last).to_be_visible(**SENT)
    second = declared(grove)[-1]
    assert (second["version"], second["previous_id"], len(second["sites"])) == (2, first["id"], 2)
    decide(grove, officer, second["id"], "approve")
    page.reload()
    expect(page.get_by_text("审核通过了").last).to_be_visible(**SENT)


def test_a_declaration_that_the_platform_refuses_says_why_and_goes_again(context: BrowserContext, grove: Farm) -> None:
    page = begun(context, grove)
    next_step(page)
    next_step(page)
    promise_and_send(page)
    expect(page.get_by_text("已经写好，在手机里等信号")).to_be_visible()
    store.collection("sites").delete_one({"_id": f"{grove.producer_id}.site-0002"})
    context.set_offline(False)
    expect(page.get_by_text("平台没有收下").last).to_be_visible(**SENT)
    page.goto("/app/#/farmer/outbox/index")
    expect(page.get_by_text("需修改", exact=True).last).to_be_visible()
    page.get_by_role("button", name="修改", exact=True).click()
    page.get_by_role("button", name="改好再交").last.click()
    expect(page.get_by_role("button", name="河滩地")).to_have_count(0, **SENT)
    next_step(page)
    next_step(page)
    promise_and_send(page)
    expect(page.get_by_text("等监管员审核").last).to_be_visible(**SENT)
    (kept,) = declared(grove)
    assert [one["name"] for one in kept["sites"]] == ["东塬果园"]
