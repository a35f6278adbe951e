"""From harvest to labels on the phone: refused by the gate, lawful, issued once, printed, taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from backend.gateways import labels
from tests.e2e.phoning import at_rest, enter, judge, opened
from tests.factories.certificates import admit
from tests.factories.farming import Farm

pytestmark = pytest.mark.e2e
API = "/api/v1"

# A printer for Web Bluetooth that writes down its bytes; `faults` says what becomes of the next writes.
PRINTER = """
window.printer = {bytes: [], largest: 0, faults: [], connected: false, searched: 0}
const door = {properties: {write: true, writeWithoutResponse: false}, async writeValueWithResponse(value) {
  const fault = window.printer.faults.shift()
  if (fault === 'busy') throw new DOMException('GATT operation already in progress.', 'NetworkError')
  if (fault === 'gone') {
    server.connected = false
    throw new DOMException('GATT Server is disconnected.', 'NetworkError') }
  if (fault === 'slow') await new Promise(done => setTimeout(done, 300))
  window.printer.bytes.push(...value); window.printer.largest = Math.max(window.printer.largest, value.length) }}
const own = {uuid: '00001800-0000-1000-8000-00805f9b34fb',
  getCharacteristics: async () => { throw new Error('not this one') }}
const service = {uuid: '000018f0-0000-1000-8000-00805f9b34fb', getCharacteristics: async () => [door]}
const server = {connected: false, connect: async () => { server.connected = true; return server },
  disconnect() { server.connected = false }, getPrimaryServices: async () => [own, service]}
Object.defineProperty(navigator, 'bluetooth', {configurable: true, value: {requestDevice: async () => {
  window.printer.searched++; return {id: 'one', name: 'Label-40', gatt: server} }}})
