"""The phone client in an officer's hands: the queue, a visit, answers without signal; and one's own data."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from backend.base.actor import system
from backend.domains.accounts import service as accounts
from tests.e2e.phoning import (
    at_rest,
    enter,
    judge,
    kill,
    log_out,
    note,
    opened,
    preferring,
    ready_to_lose_signal,
    until,
)
from tests.e2e.test_pages import OVERFLOW
from tests.factories import producers as factory
from tests.factories.complaints import end, filed, follow, picture
from tests.factories.farming import Farm
from tests.factories.traces import CODE, FACTS, stored

pytestmark = pytest.mark.e2e
TOWNSHIP = "620602100"
FIELD = {"longitude": 102.6415, "latitude": 37.931, "accuracy": 8}
PASSWORD = "correct horse battery"
BEYOND = """() => [...document.querySelectorAll('.page *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => e.outerHTML.slice(0, 90))"""
BODY = "() => Math.min(...[...document.querySelectorAll('.page p')].map(e => parseFloat(getComputedStyle(e).fontSize)))"


@pytest.fixture
def officer(grove: Farm) -> str:
    """The township officer's login name. The grove has a declaration that waits."""
    factory.declaration(grove.api, grove.token, grove.producer_id)
    return staff("officer-li", "township_officer", TOWNSHIP)


@pytest.fixture
def county(login: Callable[..., str]) -> str:
    return login("county_officer", region="620602")


def staff(name: str, role: str, region: str) -> str:
    """The login name of a new officer."""
    made = accounts.new_staff(system("test"), login=name, password=PASSWORD, name="李监管", roles=[])
    accounts.grant(system("test"), account_id=made["id"], role=role, region=region)
    return name


def came(context: BrowserContext, officer: str) -> Page:
    page = opened(context, "#/officer/enter/index")
    page.get_by_label("登录名").fill(officer)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="要走访的生产主体")).to_be_visible()
    ready_to_lose_signal(page)
    return page


def sign(page: Page) -> None:
    board = page.get_by_role("img", name="签名的地方")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 40 + step * 18, box["y"] + 60 + (step % 3) * 40)
    page.mouse.up()
    expect(page.get_by_text("✓ 已签")).to_be_visible()


def visits(grove: Farm) -> list[dict[str, Any]]:
    return list(grove.api.get(f"/api/v1/producers/{grove.producer_id}/visits", as_=grove.token).json["items"])


def the_case(grove: Farm, county: str) -> dict[str, Any]:
    (found,) = grove.api.get("/api/v1/complaints", as_=county).json["items"]
    return dict(found)


def test_a_visit_without_signal_survives_a_killed_app_and_arrives_once_with_its_files(
    context: BrowserContext, grove: Farm, officer: str, tmp_path: Path
) -> None:
    (shot := tmp_path / "field.jpg").write_bytes(picture().getvalue())
    context.grant_permissions(["geolocation"])
    context.set_geolocation(FIELD)
    page = came(context, officer)
    page.get_by_role("button", name="张三").last.click()
    expect(page.get_by_role("heading", name="在种的批次")).to_be_visible()
    ready_to_lose_signal(page)
    context.set_offline(True)
    kill(page)
    page = opened(context, f"#/officer/producer/index?id={grove.producer_id}")
    expect(page.get_by_text("东塬果园")).to_be_visible()
    expect(page.get_by_text("存在手机里的")).to_be_visible()
    page.get_by_role("button", name="记一次实地核验").click()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("请填写“看到的情况”")).to_be_visible()
    page.get_by_role("button", name="与申报一致").click()
    page.get_by_label("说明").fill("树势好，未见农药瓶")
    for _ in range(2):
        with page.expect_file_chooser() as choosing:
            page.get_by_role("button", name="拍照").click()
        choosing.value.set_files(shot)
    expect(page.get_by_text("已选 2 张")).to_be_visible()
    page.get_by_role("button", name="记下现在的位置").click()
    expect(page.get_by_text("误差约 8 米")).to_be_visible()
    sign(page)
    page.get_by_role("button", name="擦掉重签").click()
    expect(page.get_by_text("✓ 已签")).to_have_count(0)
    sign(page)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("1 次走访在手机里等信号")).to_be_visible()
    kill(page)
    page = opened(context, "#/farmer/outbox/index")
    expect(page.get_by_text("未上传")).to_have_count(4)
    assert visits(grove) == []
    context.set_offline(False)
    expect(page.get_by_text("已送达")).to_have_count(4, timeout=20_000)
    (kept,) = visits(grove)
    assert (kept["outcome"], kept["findings"], kept["distance_m"]) == ("as_declared", "树势好，未见农药瓶", 0)
    assert sorted(file["role"] for file in kept["files"]) == ["photo", "photo", "signature"]
    page.goto(f"/app/#/officer/producer/index?id={grove.producer_id}")
    expect(page.get_by_role("img", name="签名")).to_be_visible()
    expect(page.get_by_text("树势好，未见农药瓶")).to_be_visible()


