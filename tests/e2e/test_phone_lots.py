"""Goods on the move on phones: sent and received with a difference, refused, merged, certified, the book."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e import phoning
from tests.e2e.phoning import enter, invited, kill, opened
from tests.e2e.test_phone_labels import harvest
from tests.factories.certificates import API, Orchard, orchard
from tests.factories.http import Api
from tests.factories.lots import Holder, buyer, harvested, holder, line
from tests.factories.producers import declaration, product

pytestmark = pytest.mark.e2e
SENT = {"timeout": 20_000}


@pytest.fixture
def orchards(api: Api, login: Callable[..., str]) -> Orchard:
    return orchard(api, login)


@pytest.fixture
def market(orchards: Orchard, api: Api, login: Callable[..., str]) -> Holder:
    """A buyer that was admitted and has no land."""
    made = buyer(api, login)
    product(api, made.token, made.producer_id)
    sent = declaration(api, made.token, made.producer_id, site_ids=[])
    answer = api.post(f"{API}/declarations/{sent['id']}/decision", {"verdict": "approve"}, as_=orchards.officer)
    assert answer.status_code == 200, answer.text
    return made


def shop(context: BrowserContext, market: Holder) -> Page:
    """The buyer's phone, with what was bought."""
    page = invited(context, market, "赵老板")
    expect(page.get_by_role("button", name="我的货")).to_be_visible()
    return page


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True).last


def do(page: Page, what: str, *, lots: str = "我的采收") -> None:
    """From the farm's page to the form of one thing to do with the newest lot."""
    button(page, lots).click()
    page.get_by_role("button", name="看这批货、卖货").first.click()
    button(page, what).click()


def lead(page: Page, text: str) -> Locator:
    """What a lot's page says first: how much there is."""
    return page.locator("p.lead").filter(has_text=text)


def see(page: Page, amount: str) -> None:
    """The lot of which the list tells this amount."""
    card = page.get_by_label("红富士苹果").filter(has_text=amount)
    card.get_by_role("button", name="看这批货、卖货").click()


def judge(page: Page) -> None:
    """Once the page has slid in."""
    phoning.at_rest(page)
    phoning.judge(page)


def again(page: Page) -> None:
    """The farm's page, as after opening the app anew."""
    page.goto("/app/#/farmer/farm/index")
    page.reload()


def moved(who: Holder) -> list[dict[str, Any]]:
    path = f"{API}/lots/events?producer_id={who.producer_id}"
    return list(who.api.get(path, as_=who.token).json["items"])


def lots_of(who: Holder) -> dict[str, str]:
    """What is on hand of each lot, by how it came to be and how much it was."""
    found = who.api.get(f"{API}/lots?producer_id={who.producer_id}", as_=who.token).json["items"]
    return {f"{one['born']} {one['amount']}": one["on_hand"] for one in found}


def test_what_is_sent_is_received_with_a_difference_and_both_phones_show_it(
    context: BrowserContext, second: BrowserContext, orchards: Orchard, market: Holder
) -> None:
    orchards.issued(amount="400")
    grower = enter(context, orchards.farm)
    do(grower, "卖给别人、发货")
    grower.get_by_label("多少（公斤）").fill("1001")
    grower.get_by_label("平台上的收货方").fill(f"{market.producer_id[:5].lower()} {market.producer_id[5:]}")
    button(grower, "查").click()
    expect(grower.get_by_text("给：")).to_be_visible()
    button(grower, "发货").click()
    expect(grower.get_by_text("没有这么多，现有 1000")).to_be_visible()
    grower.get_by_label("多少（公斤）").fill("400")
    judge(grower)
    button(grower, "发货").click()
    expect(lead(grower, "现有 600 公斤")).to_be_visible()
    expect(grower.get_by_text("待收货确认")).to_be_visible(**SENT)

    shopper = shop(second, market)
    expect(shopper.get_by_text("有 1 单货发来了")).to_be_visible(**SENT)
    judge(shopper)
    button(shopper, "去收货").click()
    expect(shopper.get_by_role("heading", name="随货来的合格证")).to_be_visible(**SENT)
    button(shopper, "收到的少了").click()
    shopper.get_by_label("收到多少").fill("401")
    button(shopper, "按实收确认").click()
    expect(shopper.get_by_text("不能比发来的（400）多")).to_be_visible()
    shopper.get_by_label("收到多少").fill("390")
    expect(shopper.get_by_text("比发来的少 10 公斤")).to_be_visible()
    shopper.get_by_label("怎么少的").fill("路上碰伤")
    judge(shopper)
    button(shopper, "按实收确认").click()
    expect(shopper.get_by_text("收货数量不符")).to_be_visible(**SENT)
    assert lots_of(market) == {"receive 390": "390"}

    again(grower)
    grower.get_by_role("button", name="对方收少了").click()
    expect(grower.get_by_text("发 400 公斤，实收 390 公斤")).to_be_visible(**SENT)
    expect(grower.get_by_text("对方说：路上碰伤")).to_be_visible()
    button(grower, "同意对方数的").click()
    expect(grower.get_by_text("数量差异已确认")).to_be_visible(**SENT)


