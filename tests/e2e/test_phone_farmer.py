"""A farmer's phone beyond one deed: packs, tank mixes, stock, messages, land, several logins, a full phone."""

import base64
import io
import json
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, FileChooser, Locator, Page, expect

from backend.base import store
from backend.base.actor import system
from backend.domains.accounts import service as accounts
from backend.domains.inbox import service as inbox
from scripts import load_rulebook
from tests.e2e.phoning import at_rest, begin, enter, judge, kill, log_out, note, opened, ready_to_lose_signal
from tests.factories import producers as factory
from tests.factories.farming import RULEBOOK, Farm
from tests.factories.rulebooks import adopt

pytestmark = pytest.mark.e2e

TODAY = (datetime.now(UTC) + timedelta(hours=8)).date().isoformat()
# on the document: Playwright stops at the window what its pointer missed on a page still sliding, and taps again
COUNT_TAPS = "document.addEventListener('click', () => { window.taps = (window.taps ?? 0) + 1 }, true)"
FULL = """const put = IDBObjectStore.prototype.put; window.full = false
  IDBObjectStore.prototype.put = function (...given) { if (!window.full) return put.apply(this, given)
    throw new DOMException('no space', 'QuotaExceededError') }"""
HEARS = """window.SpeechRecognition = window.webkitSpeechRecognition = class { start() { setTimeout(() => {
  this.onresult({results: [[{transcript: '今天浇了两遍水'}]]}); this.onend() }, 50) } }"""
DEAF = "delete window.webkitSpeechRecognition; delete window.SpeechRecognition"
OUTBOX = """() => new Promise(done => { indexedDB.open('longtrace').onsuccess = e => {
  const range = IDBKeyRange.bound('outbox:', 'outbox:\\uffff')
  e.target.result.transaction('values').objectStore('values').getAll(range).onsuccess =
    f => done(f.target.result) } })"""
TOKEN = """() => new Promise(done => { indexedDB.open('longtrace').onsuccess = e =>
  { e.target.result.transaction('values').objectStore('values').get('session').onsuccess =
    f => done(f.target.result.accessToken) } })"""
SENT = {"timeout": 20_000}


def records(grove: Farm) -> list[dict[str, Any]]:
    path = f"/api/v1/farming/batches/{grove.batch_id}/records"
    return list(grove.api.get(path, as_=grove.token).json["items"])


def code(text: str, kind: zxingcpp.BarcodeFormat = zxingcpp.BarcodeFormat.QRCode) -> bytes:
    drawn = Image.fromarray(zxingcpp.create_barcode(text, kind).to_image(scale=6))
    out = io.BytesIO()
    padded = Image.new("L", (drawn.width + 80, drawn.height + 80), 255)
    padded.paste(drawn, (40, 40))
    padded.save(out, "PNG")
    return out.getvalue()


def picture(shade: int = 120) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 60), (shade, 160, 90)).save(out, "JPEG")
    return out.getvalue()


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def field(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True).last


def choose(page: Page, name: str, *files: bytes) -> None:
    with page.expect_file_chooser() as waited:
        button(page, name).click()
    chooser: FileChooser = waited.value
    chooser.set_files([{"name": f"{at}.jpg", "mimeType": "image/jpeg", "buffer": one} for at, one in enumerate(files)])


def at_home(page: Page) -> None:
    expect(page.get_by_role("heading", name="我的地")).to_be_visible()


def all_sent(page: Page) -> None:
    expect(page.get_by_text("都已送达")).to_be_visible(**SENT)


def test_a_common_deed_is_three_taps_and_a_few_seconds(context: BrowserContext, grove: Farm) -> None:
    context.add_init_script(COUNT_TAPS)
    grove.sync(grove.spray(TODAY))
    page = enter(context, grove)
    before, start = page.evaluate("window.taps"), time.monotonic()
    note(page)
    assert page.evaluate("window.taps") - before <= 3
    assert time.monotonic() - start <= 15
    before, start = page.evaluate("window.taps"), time.monotonic()
    page.get_by_role("button", name="记一笔").first.click()
    page.get_by_role("button", name="和上次一样：除草").click()
    button(page, "保存").click()
    at_home(page)
    assert page.evaluate("window.taps") - before <= 3
    assert time.monotonic() - start <= 15
    all_sent(page)
    assert [one["kind"] for one in records(grove)].count("weeding") == 2