def test_a_denied_position_is_answered_kindly_and_the_visit_goes_without(
    context: BrowserContext, grove: Farm, officer: str
) -> None:
    page = came(context, officer)
    page.get_by_role("button", name="张三").last.click()
    page.get_by_role("button", name="记一次实地核验").click()
    page.get_by_role("button", name="未见到人或地块").click()
    page.get_by_role("button", name="记下现在的位置").click()
    expect(page.get_by_text("手机没有允许使用位置")).to_be_visible()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已存在手机里")).to_be_visible()
    page.goto("/app/#/farmer/outbox/index")
    expect(page.get_by_text("已送达", exact=True)).to_be_visible(timeout=20_000)
    (kept,) = visits(grove)
    assert (kept["outcome"], kept["position"], kept["files"]) == ("not_met", None, [])


def test_the_overdue_complaint_stands_first_and_is_answered_without_signal_once(
    context: BrowserContext, grove: Farm, officer: str, county: str, travel: Callable[[datetime], None]
) -> None:
    now = datetime.now(UTC)
    travel(now - timedelta(days=40))
    late = filed(grove.api, category="banned", text="大棚后面有百草枯的空瓶。", photos=1)
    case = the_case(grove, county)
    travel(now)
    filed(grove.api, category="other")
    page = came(context, officer)
    rows = page.get_by_role("region", name="要办的投诉举报").get_by_role("button")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("使用禁用农药")
    expect(rows.first).to_contain_text("已超期")
    expect(rows.first).to_contain_text("黄羊镇")
    rows.first.click()
    expect(page.get_by_text("大棚后面有百草枯的空瓶")).to_be_visible()
    expect(page.get_by_role("img", name="第 1 张照片").first).to_be_visible()
    expect(page.get_by_role("button", name="受理", exact=True)).to_have_count(0)  # the county's step
    ready_to_lose_signal(page)
    context.set_offline(True)
    page.get_by_role("button", name="答复", exact=True).click()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("请填写“写几句”")).to_be_visible()
    page.get_by_label("写几句").fill("明天上午到现场查看。")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("未上传")).to_be_visible()
    kill(page)
    page = opened(context, f"#/officer/case/index?id={case['id']}")
    expect(page.get_by_text("未上传")).to_be_visible()
    expect(page.get_by_text("有 1 张照片，有信号时")).to_be_visible()
    held: list[Any] = []
    page.route("**/actions", lambda route: (route.fetch(), held.append(route)))  # the answer is lost on its way
    context.set_offline(False)
    page.wait_for_timeout(1500)
    assert len(held) == 1
    page.close()
    page = opened(context, f"#/officer/case/index?id={case['id']}")
    expect(page.get_by_text("明天上午到现场查看。")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("未上传")).to_have_count(0)
    told = follow(grove.api, late).json["entries"]
    assert [line["text"] for line in told if line["step"] == "answer"] == ["明天上午到现场查看。"]