def test_a_load_is_refused_with_a_reason_and_comes_back(
    context: BrowserContext, orchards: Orchard, market: Holder
) -> None:
    assert holder(orchards.farm).ship(market, line(orchards.lot_id, "300")).status_code == 201
    shopper = shop(context, market)
    button(shopper, "去收货").click()
    expect(shopper.get_by_text("没有随货来的合格证")).to_be_visible(**SENT)
    button(shopper, "不收这单货").click()
    button(shopper, "不收这单货").click()
    expect(shopper.get_by_text("请写为什么不收")).to_be_visible()
    shopper.get_by_label("为什么不收").fill("没有合格证")
    button(shopper, "不收这单货").click()
    expect(shopper.get_by_text("对方拒收")).to_be_visible(**SENT)
    (sent,) = moved(holder(orchards.farm))
    assert (sent["state"], sent["answer"]["note"]) == ("refused", "没有合格证")
    assert lots_of(holder(orchards.farm)) == {"harvest 1000": "1000"}


def test_a_harvest_is_split_and_one_part_certified(context: BrowserContext, orchards: Orchard) -> None:
    page = enter(context, orchards.farm)
    do(page, "分成几份")
    page.get_by_label("第 1 份").fill("600")
    page.get_by_label("第 2 份").fill("500")
    button(page, "分").click()
    expect(page.get_by_text("没有这么多")).to_be_visible()
    page.get_by_label("第 2 份").fill("150.5")
    expect(page.get_by_text("剩下 249.5 公斤 还在原来那批")).to_be_visible()
    judge(page)
    button(page, "分").click()
    expect(lead(page, "现有 249.5 公斤")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_count(2, **SENT)
    again(page)
    button(page, "我的采收").click()
    page.get_by_label("红富士苹果").filter(has_text="现有 600 公斤").get_by_role(
        "button", name="看这批货、卖货"
    ).click()
    button(page, "开合格证").click()
    button(page, "看看能不能开").click()
    expect(page.get_by_role("heading", name="可以开证")).to_be_visible(**SENT)
    button(page, "开出合格证").click()
    expect(page.get_by_role("heading", name="开好了")).to_be_visible(**SENT)
    assert lots_of(holder(orchards.farm)) == {"harvest 1000": "249.5", "split 600": "600", "split 150.5": "150.5"}


def test_without_signal_a_new_harvest_is_split_and_a_part_sold_and_all_arrives_in_order(
    context: BrowserContext, orchards: Orchard
) -> None:
    page = enter(context, orchards.farm)
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    harvest(page, "2026-10-02", "80")
    do(page, "分成几份")
    page.get_by_label("第 1 份").fill("50")
    page.get_by_label("第 2 份").fill("30")
    button(page, "分").click()
    expect(lead(page, "已经全部出去了")).to_be_visible()
    expect(page.get_by_role("button", name="分成几份 红富士苹果 80 公斤 未上传")).to_be_visible()
    page.get_by_role("button", name="返回").last.click()
    see(page, "50 公斤")
    button(page, "零售").click()
    page.get_by_label("多少（公斤）").fill("20")
    button(page, "记下零售").click()
    expect(lead(page, "现有 30 公斤")).to_be_visible()
    kill(page)
    context.set_offline(False)
    page = opened(context, "#/farmer/outbox/index")
    button(page, "现在上传").click()
    expect(page.get_by_text("已送达")).to_have_count(3, **SENT)
    assert [one["kind"] for one in moved(holder(orchards.farm))] == ["retail", "split"]
    assert lots_of(holder(orchards.farm)) == {
        "harvest 1000": "1000",
        "harvest 80": "0",
        "split 50": "30",
        "split 30": "30",
    }


def test_a_buyer_puts_two_loads_together_and_certifies_them_on_its_own_form_with_both_parents(
    context: BrowserContext, orchards: Orchard, market: Holder
) -> None:
    me, other = holder(orchards.farm), harvested(orchards.farm, "500", day="2026-09-29")
    parents = {orchards.issued(amount="300")["code"], orchards.issued(lot_id=other, amount="200")["code"]}
    for lot_id, amount in ((orchards.lot_id, "300"), (other, "200")):
        me.passed_on(market, line(lot_id, amount))
    page = shop(context, market)
    do(page, "合在一起", lots="我的货")
    page.get_by_role("button", name="红富士苹果").last.click()
    expect(page.get_by_text("合起来是 500 公斤")).to_be_visible()
    judge(page)
    button(page, "合").click()
    expect(lead(page, "已经全部出去了")).to_be_visible(**SENT)
    again(page)
    button(page, "我的货").click()
    page.get_by_label("红富士苹果").filter(has_text="现有 500 公斤").get_by_role(
        "button", name="看这批货、卖货"
    ).click()
    expect(page.get_by_role("listitem")).to_have_count(3, **SENT)
    judge(page)
    button(page, "开合格证").click()
    expect(page.get_by_text("样式二")).to_be_visible()
    for code in parents:
        expect(page.get_by_text(code).last).to_be_visible(**SENT)
    button(page, "看看能不能开").click()
    button(page, "开出合格证").click(**SENT)
    expect(page.get_by_role("heading", name="开好了")).to_be_visible(**SENT)
    expect(page.get_by_role("heading", name="来源的合格证")).to_be_visible()
    made = market.api.get(f"{API}/certificates?producer_id={market.producer_id}", as_=market.token).json["items"]
    assert [(one["template"], set(one["parents"])) for one in made] == [("mara-2025-4-2", parents)]


def test_the_book_tells_what_came_and_went_and_is_exported(
    context: BrowserContext, orchards: Orchard, market: Holder
) -> None:
    page = enter(context, orchards.farm)
    do(page, "零售")
    page.get_by_label("多少（公斤）").fill("25")
    page.get_by_label("在哪里卖的").fill("黄羊镇早市")
    button(page, "记下零售").click()
    expect(lead(page, "现有 975 公斤")).to_be_visible()
    expect(page.get_by_text("黄羊镇早市")).to_be_visible(**SENT)
    again(page)
    button(page, "进销货台账").click()
    expect(page.get_by_label("红富士苹果").get_by_text("25 公斤")).to_be_visible(**SENT)
    expect(page.get_by_label("红富士苹果").get_by_text("975 公斤")).to_be_visible(**SENT)
    judge(page)
    with page.expect_download() as waiting:
        button(page, "导出表格（XLSX）").click()
    sheet = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    assert "黄羊镇早市" in {str(cell.value) for one in sheet.worksheets for row in one.rows for cell in row}


def test_goods_from_outside_are_taken_in_without_signal_with_their_paper_and_certified(
    context: BrowserContext, orchards: Orchard, market: Holder
) -> None:
    page = shop(context, market)
    button(page, "我的货").click()
    context.set_offline(True)
    button(page, "收进平台外的货").click()
    button(page, "别的").click()
    button(page, "水果（含瓜果）").click()
    button(page, "苹果").click()
    page.get_by_label("多少（公斤）").fill("120")
    page.get_by_label("从谁那里收的").fill("外省合作社")
    button(page, "纸质或外平台承诺达标合格证").click()
    button(page, "记下收货").click()
    expect(page.get_by_text("请填写“凭证上的编号”")).to_be_visible()
    page.get_by_label("凭证上的编号").fill("外-2026-001")
    expect(page.get_by_label("谁开的")).to_have_value("外省合作社")
    button(page, "记下收货").click()
    expect(page.get_by_text("120 公斤")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("现有 120 公斤")).to_be_visible(**SENT)
    page.get_by_role("button", name="看这批货、卖货").first.click()
    expect(page.get_by_text("外-2026-001")).to_be_visible(**SENT)
    [lot] = market.api.get(f"{API}/lots?producer_id={market.producer_id}", as_=market.token).json["items"]
    body = {"client_id": "certificate-outside", "lot_id": lot["id"], "amount": "120", "unit": "kg"}
    made = market.post("/certificates", **body, bases=["quality_control"])
    assert made.status_code == 201 and made.json["parents"] == ["外-2026-001"], made.text


def test_a_paper_that_comes_later_is_entered_on_its_lot(
    context: BrowserContext, orchards: Orchard, market: Holder
) -> None:
    goods = {"client_id": "outside-00001", "crop": "apple", "amount": "50", "unit": "kg"}
    assert market.move("/lots/intakes", partner="外省合作社", lines=[goods]).status_code == 201
    page = shop(context, market)
    button(page, "我的货").click()
    page.get_by_role("button", name="看这批货、卖货").first.click()
    expect(page.get_by_text("没有登记凭证的货，不能再开合格证")).to_be_visible(**SENT)
    button(page, "登记来源凭证").click()
    button(page, "检测合格报告").click()
    page.get_by_label("凭证上的编号").fill("检-77")
    page.get_by_label("谁开的").fill("外省检测站")
    button(page, "登记").click()
    expect(page.get_by_text("检-77").first).to_be_visible(**SENT)
    [paper] = market.api.get(f"{API}/certificates/proofs?producer_id={market.producer_id}", as_=market.token).json[
        "items"
    ]
    assert (paper["kind"], paper["amount"], paper["unit"]) == ("test_report", "50", "kg")