def test_the_code_on_a_pesticides_pack_finds_it_and_a_trade_code_is_remembered(
    context: BrowserContext, grove: Farm, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(RULEBOOK, tmp_path / "rulebook"))
    products = json.loads((copy / "products.json").read_text("utf-8"))
    products.append({**products[0], "registration_no": "PD20990123", "name": "示例·标签码10%水剂"})
    (copy / "products.json").write_text(json.dumps(products), "utf-8")
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    (copy / "manifest.json").write_text(json.dumps({**manifest, "version": "2099.2"}), "utf-8")
    load_rulebook.load(copy, system("first"))
    adopt("2099.2")
    page = enter(context, grove)
    begin(page, "用药")
    choose(page, "扫包装上的码", code("https://maker.test/q?c=1990123" + "1001" + "7" * 21))
    expect(page.get_by_text("PD20990123")).to_be_visible()
    expect(page.get_by_text("用后要等 14 天才能采收")).to_be_visible()
    button(page, "再加一种（混用）").click()
    choose(page, "扫包装上的码", code("6901234567892", zxingcpp.BarcodeFormat.EAN13))
    expect(page.get_by_text("这个码平台还不认识")).to_be_visible()
    field(page, "名称、登记证号或拼音").fill("示例-0002")
    page.get_by_role("button", name="示例-0002").first.click()
    page.get_by_role("button", name="去掉 示例·标签码10%水剂").click()
    button(page, "再加一种（混用）").click()
    choose(page, "扫包装上的码", code("6901234567892", zxingcpp.BarcodeFormat.EAN13))
    expect(page.locator(".picked", has_text="示例-0002")).to_have_count(2)