def test_a_contact_is_opened_by_the_county_and_erased_by_the_province_once_the_case_is_over(
    context: BrowserContext, grove: Farm, county: str
) -> None:
    receipt = filed(grove.api, identity="hidden", contact="王女士 13800000000")
    page = came(context, staff("officer-wang", "county_officer", "620602"))
    page.get_by_role("region", name="要办的投诉举报").get_by_role("button").click()
    expect(page.get_by_text("13800000000")).to_have_count(0)
    page.get_by_role("button", name="查看（会留下记录）").click()
    expect(page.get_by_text("王女士 13800000000")).to_be_visible()
    expect(page.get_by_role("button", name="删除联系方式")).to_have_count(0)
    assert "13800000000" not in json.dumps(page.evaluate(KEPT_WHOLE))
    log_out(page)
    case_id = end(grove.api, county)

    page = came(context, staff("officer-zhao", "province_officer", "620000"))
    expect(page.get_by_text("没有要办的投诉举报")).to_be_visible()
    page.get_by_role("button", name="看办完的").click()
    page.get_by_role("button", name="已办结").click()
    expect(page.get_by_text("要由县里有权限的人查看")).to_be_visible()
    page.get_by_role("button", name="删除联系方式").click()
    page.get_by_role("button", name="删除联系方式").click()
    expect(page.get_by_text("请填写“为什么删除”")).to_be_visible()
    page.get_by_role("button", name="本人申请删除").click()
    page.get_by_label("依据").fill("申请单 17 号")
    page.get_by_role("button", name="删除联系方式").click()
    page.get_by_role("button", name="不删").click()
    page.get_by_role("button", name="删除联系方式").click()
    context.set_offline(True)
    page.get_by_role("button", name="删除", exact=True).click()
    expect(page.get_by_text("请有信号时再试")).to_be_visible()
    context.set_offline(False)
    page.get_by_role("button", name="删除联系方式").click()
    page.get_by_role("button", name="删除", exact=True).click()
    expect(page.get_by_text("联系方式已在")).to_be_visible()
    judge(page)
    told = grove.api.get(f"/api/v1/complaints/{case_id}/contact", as_=county)
    assert (told.status_code, told.json["reason"]) == (422, "contact_none")
    assert follow(grove.api, receipt).json["state"] == "closed"


def test_a_step_that_came_too_late_says_why_and_can_be_corrected(
    context: BrowserContext, grove: Farm, officer: str, county: str
) -> None:
    receipt = filed(grove.api)
    case = the_case(grove, county)
    path = f"/api/v1/complaints/{case['id']}/actions"
    grove.api.post(path, {"action": "accept"}, as_=county)
    page = came(context, officer)
    page.get_by_role("region", name="要办的投诉举报").get_by_role("button").click()
    expect(page.get_by_role("button", name="办结", exact=True)).to_be_visible()
    context.set_offline(True)
    page.get_by_role("button", name="办结", exact=True).click()
    page.get_by_label("写几句").fill("已处理。")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("请填写“办理结果”")).to_be_visible()
    page.get_by_role("button", name="属实，已处理").click()
    page.get_by_role("button", name="确定").click()
    grove.api.post(path, {"action": "pause", "text": "等检测结果"}, as_=county)
    context.set_offline(False)
    expect(page.get_by_text("需修改")).to_be_visible(timeout=20_000)
    page.goto("/app/#/farmer/outbox/index")
    page.get_by_role("button", name="修改", exact=True).click()
    page.get_by_role("button", name="答复", exact=True).last.click()
    page.get_by_role("button", name="确定").last.click()
    expect(page.get_by_text("办理人员 · 答复").last).to_be_visible(timeout=20_000)
    steps = [line["step"] for line in follow(grove.api, receipt).json["entries"]]
    assert steps == ["filed", "accept", "pause", "answer"]


def test_a_declaration_is_returned_with_a_reason_without_signal(
    context: BrowserContext, grove: Farm, officer: str
) -> None:
    page = came(context, officer)
    page.get_by_role("region", name="待审核的申报").get_by_role("button").click()
    expect(page.get_by_role("heading", name="张三")).to_be_visible()
    context.set_offline(True)
    page.get_by_role("button", name="退回", exact=True).click()
    expect(page.get_by_text("请填写“原因”")).to_be_visible()
    page.get_by_label("原因").fill("请补充地块边界。")
    page.get_by_role("button", name="退回", exact=True).click()
    expect(page.get_by_text("未上传").last).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("已送达", exact=True).last).to_be_visible(timeout=20_000)
    listed = grove.api.get(f"/api/v1/producers/{grove.producer_id}/declarations", as_=grove.token).json["items"]
    assert (listed[0]["state"], listed[0]["reason"]) == ("returned", "请补充地块边界。")


