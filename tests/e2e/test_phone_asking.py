"""An officer asks on one phone, a farmer answers on another: with photos, without signal, until it is closed."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from backend.base import store
from backend.base.actor import system
from backend.domains.accounts import service as accounts
from tests.e2e.phoning import at_rest, enter, judge, kill, opened, ready_to_lose_signal
from tests.factories.complaints import picture
from tests.factories.farming import Farm

pytestmark = pytest.mark.e2e
SENT = {"timeout": 20_000}
PASSWORD = "correct horse battery"
HOSTILE = "七月打药的空瓶放在哪里？<img src=x onerror=alert(1)>"


@pytest.fixture
def officer(second: BrowserContext, grove: Farm) -> Page:
    """The village assistant's phone, at the day's work."""
    made = accounts.new_staff(system("test"), login="officer-li", password=PASSWORD, name="李协管", roles=[])
    accounts.grant(system("test"), account_id=made["id"], role="village_officer", region="620602100")
    page = opened(second, "#/officer/enter/index")
    page.get_by_label("登录名").fill("officer-li")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="要走访的生产主体")).to_be_visible()
    return page


def said(grove: Farm) -> list[dict[str, Any]]:
    (one,) = grove.api.get(f"/api/v1/producers/{grove.producer_id}/questions", as_=grove.token).json["items"]
    return list(grove.api.get(f"/api/v1/questions/{one['id']}", as_=grove.token).json["messages"])


def ask(officer: Page, text: str) -> None:
    officer.get_by_role("button", name="张三").last.click()
    officer.get_by_role("button", name="问一问").click()
    officer.get_by_role("button", name="红富士苹果").click()
    officer.get_by_label("想问什么").fill(text)
    at_rest(officer)
    judge(officer)
    officer.get_by_role("button", name="送出提问").click()
    expect(officer.get_by_role("heading", name="问过的话 · 1")).to_be_visible(**SENT)
    at_rest(officer)
    judge(officer)


def test_a_question_is_answered_with_photos_without_signal_and_closed(
    context: BrowserContext, grove: Farm, officer: Page, tmp_path: Path
) -> None:
    (shot := tmp_path / "bottles.jpg").write_bytes(picture().getvalue())
    page = enter(context, grove)
    ask(officer, HOSTILE)
    page.reload()
    expect(page.get_by_role("heading", name="监管员有话问您")).to_be_visible()
    page.goto("/app/#/farmer/inbox/index")
    expect(page.get_by_text("监管员向 张三 提了一个问题")).to_be_visible()
    page.get_by_role("button", name="去看看").click()
    expect(page.get_by_text(HOSTILE)).to_be_visible(**SENT)
    expect(page.get_by_text("关于生产批次 红富士苹果")).to_be_visible()
    ready_to_lose_signal(page)
    context.set_offline(True)
    page.get_by_role("button", name="送出回答").click()
    expect(page.get_by_text("请填写“您的回答”")).to_be_visible()
    page.get_by_label("您的回答").last.fill("都交到镇里的回收点了，有单子。")
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="拍照").click()
    choosing.value.set_files([shot, shot])
    expect(page.get_by_text("已选 2 张")).to_be_visible()
    judge(page)
    page.get_by_role("button", name="送出回答").click()
    expect(page.get_by_text("未上传").last).to_be_visible()
    kill(page)
    page = opened(context, "#/farmer/outbox/index")
    expect(page.get_by_text("未上传")).to_have_count(3)
    assert len(said(grove)) == 1
    context.set_offline(False)
    expect(page.get_by_text("已送达")).to_have_count(3, **SENT)
    answer = said(grove)[1]
    assert (answer["by"], answer["text"], len(answer["photos"])) == ("producer", "都交到镇里的回收点了，有单子。", 2)

    officer.goto("/app/#/officer/queue/index")
    officer.get_by_role("button", name="已回答").click()
    expect(officer.get_by_text("都交到镇里的回收点了")).to_be_visible()
    expect(officer.get_by_role("img", name="第 2 张照片")).to_be_visible()
    at_rest(officer)
    judge(officer)
    officer.get_by_label("再问一句").fill("单子拍一张给我")
    officer.get_by_role("button", name="送出提问").click()
    expect(officer.get_by_text("等回答", exact=True).last).to_be_visible(**SENT)
    officer.get_by_role("button", name="办结", exact=True).click()
    officer.get_by_role("button", name="再点一次就办结").click()
    expect(officer.get_by_text("已办结", exact=True).last).to_be_visible(**SENT)
    assert [one["step"] for one in said(grove)] == ["asked", "answered", "asked_again", "closed"]
    page.goto("/app/#/farmer/inbox/index")
    page.get_by_role("button", name="去看看").first.click()
    expect(page.get_by_text("监管员已办结")).to_be_visible(**SENT)
    expect(page.get_by_text("单子拍一张给我")).to_be_visible()


def test_an_answer_that_is_refused_says_why_and_is_sent_again(
    context: BrowserContext, grove: Farm, officer: Page
) -> None:
    ask(officer, "空瓶在哪里？")
    page = enter(context, grove)
    page.get_by_role("button", name="去回答").click()
    expect(page.get_by_text("空瓶在哪里？").last).to_be_visible()
    context.set_offline(True)
    page.get_by_label("您的回答").last.fill("在回收点。")
    page.get_by_role("button", name="送出回答").click()
    expect(page.get_by_text("未上传").last).to_be_visible()
    store.collection("questions").update_one({}, {"$set": {"messages": 40}})
    context.set_offline(False)
    page.goto("/app/#/farmer/outbox/index")
    expect(page.get_by_text("已经来回 40 次")).to_be_visible(**SENT)
    store.collection("questions").update_one({}, {"$set": {"messages": 1}})
    page.get_by_role("button", name="修改", exact=True).click()
    expect(page.get_by_label("您的回答").last).to_have_value("在回收点。")
    page.get_by_label("您的回答").last.fill("在镇回收点。")
    page.get_by_role("button", name="送出回答").click()
    expect(page.get_by_text("已回答", exact=True).last).to_be_visible(**SENT)
    assert [one["text"] for one in said(grove)] == ["空瓶在哪里？", "在镇回收点。"]