def test_a_blurred_photo_and_one_without_signal_get_kind_answers(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    begin(page, "用药")
    choose(page, "扫包装上的码", picture())
    expect(page.get_by_text("没有读到码")).to_be_visible()
    context.set_offline(True)
    choose(page, "扫包装上的码", code("6901234567892", zxingcpp.BarcodeFormat.EAN13))
    expect(page.get_by_text("现在没有信号，认不了新的码")).to_be_visible()


def test_a_tank_mix_is_one_record_with_a_dose_and_a_total_over_several_days(
    context: BrowserContext, grove: Farm
) -> None:
    page = enter(context, grove)
    begin(page, "用药")
    for number, amount, unit in (("示例-0001", "20", "克/亩"), ("示例-0002", "150", "毫升")):
        field(page, "名称、登记证号或拼音").fill(number)
        page.get_by_role("button", name=number).first.click()
        mix = page.locator(".mix").last
        mix.get_by_label("用量", exact=True).fill(amount)
        mix.get_by_role("button", name=unit, exact=True).click()
        mix.get_by_role("button", name="叶面喷雾").click()
        mix.get_by_label("从哪里买的").fill("镇农资店")
        if number == "示例-0001":
            expect(mix.get_by_text("亩一共约")).to_be_visible()
            button(page, "再加一种（混用）").click()
    field(page, "治什么").fill("蚜虫")
    field(page, "哪一天").fill("2026-06-01")
    button(page, "做了好几天").click()
    field(page, "哪一天做完").fill("2026-05-30")
    button(page, "保存").click()
    expect(page.get_by_text("做完的日子比开始还早")).to_be_visible()
    field(page, "哪一天做完").fill("2026-06-02")
    button(page, "保存").click()
    all_sent(page)
    (written,) = records(grove)
    assert (written["happened_on"], written["ended_on"]) == ("2026-06-01", "2026-06-02")
    assert [(one["registration_no"], one["unit"]) for one in written["inputs"]] == [
        ("示例-0001", "g_per_mu"),
        ("示例-0002", "ml"),
    ]


def test_fifty_photos_become_nine_with_a_kind_word_and_one_can_be_taken_away(
    context: BrowserContext, grove: Farm
) -> None:
    page = enter(context, grove)
    taken: list[int] = []
    page.on("response", lambda one: taken.append(one.status) if one.url.endswith("/farming/photos") else None)
    begin(page, "除草")
    choose(page, "拍照", *(picture(shade) for shade in range(50)))
    expect(page.get_by_text("您选了 50 张，最多 9 张")).to_be_visible()
    expect(page.locator(".preview img")).to_have_count(9)
    page.get_by_role("button", name="去掉第 3 张").click()
    expect(page.locator(".preview img")).to_have_count(8)
    button(page, "保存").click()
    all_sent(page)
    assert taken == [201] * 8


def test_a_long_note_is_told_and_never_cut_and_emoji_arrive(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    begin(page, "除草")
    field(page, "补充说明").fill("苹果🍎好" * 1250)
    expect(page.get_by_text("写了 5000 个字，一条最多 500 个字")).to_be_visible()
    button(page, "保存").click()
    expect(page.get_by_text("文字都还在").last).to_be_visible()
    assert len(field(page, "补充说明").input_value()) == 5000  # nothing was cut
    field(page, "补充说明").fill("苹果🍎好" * 125)
    button(page, "保存").click()
    all_sent(page)
    assert records(grove)[0]["note"] == "苹果🍎好" * 125


def test_a_full_phone_keeps_the_form_says_so_and_saves_once_when_there_is_space(
    context: BrowserContext, grove: Farm
) -> None:
    context.add_init_script(FULL)
    page = enter(context, grove)
    begin(page, "除草")
    field(page, "补充说明").fill("地头也除了")
    choose(page, "拍照", picture())
    page.evaluate("window.full = true")
    button(page, "保存").click()
    expect(page.get_by_text("手机存储满了")).to_be_visible()
    assert field(page, "补充说明").input_value() == "地头也除了"
    page.evaluate("window.full = false")
    button(page, "保存").click()
    all_sent(page)
    assert [one["note"] for one in records(grove)] == ["地头也除了"]


def test_speaking_is_offered_only_where_the_browser_hears(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    page.close()
    page = context.new_page()
    page.add_init_script(DEAF)
    page.goto(f"/app/#/farmer/record/index?batch={grove.batch_id}")
    button(page, "灌溉").click()
    expect(button(page, "拍照")).to_be_visible()
    expect(button(page, "说话代替打字")).to_have_count(0)
    page.close()
    page = context.new_page()
    page.add_init_script(HEARS)
    page.goto(f"/app/#/farmer/record/index?batch={grove.batch_id}")
    button(page, "灌溉").click()
    button(page, "说话代替打字").click()
    expect(field(page, "补充说明")).to_have_value("今天浇了两遍水")


def test_what_was_bought_without_signal_arrives_is_counted_cancelled_and_offered_first(
    context: BrowserContext, grove: Farm
) -> None:
    page = enter(context, grove)
    button(page, "农资进货和库存").click()
    expect(page.get_by_text("还没有记过农资")).to_be_visible()
    button(page, "记一次进货").click()
    field(page, "名称、登记证号或拼音").fill("示例-0001")
    page.get_by_role("button", name="示例-0001").first.click()
    field(page, "买了多少").fill("1000")
    button(page, "克").click()
    button(page, "保存").click()
    expect(page.get_by_text("请填写“从哪里买的”")).to_be_visible()
    field(page, "从哪里买的").fill("镇农资店")
    context.set_offline(True)
    button(page, "保存").click()
    expect(page.get_by_text("未上传")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("现有 1 公斤")).to_be_visible(**SENT)
    button(page, "盘点和流水").click()
    field(page, "实际还有多少").fill("800")
    page.get_by_role("group").or_(page.locator(".choices")).last.get_by_role("button", name="克", exact=True).click()
    button(page, "记下盘点").click()
    expect(page.get_by_text("现有 0.8 公斤").last).to_be_visible(**SENT)
    expect(page.get_by_text("盘点", exact=False).last).to_be_visible()
    page.goto(f"/app/#/farmer/record/index?batch={grove.batch_id}")
    button(page, "用药").click()
    page.get_by_label("从买过的里选").get_by_role("button").click()
    expect(page.get_by_text("用后要等 14 天才能采收")).to_be_visible()
    expect(field(page, "从哪里买的")).to_have_value("镇农资店")
    page.goto("/app/#/farmer/stock/index")
    button(page, "记错了，作废").click()
    field(page, "错在哪里").fill("数量写错")
    button(page, "作废这一次进货").click()
    expect(page.get_by_text("已作废")).to_be_visible(**SENT)
    (bought,) = grove.api.get(f"/api/v1/inputs/purchases?producer_id={grove.producer_id}", as_=grove.token).json[
        "items"
    ]
    assert (bought["cancelled"], bought["cancel_reason"], bought["dealer"]) == (True, "数量写错", "镇农资店")


def test_a_refused_purchase_is_corrected_and_what_is_forbidden_is_not_bought(
    context: BrowserContext, grove: Farm
) -> None:
    page = enter(context, grove)
    button(page, "农资进货和库存").click()
    button(page, "记一次进货").click()
    field(page, "名称、登记证号或拼音").fill("20%百草枯水剂")
    button(page, "没有登记证号，就用这个名称").click()
    expect(page.get_by_text("国家禁止使用")).to_be_visible()
    field(page, "名称、登记证号或拼音").fill("羊粪")
    button(page, "没有登记证号，就用这个名称").click()
    button(page, "肥料").click()
    field(page, "买了多少").fill("500")
    button(page, "公斤").click()
    field(page, "从哪里买的").fill("邻村")
    field(page, "哪天买的").fill("2199-01-01")
    button(page, "保存").click()
    page.get_by_role("button", name="需修改").click(**SENT)
    button(page, "修改").click()
    field(page, "哪天买的").fill("2026-06-01")
    button(page, "保存").click()
    expect(page.get_by_text("已送达", exact=True)).to_be_visible(**SENT)
    assert grove.stock()[0]["name"] == "羊粪"


def told(grove: Farm) -> None:
    """Two notices for everybody of the producer, one of a batch."""
    people = accounts.people_of(grove.producer_id, "farming:write")
    batch = {"product": "红富士苹果", "started": "2026-03-01", "day": "2026-06-15"}
    store.transaction(
        lambda: inbox.tell(people, "phi_ended", key="phi-test", subject_id=grove.batch_id, **batch)  # type: ignore[func-returns-value]
    )
    said = {"producer": "示例", "year": "2026"}
    store.transaction(
        lambda: inbox.tell(people, "declaration_due", key="due-test", subject_id=grove.producer_id, **said)  # type: ignore[func-returns-value]
    )


def test_messages_are_counted_read_and_open_what_they_speak_of(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    told(grove)
    page.close()
    page = opened(context, "#/farmer/farm/index")
    expect(page.get_by_text("2 条没看")).to_be_visible(**SENT)
    page.get_by_role("button", name="消息").click()
    expect(page.get_by_text("可以采收了").first).to_be_visible()
    page.get_by_role("region", name="可以采收了").get_by_role("button", name="去看看").click()
    expect(page.get_by_role("heading", name="这一批的记录")).to_be_visible()
    page.get_by_role("button", name="返回").click()
    page.get_by_role("region", name="今年还没有申报").get_by_role("button", name="去看看").click()
    expect(page.get_by_role("heading", name="主体申报", exact=True)).to_be_visible()
    page.get_by_role("button", name="返回").click()
    expect(page.get_by_text("新", exact=True)).to_have_count(0)
    context.set_offline(True)
    page.reload()
    expect(page.get_by_text("今年还没有申报")).to_be_visible()
    context.set_offline(False)
    page.goto("/app/#/farmer/farm/index")
    expect(page.get_by_text("都看过了")).to_be_visible(**SENT)


def test_who_waits_for_a_harvest_can_ask_to_be_told(context: BrowserContext, grove: Farm) -> None:
    grove.sync(grove.spray(TODAY))
    page = enter(context, grove)
    button(page, "到期提醒我").click()
    expect(page.get_by_text("到那天，“消息”里会告诉您")).to_be_visible()


def test_land_a_batch_on_it_and_a_record_made_without_signal_arrive_in_their_order(
    context: BrowserContext, grove: Farm
) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"longitude": 105.72, "latitude": 34.58})
    page = enter(context, grove)
    context.set_offline(True)
    button(page, "新开一批").click()
    button(page, "种的不在上面，新增一样").click()
    at_rest(page)
    button(page, "蔬菜").click()
    button(page, "番茄").click()
    button(page, "保存").click()
    at_rest(page)
    page.get_by_role("button", name="新增地块").last.click()
    at_rest(page)
    field(page, "地块叫什么").fill("河滩地")
    field(page, "面积（亩）").fill("2.5")
    button(page, "保存").click()
    expect(page.get_by_text("还没有位置")).to_be_visible()
    button(page, "记下我现在站的位置").click()
    expect(page.get_by_text("✓ 位置记下了")).to_be_visible()
    button(page, "保存").click()
    at_rest(page)
    button(page, "番茄").click()
    page.get_by_role("button", name="河滩地").click()
    button(page, "保存").click()
    expect(page.get_by_role("heading", name="番茄")).to_be_visible()
    note(page, "灌溉")
    expect(page.get_by_text("4 条在手机里等信号")).to_be_visible()
    context.set_offline(False)
    all_sent(page)
    listed = grove.api.get(f"/api/v1/farming/batches?producer_id={grove.producer_id}", as_=grove.token).json["items"]
    made = next(one for one in listed if one["product_name"] == "番茄")
    written = grove.api.get(f"/api/v1/farming/batches/{made['id']}/records", as_=grove.token).json["items"]
    assert (made["area_mu"], [one["kind"] for one in written]) == ("2.5", ["irrigation"])


def test_a_denied_position_is_answered_kindly_and_loses_nothing(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    button(page, "新增地块").click()
    field(page, "地块叫什么").fill("河滩地")
    button(page, "记下我现在站的位置").click()
    expect(page.get_by_text("手机没有允许用位置")).to_be_visible()
    assert field(page, "地块叫什么").input_value() == "河滩地"


def test_a_refused_plot_holds_back_its_batch_until_it_is_corrected(context: BrowserContext, grove: Farm) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"longitude": -70.0, "latitude": -30.0})  # nowhere near here: the platform refuses
    page = enter(context, grove)
    context.set_offline(True)
    button(page, "新增地块").click()
    field(page, "地块叫什么").fill("远地")
    field(page, "面积（亩）").fill("1")
    button(page, "记下我现在站的位置").click()
    button(page, "保存").click()
    button(page, "新开一批").click()
    button(page, "红富士苹果").last.click()
    page.get_by_role("button", name="远地").click()
    button(page, "保存").click()
    context.set_offline(False)
    expect(page.get_by_text("1 条需要修改")).to_be_visible(**SENT)
    context.set_geolocation({"longitude": 105.72, "latitude": 34.58})
    page.get_by_role("button", name="上传情况").click()
    expect(page.get_by_text("未上传")).to_have_count(1)
    button(page, "修改").click()
    button(page, "记下我现在站的位置").click()
    expect(page.get_by_text("✓ 位置记下了")).to_be_visible()
    button(page, "保存").click()
    expect(page.get_by_text("已送达", exact=True)).to_have_count(2, **SENT)


def test_two_farmers_on_one_phone_never_send_each_others_records(
    context: BrowserContext, grove: Farm, login: Callable[..., str]
) -> None:
    page = enter(context, grove)
    context.set_offline(True)
    note(page)
    log_out(page)
    context.set_offline(False)
    token = login()
    other = factory.registered(grove.api, token, person_id=factory.person(7), client_id="producer-0007")
    place = factory.site(grove.api, token, other["id"])
    product = factory.product(grove.api, token, other["id"], crop="apple", variety="")
    body = {"producer_id": other["id"], "client_id": "batch-000001", "product_id": product["id"]}
    body |= {"site_ids": [place["id"]], "started_on": "2026-03-01"}  # type: ignore[dict-item]
    made = grove.api.post("/api/v1/farming/batches", body, as_=token).json
    second = Farm(grove.api, token, other["id"], place["id"], product["id"], made["id"])
    page.close()
    page = enter(context, second)
    all_sent(page)
    page.get_by_role("button", name="上传情况").click()
    expect(page.get_by_text("这部手机里还有别人写的 1 条没上传")).to_be_visible()
    expect(button(page, "现在上传")).to_have_count(0)  # nothing here is theirs to send
    page.wait_for_timeout(1500)  # long enough for a wrong one to have arrived
    assert records(grove) == []
    assert [one["state"] for one in page.evaluate(OUTBOX)] == ["waiting"]


def test_a_new_login_of_the_same_farm_takes_over_what_the_old_one_left(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    context.set_offline(True)
    note(page)
    log_out(page)
    context.set_offline(False)
    page.close()
    page = enter(context, grove)  # a new invitation is a new account
    page.get_by_role("button", name="上传情况").click()
    button(page, "由我来上传").click()
    assert records(grove) == []
    button(page, "再点一次，就算在我名下上传").click()
    expect(page.get_by_text("已送达", exact=True)).to_be_visible(**SENT)
    assert len(records(grove)) == 1


def test_who_works_for_two_producers_chooses_whose_pages_are_shown(
    context: BrowserContext, grove: Farm, login: Callable[..., str]
) -> None:
    page = enter(context, grove)
    token = login()
    other = factory.registered(
        grove.api, token, person_id=factory.person(8), client_id="producer-0008", name="后山养殖户"
    )
    invited = grove.api.post(f"/api/v1/producers/{other['id']}/invitations", {"role": "farmer"}, as_=token).json
    joined = grove.api.post("/api/v1/invitations/acceptance", {"code": invited["code"]}, as_=page.evaluate(TOKEN))
    assert joined.status_code < 300, joined.text
    page.close()
    page = opened(context, "#/farmer/farm/index")
    button(page, "后山养殖户").click(**SENT)
    expect(page.get_by_text("还没有在种的批次")).to_be_visible()
    context.set_offline(True)
    page.reload()
    expect(page.get_by_text("还没有在种的批次")).to_be_visible()
    page.get_by_label("看哪一家的").get_by_role("button").filter(has_not_text="后山养殖户").click()
    expect(page.get_by_role("heading", name="红富士苹果")).to_be_visible()


def test_after_sixty_days_without_signal_it_is_still_there_and_arrives(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    ready_to_lose_signal(page)
    context.set_offline(True)
    note(page)
    kill(page)
    context.clock.install(time=datetime.now(UTC) + timedelta(days=61))
    page = opened(context, "#/farmer/outbox/index")
    expect(page.get_by_text("未上传")).to_have_count(1)
    context.set_offline(False)
    button(page, "现在上传").click()
    expect(page.get_by_text("已送达", exact=True)).to_be_visible(**SENT)
    assert len(records(grove)) == 1


def test_the_export_holds_everything_with_its_photos(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    context.set_offline(True)
    begin(page, "除草")
    choose(page, "拍照", picture(7))
    button(page, "保存").click()
    page.get_by_role("button", name="上传情况").click()
    with page.expect_download() as waited:
        button(page, "导出成文件").click()
    saved = json.loads(Path(waited.value.path()).read_text("utf-8"))
    kinds = {one["kind"]: one for one in saved["items"]}
    assert kinds["record"]["body"]["kind"] == "weeding"
    held = saved["files"][kinds["photo"]["file"]]
    assert base64.b64decode(held.partition(",")[2]) == picture(7)


def in_conflict(page: Page, grove: Farm) -> None:
    """The phone at what it has to send, with a record of which the platform has another version."""
    page.context.set_offline(True)
    begin(page, "病虫草害发生")
    field(page, "治什么").fill("蚜虫")
    button(page, "保存").click()
    at_home(page)
    (waiting,) = page.evaluate(OUTBOX)
    there = grove.item(client_id=waiting["id"], kind="pest_observed", target="红蜘蛛", happened_on="2026-06-01")
    grove.api.post("/api/v1/farming/records", there, as_=grove.token)
    page.context.set_offline(False)
    expect(page.get_by_text("1 条需要修改")).to_be_visible(**SENT)
    page.get_by_role("button", name="上传情况").click()


def test_two_versions_stand_side_by_side_in_words(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    in_conflict(page, grove)
    both = page.locator(".both", has_text="治什么")
    expect(both.get_by_text("不一样")).to_be_visible()
    expect(both).to_contain_text("手机里的：蚜虫")
    expect(both).to_contain_text("平台上的：红蜘蛛")
    assert "pest_observed" not in page.locator(".page").last.inner_text()
    button(page, "用手机里的（作为更正上传）").click()
    expect(page.get_by_text("已送达", exact=True)).to_be_visible(**SENT)
    assert sorted(one["version"] for one in records(grove)) == [1, 2]


def test_the_records_of_a_batch_say_where_each_is_and_are_read_without_signal(
    context: BrowserContext, grove: Farm
) -> None:
    grove.sync(grove.item(happened_on="2026-06-01"), grove.item(kind="irrigation", happened_on="2026-06-02"))
    page = enter(context, grove)
    button(page, "这一批的记录").click()
    expect(page.get_by_text("已送达", exact=True)).to_have_count(2)
    expect(page.get_by_text("才补记")).to_have_count(2)
    ready_to_lose_signal(page)
    context.set_offline(True)
    page.reload()
    expect(page.get_by_text("已送达", exact=True)).to_have_count(2)
    page.goto("/app/#/farmer/farm/index")
    note(page, "整枝修剪疏果")
    button(page, "这一批的记录").click()
    expect(page.get_by_text("未上传")).to_have_count(1)


def test_a_finished_batch_leaves_the_home_page_keeps_its_records_and_can_be_opened_again(
    context: BrowserContext, grove: Farm
) -> None:
    grove.sync(grove.item(kind="irrigation", happened_on="2026-06-02"))
    page = enter(context, grove)
    ready_to_lose_signal(page)
    context.set_offline(True)
    note(page, "整枝修剪疏果")
    button(page, "这一批的记录").click()
    button(page, "这一批收完了，不再记").click()
    expect(page.get_by_text("还有没上传的记录")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("已送达", exact=True)).to_have_count(2, **SENT)  # type: ignore[arg-type]
    button(page, "这一批收完了，不再记").click()
    button(page, "再点一次，就结束这一批").click()
    expect(page.get_by_text("这一批已经结束，记录都在。")).to_be_visible()
    at_rest(page)
    judge(page, care=False)
    page.goto("/app/#/farmer/farm/index")
    expect(page.get_by_role("button", name="记一笔")).to_have_count(0)
    page.get_by_text("结束了的批次（1）").click()
    page.get_by_role("button", name="苹果").last.click()
    button(page, "接着记，再打开这一批").click()
    expect(button(page, "这一批收完了，不再记")).to_be_visible()
    page.goto("/app/#/farmer/farm/index")
    expect(page.get_by_role("button", name="记一笔")).to_be_visible()


def test_a_sealed_record_says_since_when(context: BrowserContext, grove: Farm) -> None:
    """The register's answer stands in for one that has sealed already."""
    grove.sync(grove.item(happened_on="2026-06-01"))

    def sealed(route: Any) -> None:
        answer = route.fetch()
        body = answer.json()
        body["items"][0]["sealed_at"] = "2026-06-02T01:30:00Z"
        route.fulfill(response=answer, json=body)

    page = enter(context, grove)
    page.route("**/farming/batches/*/records*", sealed)
    button(page, "这一批的记录").click()
    expect(page.get_by_text("已存证 2026-06-02 09:30")).to_be_visible()


@pytest.mark.parametrize("care", [False, True], ids=["plain", "care"])
def test_the_form_of_a_use_can_be_read_touched_and_heard(context: BrowserContext, grove: Farm, care: bool) -> None:
    grove.buy()
    page = enter(context, grove)
    if care:
        page.goto("/app/#/pages/me/index")
        button(page, "开").click()
    page.close()
    page = opened(context, f"#/farmer/record/index?batch={grove.batch_id}")
    button(page, "用药").click()
    page.get_by_label("从买过的里选").get_by_role("button").click()
    at_rest(page)
    judge(page, care=care)


def test_what_was_lost_on_the_way_goes_again_by_itself(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    ready_to_lose_signal(page)
    page.route("**/records:sync", lambda route: route.abort(), times=1)
    note(page)
    expect(page.get_by_text("1 条在手机里等信号")).to_be_visible()
    all_sent(page)
    assert len(records(grove)) == 1