def test_what_an_officer_read_goes_with_the_logout_and_what_was_written_stays(
    context: BrowserContext, grove: Farm, officer: str
) -> None:
    filed(grove.api, text="有人在水渠里洗药桶。")
    page = came(context, officer)
    page.get_by_role("region", name="要办的投诉举报").get_by_role("button").click()
    expect(page.get_by_text("有人在水渠里洗药桶")).to_be_visible()
    context.set_offline(True)
    page.get_by_role("button", name="答复", exact=True).click()
    page.get_by_label("写几句").fill("收到。")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("未上传")).to_be_visible()
    page.goto("/app/#/pages/me/index")
    expect(page.get_by_text("已登录：李监管 · 乡镇监管员")).to_be_visible()
    expect(page.get_by_text("工作账号由单位注销")).to_be_visible()
    log_out(page)
    until(page, f"async () => !(await ({KEPT})()).some(name => name.startsWith('officer'))")
    left = page.evaluate(KEPT)
    assert len([name for name in left if name.startswith("outbox:")]) == 1


KEPT = """() => new Promise(done => { const asked = indexedDB.open('longtrace');
  asked.onsuccess = () => { asked.result.transaction('values').objectStore('values').getAllKeys()
    .onsuccess = e => done(e.target.result) } })"""

KEPT_WHOLE = KEPT.replace("getAllKeys", "getAll")


def test_a_wrong_password_is_told_and_an_authenticator_is_asked_for(
    context: BrowserContext, grove: Farm, officer: str
) -> None:
    token = accounts.log_in_staff(login=officer, password=PASSWORD).access_token
    totp = pyotp.TOTP(grove.api.post("/api/v1/auth/totp", as_=token).json["secret"])
    on = grove.api.post("/api/v1/auth/totp/confirmation", {"totp": totp.now()}, as_=token)
    assert on.status_code == 204
    page = opened(context, "#/officer/enter/index")
    button = page.get_by_role("button", name="登录", exact=True)
    button.click()
    expect(page.get_by_text("请填写“登录名”")).to_be_visible()
    page.get_by_label("登录名").fill(officer)
    page.get_by_label("密码").fill("something else")
    button.click()
    expect(page.get_by_text("用户名或密码不对")).to_be_visible()
    page.get_by_label("密码").fill(PASSWORD)
    button.click()
    page.get_by_label("动态口令").fill(totp.at(datetime.now(UTC) + timedelta(seconds=30)))  # each code is good once
    button.click()
    expect(page.get_by_role("heading", name="要走访的生产主体")).to_be_visible()


def test_a_farmer_saves_and_deletes_their_data_and_is_told_what_stays_and_why(
    context: BrowserContext, grove: Farm
) -> None:
    page = enter(context, grove)
    note(page)
    expect(page.get_by_text("都已送达")).to_be_visible(timeout=20_000)
    page.goto("/app/#/pages/me/index")
    with page.expect_download() as saving:
        page.get_by_role("button", name="把我的数据存成文件").click()
    saved = json.loads(Path(saving.value.path()).read_text("utf-8"))
    assert saved["profile"]["name"] == "李大爷"
    assert saved["producers"][0]["id"] == grove.producer_id

    page.goto("/app/#/farmer/farm/index")
    context.set_offline(True)
    note(page, "灌溉")
    page.goto("/app/#/pages/me/index")
    page.get_by_role("button", name="注销账号").last.click()
    expect(page.get_by_text("还有 1 条没有上传")).to_be_visible()
    with page.expect_download() as exporting:
        page.get_by_role("button", name="导出成文件").click()
    assert len(json.loads(Path(exporting.value.path()).read_text("utf-8"))["items"]) == 1
    expect(page.get_by_text("农事记录和生产批次")).to_be_visible()
    page.get_by_role("button", name="我看明白了，继续").click()
    page.get_by_role("button", name="不注销了").click()
    page.get_by_role("button", name="注销账号").last.click()
    page.get_by_role("button", name="我看明白了，继续").click()
    page.get_by_role("button", name="确定注销").click()
    expect(page.get_by_text("现在没有信号，请有信号时再试")).to_be_visible()  # nothing was forgotten
    assert len([name for name in page.evaluate(KEPT) if name.startswith("outbox:")]) == 2
    context.set_offline(False)
    page.get_by_role("button", name="确定注销").click()
    expect(page.get_by_role("heading", name="账号已注销")).to_be_visible()
    expect(page.get_by_text("农产品质量安全法第二十七条").first).to_be_visible()
    judge(page)
    left = page.evaluate(KEPT)
    assert [name for name in left if name.startswith("outbox:") or ":" in name] == []