"""
WITHOUT = "Object.defineProperty(navigator, 'bluetooth', {configurable: true, value: undefined})"


def harvest(page: Page, day: str, amount: str = "1000") -> None:
    page.get_by_role("button", name="记一笔").first.click()
    page.get_by_role("button", name="采收", exact=True).click()
    page.get_by_label("采收数量").fill(amount)
    page.get_by_role("button", name="公斤", exact=True).click()
    page.get_by_label("哪一天").fill(day)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="我的地")).to_be_visible()


def certificates(grove: Farm) -> list[dict[str, Any]]:
    path = f"{API}/certificates?producer_id={grove.producer_id}"
    return list(grove.api.get(path, as_=grove.token).json["items"])


def issued(grove: Farm, amount: str = "400") -> dict[str, Any]:
    """A lawful lot of 1000 kg and a certificate on some of it, made through the API."""
    grove.sync(grove.spray("2026-09-01"), cut := grove.harvest("2026-09-30"))
    body = {"client_id": "certificate-e2e-1", "lot_id": f"{grove.producer_id}.{cut['client_id']}", "amount": amount}
    answer = grove.api.post(f"{API}/certificates", body | {"unit": "kg", "bases": ["quality_control"]}, as_=grove.token)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def printed(page: Page) -> bytes:
    return bytes(page.evaluate("window.printer.bytes"))


def asked_for(grove: Farm, certificate_id: str, copies: int) -> bytes:
    path = f"{API}/certificates/{certificate_id}/label.tspl?size=40x30&copies={copies}"
    return bytes(grove.api.get(path, as_=grove.token).data)


def test_a_harvest_inside_the_waiting_time_is_refused_in_plain_words_with_its_first_lawful_day(
    context: BrowserContext, grove: Farm, login: Callable[..., str]
) -> None:
    admit(grove, login)
    grove.sync(grove.spray("2026-09-01"))
    page = enter(context, grove)
    harvest(page, "2026-09-10")
    page.get_by_role("button", name="采收了 → 开合格证").click()
    page.get_by_role("button", name="开合格证", exact=True).click()
    expect(page.get_by_label("这次开多少")).to_have_value("1000")
    page.get_by_role("button", name="看看能不能开").click()
    expect(page.get_by_role("heading", name="现在还不能开")).to_be_visible()
    expect(page.get_by_text("14天安全间隔期未满")).to_be_visible()
    expect(page.get_by_text("2026-09-15 起采收的才可以")).to_be_visible()
    expect(page.get_by_text("依据：农药管理条例第三十四条")).to_be_visible()
    expect(page.get_by_text("2026-09-01 · 用药")).to_be_visible()
    at_rest(page)
    judge(page)
    page.get_by_role("button", name="回“我的地”").click()
    expect(page.get_by_role("heading", name="我的地").last).to_be_visible()
    assert certificates(grove) == []


def test_an_input_nobody_knows_is_corrected_from_the_refusal(
    context: BrowserContext, grove: Farm, login: Callable[..., str]
) -> None:
    admit(grove, login)
    spray = grove.spray("2026-09-01", used={"name": "自配药", "manufacturer": "不详"})
    del spray["inputs"][0]["registration_no"]
    grove.sync(spray, grove.harvest("2026-09-30"))
    page = enter(context, grove)
    page.get_by_role("button", name="我的采收").click()
    page.get_by_role("button", name="开合格证", exact=True).click()
    page.get_by_role("button", name="看看能不能开").click()
    expect(page.get_by_text("不认识投入品“自配药”")).to_be_visible()
    page.get_by_role("button", name="更正这条记录").click()
    expect(page.get_by_label("治什么")).to_have_value("蚜虫")
    page.get_by_role("button", name="去掉 自配药").click()
    page.get_by_label("名称、登记证号或拼音").fill("示例-0001")
    page.get_by_role("button", name="示例-0001").first.click()
    page.get_by_label("用量").fill("20")
    page.get_by_role("button", name="克/亩", exact=True).click()
    page.get_by_role("button", name="叶面喷雾").click()
    page.get_by_label("从哪里买的").fill("镇农资店")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="可以开证")).to_be_visible(timeout=20_000)


def test_a_lawful_harvest_gets_one_certificate_even_when_the_answer_is_lost(
    context: BrowserContext, grove: Farm, login: Callable[..., str]
) -> None:
    admit(grove, login)
    grove.sync(grove.spray("2026-09-01"))
    page = enter(context, grove)
    harvest(page, "2026-09-30")
    page.get_by_role("button", name="采收了 → 开合格证").click()
    page.get_by_role("button", name="开合格证", exact=True).click()
    page.get_by_label("这次开多少").fill("1200")
    page.get_by_role("button", name="看看能不能开").click()
    expect(page.get_by_text("比这批剩下的还多")).to_be_visible()
    page.get_by_label("这次开多少").fill("400")
    page.get_by_role("button", name="看看能不能开").click()
    expect(page.get_by_role("heading", name="可以开证")).to_be_visible()
    judge(page)
    lost: list[Any] = []
    page.route("**/api/v1/certificates", lambda route: (route.fetch(), lost.append(route), route.abort()))
    page.get_by_role("button", name="开出合格证").click()
    expect(page.get_by_text("不会重复开证")).to_be_visible()
    assert len(lost) == 1
    page.close()
    again = opened(context, "#/farmer/lots/index")
    again.get_by_role("button", name="上次没有收到回答，再问一次").click()
    expect(again.get_by_label("这次开多少")).to_have_value("400")
    again.get_by_role("button", name="再问一次").last.click()
    expect(again.get_by_role("heading", name="开好了")).to_be_visible()
    own = certificates(grove)
    assert [(one["amount"], one["state"]) for one in own] == [("400", "valid")]
    expect(again.get_by_text(own[0]["number"]).first).to_be_visible()
    expect(again.get_by_alt_text("合格证二维码")).to_be_visible()


def test_without_signal_a_harvest_waits_and_what_was_chosen_is_kept(
    context: BrowserContext, grove: Farm, login: Callable[..., str]
) -> None:
    admit(grove, login)
    grove.sync(grove.spray("2026-09-01"), grove.harvest("2026-09-20", "300"))
    page = enter(context, grove)
    page.get_by_role("button", name="我的采收").click()
    page.get_by_role("button", name="开合格证", exact=True).click()
    expect(page.get_by_label("这次开多少")).to_have_value("300")
    context.set_offline(True)
    page.get_by_label("这次开多少").fill("120")
    page.get_by_role("button", name="看看能不能开").click()
    expect(page.get_by_text("您选好的都存着")).to_be_visible()
    page.get_by_role("button", name="返回").last.click()
    page.get_by_role("button", name="返回").last.click()
    harvest(page, "2026-09-30")
    page.get_by_role("button", name="采收了 → 开合格证").click()
    expect(page.get_by_text("有信号后才能开证")).to_be_visible()
    at_rest(page)
    judge(page)
    context.set_offline(False)
    expect(page.get_by_role("button", name="开合格证", exact=True)).to_have_count(2, timeout=20_000)
    page.get_by_role("button", name="开合格证", exact=True).last.click()
    expect(page.get_by_label("这次开多少")).to_have_value("120")


def test_the_paper_and_the_label_sheet_come_as_pdf_with_the_login(
    context: BrowserContext, grove: Farm, login: Callable[..., str]
) -> None:
    admit(grove, login)
    own = issued(grove)
    page = enter(context, grove)
    page.goto(f"/app/#/farmer/certificate/index?id={own['id']}")
    for button, name in (("发合格证", f"{own['code']}.pdf"), ("标签 PDF", f"{own['code']}-labels.pdf")):
        with page.expect_download() as given:
            page.get_by_role("button", name=button).click()
        assert given.value.suggested_filename == name
        assert given.value.path().read_bytes().startswith(b"%PDF-")
    context.set_offline(True)
    page.get_by_role("button", name="发合格证").click()
    expect(page.get_by_text("没有取到文件")).to_be_visible()


def test_labels_reach_the_printer_byte_for_byte(
    context: BrowserContext, grove: Farm, login: Callable[..., str]
) -> None:
    admit(grove, login)
    own = issued(grove)
    context.add_init_script(PRINTER)
    page = enter(context, grove)
    page.goto(f"/app/#/farmer/press/index?id={own['id']}")
    page.get_by_role("button", name="找打印机").click()
    page.get_by_role("button", name="Label-40").click()
    expect(page.get_by_text("已连上：Label-40")).to_be_visible()
    page.get_by_role("button", name="先打一张测试").click()
    expect(page.get_by_text("全部送到打印机了")).to_be_visible()
    assert printed(page) == labels.tspl_test_page("40x30")
    assert page.evaluate("window.printer.largest") == 20
    page.evaluate("window.printer.bytes = []; window.printer.faults = [null, 'busy', 'busy', 'slow', null, 'busy']")
    page.get_by_label("打几张").fill("25")
    page.get_by_role("button", name="打印 25 张").click()
    expect(page.get_by_text("全部送到打印机了")).to_be_visible(timeout=15_000)
    assert printed(page) == asked_for(grove, own["id"], 25)
    judge(page)


def test_a_broken_connection_is_told_and_printing_begins_again(
    context: BrowserContext, grove: Farm, login: Callable[..., str]
) -> None:
    admit(grove, login)
    own = issued(grove)
    context.add_init_script(PRINTER)
    page = enter(context, grove)
    page.goto(f"/app/#/farmer/press/index?id={own['id']}")
    page.get_by_role("button", name="找打印机").click()
    page.get_by_role("button", name="Label-40").click()
    page.evaluate("window.printer.faults = [null, null, 'gone']")
    page.get_by_role("button", name="打印 10 张").click()
    expect(page.get_by_text("和打印机断开了，没有出纸")).to_be_visible()
    half, whole = printed(page), asked_for(grove, own["id"], 10)
    assert half == whole[:40]
    page.get_by_role("button", name="从头再打").click()
    expect(page.get_by_text("全部送到打印机了")).to_be_visible(timeout=15_000)
    assert printed(page) == half + b"\r\n" + whole
    assert page.evaluate("window.printer.searched") == 1


def test_a_browser_without_bluetooth_points_to_the_label_sheet(context: BrowserContext, grove: Farm) -> None:
    context.add_init_script(WITHOUT)
    enter(context, grove).close()
    page = opened(context, "#/farmer/press/index?id=x")
    expect(page.get_by_text("这个浏览器不能直接连打印机，请用标签 PDF。")).to_be_visible()


def test_a_certificate_is_taken_back_with_a_reason_and_says_so_everywhere(
    context: BrowserContext, grove: Farm, login: Callable[..., str]
) -> None:
    admit(grove, login)
    own = issued(grove)
    page = enter(context, grove)
    page.goto(f"/app/#/farmer/certificate/index?id={own['id']}")
    page.get_by_role("button", name="这张证要作废").click()
    page.get_by_role("button", name="作废", exact=True).click()
    expect(page.get_by_text("请先选一个原因")).to_be_visible()
    page.get_by_role("button", name="填写有误").click()
    page.get_by_role("button", name="作废", exact=True).click()
    page.get_by_role("button", name="再点一次就作废").click()
    expect(page.get_by_role("heading", name="已作废")).to_be_visible()
    expect(page.get_by_role("button", name="用蓝牙打印机打标签")).to_have_count(0)
    assert [(one["state"], one["void_reason"]) for one in certificates(grove)] == [("void", "wrong_entry")]
    page.close()
    page = opened(context, "#/farmer/certificates/index")
    expect(page.get_by_text("已作废")).to_be_visible()
    page.close()
    page = opened(context, "#/farmer/lots/index")
    expect(page.get_by_text("还可开证 1000 公斤")).to_be_visible()


@pytest.mark.parametrize("care", [False, True], ids=["plain", "care"])
def test_a_refusal_and_the_form_of_a_void_can_be_read_touched_and_heard(
    context: BrowserContext, grove: Farm, login: Callable[..., str], care: bool
) -> None:
    admit(grove, login)
    own = issued(grove)
    grove.sync(grove.harvest("2026-09-05", "80"))
    page = enter(context, grove)
    if care:
        page.goto("/app/#/pages/me/index")
        page.get_by_role("button", name="开", exact=True).click()
        page.close()
    early = next(one for one in lots(grove) if one["amount"] == "80")
    for path in (f"certify/index?lot={early['id']}", f"certificate/index?id={own['id']}"):
        page = opened(context, f"#/farmer/{path}")
        at_rest(page)
        if path.startswith("certify"):
            page.get_by_role("button", name="看看能不能开").click()
            expect(page.get_by_role("heading", name="现在还不能开")).to_be_visible()
        if path.startswith("certificate/"):
            page.get_by_role("button", name="这张证要作废").click()
        judge(page, care=care)
        page.close()


def lots(grove: Farm) -> list[dict[str, Any]]:
    return list(grove.api.get(f"{API}/lots?producer_id={grove.producer_id}", as_=grove.token).json["items"])