def test_clearing_the_phone_warns_of_what_was_not_sent(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    context.set_offline(True)
    note(page)
    page.goto("/app/#/pages/me/index")
    page.get_by_role("button", name="清空这部手机").click()
    expect(page.get_by_text("还有 1 条没有上传，清空就丢了")).to_be_visible()
    page.get_by_role("button", name="再点一次就清空").click()
    expect(page.get_by_role("button", name="我是种养户")).to_be_visible()
    assert set(page.evaluate(KEPT)) <= {"settings", "clock_offset", "session", "seen"}


OFFICERS = (
    "queue/index",
    "producer/index?id={p}",
    "visit/index?producer={p}",
    "case/index?id={c}",
    "ended/index",
    "declaration/index?id={d}",
    "ask/index?producer={p}",
    "question/index?id={q}",
)


def named(grove: Farm, county: str) -> dict[str, str]:
    """What the pages are about: a producer, a batch, a complaint, a declaration and a question."""
    question = {"client_id": "question-0001", "text": "七月打药的空瓶放在哪里？"}
    path = f"/api/v1/producers/{grove.producer_id}/questions"
    asked = grove.api.post(path, question, as_=county).json["id"]
    declared = f"{grove.producer_id}.declaration-0001"
    case = the_case(grove, county)["id"]
    return {"p": grove.producer_id, "b": grove.batch_id, "c": case, "d": declared, "q": asked}


def test_every_page_of_an_officer_can_be_read_touched_and_heard_in_english(
    context: BrowserContext, grove: Farm, officer: str, county: str
) -> None:
    filed(grove.api, photos=1)
    places = named(grove, county)
    came(context, officer).close()
    preferring(context, "English")
    for path in (*(f"officer/{one.format(**places)}" for one in OFFICERS), "pages/me/index", "pages/privacy/index"):
        page = opened(context, f"#/{path}")
        at_rest(page)
        judge(page)
        page.close()


EVERY = (
    "pages/home/index",
    f"pages/trace/index?code={CODE}",
    "pages/me/index",
    "pages/privacy/index",
    "farmer/enter/index",
    "farmer/farm/index",
    "farmer/record/index?batch={b}",
    "farmer/batch/index",
    "farmer/outbox/index",
    "farmer/declare/index",
    "farmer/question/index?id={q}",
    "officer/enter/index",
)


@pytest.mark.parametrize("care", [False, True], ids=["plain", "care"])
def test_the_largest_text_is_thirty_pixels_and_fits_every_page(
    context: BrowserContext, grove: Farm, officer: str, county: str, care: bool
) -> None:
    stored(FACTS)
    filed(grove.api)
    places = named(grove, county)
    enter(context, grove).close()
    preferring(context, "特大", *(["开"] if care else []))
    for path in (one.format(**places) for one in EVERY):
        fits_at_its_largest(context, path)
    came(context, officer).close()
    for path in (f"officer/{one.format(**places)}" for one in OFFICERS):
        fits_at_its_largest(context, path)


def fits_at_its_largest(context: BrowserContext, path: str) -> None:
    page = opened(context, f"#/{path}")
    at_rest(page)
    assert page.evaluate(OVERFLOW) <= 0, path
    assert page.evaluate(BEYOND) == [], path
    assert page.evaluate(BODY) >= 30, path
    page.close()


def test_the_browsers_own_text_size_is_followed(context: BrowserContext) -> None:
    page = opened(context)
    assert page.evaluate(BODY) >= 18
    usual = page.evaluate(BODY)
    page.close()
    page = context.new_page()
    context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 24}})
    page.goto("/app/")
    expect(page.locator(".page h1")).to_be_visible()
    assert page.evaluate(BODY) == pytest.approx(usual * 1.5)
    assert page.evaluate(OVERFLOW) <= 0
