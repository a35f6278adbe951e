"""Reporting from the phone client: a minute, a receipt that must be noted, and nothing left behind."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from backend import gateways
from tests.e2e.phoning import faults, judge, opened
from tests.factories.complaints import picture
from tests.factories.http import Api
from tests.factories.servers import serving

pytestmark = pytest.mark.e2e
EVERYTHING = """() => new Promise(done => { const asked = indexedDB.open('longtrace');
  asked.onsuccess = () => { const store = asked.result.transaction('values').objectStore('values'); const all = {};
    store.openCursor().onsuccess = e => { const at = e.target.result;
      if (!at) return done(JSON.stringify(all) + JSON.stringify(localStorage) + document.cookie);
      all[at.key] = at.value; at.continue() } } })"""


def report(page: Page, text: str = "前天打药，今天就装箱拉走了。") -> None:
    page.get_by_role("button", name="打药不久就采收上市").click()
    page.get_by_label("说说经过").fill(text)
    page.get_by_label("输入县、乡镇或街道的名字").fill("黄羊")
    page.get_by_role("button", name="武威市 凉州区 黄羊镇").click()


def choose(page: Page, button: str, files: Any) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button, exact=True).click()
    chooser.value.set_files(files)


def receipt_on(page: Page) -> str:
    expect(page.get_by_role("heading", name="请记下这个回执")).to_be_visible(timeout=60_000)
    return page.locator(".receipt-code").inner_text()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    (path := tmp_path / "photo.jpg").write_bytes(picture().getvalue())
    return path


def test_a_neighbour_reports_without_a_name_is_answered_rates_and_asks_again(
    context: BrowserContext, api: Api, login: Callable[..., str], photo: Path
) -> None:
    page = opened(context, "#/pages/report/index")
    report(page)
    choose(page, "拍照", [photo])
    page.get_by_role("button", name="提交", exact=True).click()
    receipt = receipt_on(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="存成图片").click()
    assert saved.value.suggested_filename == "longtrace-receipt.png"
    words = page.locator(".receipt-words").inner_text()
    page.get_by_role("button", name="返回").click()
    expect(page.get_by_role("heading", name="请记下这个回执")).to_be_visible()  # nothing else ever shows it
    page.get_by_role("button", name="我已经记下").click()
    expect(page.get_by_role("button", name="扫一扫")).to_be_visible()
    left = page.evaluate(EVERYTHING)
    assert receipt not in left and "装箱" not in left
    officer = login("county_officer", region="620602")
    case = api.get("/api/v1/complaints", as_=officer).json["items"][0]
    assert len(case["photos"]) == 1
    for action in ({"action": "accept"}, {"action": "close", "outcome": "handled", "text": "已责令整改"}):
        taken = api.post(f"/api/v1/complaints/{case['id']}/actions", action, as_=officer)
        assert taken.status_code == 200, taken.text
    page = opened(context, "#/pages/follow/index")
    page.get_by_label("回执").fill(words)
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.get_by_text("已责令整改")).to_be_visible()
    page.get_by_role("button", name="不满意", exact=True).click()
    page.get_by_role("button", name="评价", exact=True).click()
    expect(page.get_by_text("您的评价：不满意")).to_be_visible()
    page.get_by_label("不认可？").fill("车又来了")
    page.get_by_role("button", name="要求重新办理").click()
    expect(page.get_by_text("车又来了")).to_be_visible()


def test_a_report_that_lost_its_signal_is_still_there_and_is_filed_once(
    context: BrowserContext, api: Api, login: Callable[..., str]
) -> None:
    page = opened(context, "#/pages/report/index")
    report(page)
    page.route("**/api/v1/complaints", lambda route: (route.fetch(), route.abort()), times=1)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("没有发出去，填的都还在")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="提交", exact=True).click()
    receipt_on(page)
    officer = login("county_officer", region="620602")
    assert len(api.get("/api/v1/complaints", as_=officer).json["items"]) == 1


def test_fifty_photos_emoji_and_five_thousand_letters_lose_nothing_silently(
    context: BrowserContext, photo: Path
) -> None:
    page = opened(context, "#/pages/report/index")
    report(page, "🍎" * 2500)
    expect(page.get_by_text("最多 2000 字")).to_be_visible()
    choose(page, "拍照", [photo] * 50)
    expect(page.get_by_text("您选了 50 张，最多 9 张")).to_be_visible()
    expect(page.get_by_text("已选 9 张")).to_be_visible()
    page.get_by_role("button", name="去掉第 9 张").click()
    expect(page.get_by_text("已选 8 张")).to_be_visible()
    page.get_by_role("button", name="提交", exact=True).click()
    receipt_on(page)


def test_the_position_is_asked_for_only_by_a_tap_and_a_refusal_stops_nobody(context: BrowserContext) -> None:
    page = opened(context, "#/pages/report/index")
    page.get_by_role("button", name="用手机现在的位置").click()
    expect(page.get_by_text("没有得到位置权限")).to_be_visible()
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 37.93, "longitude": 102.64, "accuracy": 20})
    page.get_by_role("button", name="用手机现在的位置").click()
    expect(page.get_by_text("北纬37.93000，东经102.64000（误差约20米）")).to_be_visible()
    report(page)
    page.get_by_role("button", name="提交", exact=True).click()
    receipt_on(page)


@pytest.fixture
def tiles(app: Flask) -> Iterator[list[str]]:
    """A tile server on loopback, which the platform names; the paths it was asked for."""
    asked: list[str] = []
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), "#dfe8d8").save(picture, "PNG")

    def serve(environ: dict[str, Any], start: Any) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        start("200 OK", [("Content-Type", "image/png")])
        return [picture.getvalue()]

    with serving(serve) as address:
        here, url = gateways.current(), f"{address}/{{z}}/{{x}}/{{y}}.png"
        mapped = replace(here.settings, map_tiles_url=url, map_credit="演示底图 GS(2026)0000号")
        gateways.install(replace(here, settings=mapped))
        yield asked


def test_the_position_is_seen_on_a_map_where_the_operator_has_one_and_only_by_a_tap(
    context: BrowserContext, tiles: list[str]
) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 37.93, "longitude": 102.64, "accuracy": 20})
    page = opened(context, "#/pages/report/index")
    page.get_by_role("button", name="用手机现在的位置").click()
    expect(page.get_by_text("它会知道您在看哪里")).to_be_visible()
    assert tiles == []
    page.get_by_role("button", name="在地图上看").click()
    expect(page.get_by_text("演示底图 GS(2026)0000号")).to_be_visible()
    page.wait_for_function("[...document.querySelectorAll('.plan-picture')].some((one) => one.naturalWidth === 256)")
    assert "/15/25726/12647.png" in tiles
    page.get_by_role("button", name="放大").click()
    page.wait_for_function("[...document.querySelectorAll('.plan-picture')].every((one) => one.src.includes('/16/'))")
    assert faults(page, care=False) == []
    page.get_by_role("button", name="不用这个位置").click()
    expect(page.get_by_text("演示底图")).to_have_count(0)


def test_a_draft_stays_only_for_who_wishes_and_a_place_is_found_step_by_step(context: BrowserContext) -> None:
    page = opened(context, "#/pages/report/index")
    page.get_by_label("说说经过").fill("没有勾选的话")
    assert "没有勾选的话" not in page.evaluate(EVERYTHING)
    page.get_by_role("button", name="把没写完的存在这部手机里").click()
    for name in ("武威市", "凉州区", "黄羊镇"):
        page.get_by_role("button", name=name, exact=True).click()
    page.close()
    page = opened(context, "#/pages/report/index")
    expect(page.get_by_label("说说经过")).to_have_value("没有勾选的话")
    expect(page.get_by_text("武威市 凉州区 黄羊镇")).to_be_visible()
    page.get_by_role("button", name="把没写完的存在这部手机里").click()
    assert "没有勾选的话" not in page.evaluate(EVERYTHING)


def test_a_wrong_receipt_gets_a_kind_answer(context: BrowserContext) -> None:
    page = opened(context, "#/pages/follow/index")
    page.get_by_label("回执").fill("天地人")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.locator(".wrong")).to_contain_text(re.compile("回执"))


@pytest.mark.parametrize("care", [False, True], ids=["plain", "care"])
def test_the_pages_can_be_read_touched_and_heard(context: BrowserContext, care: bool) -> None:
    page = opened(context, "#/pages/me/index")
    if care:
        page.get_by_role("button", name="开", exact=True).click()
    page.close()
    page = opened(context, "#/pages/report/index")
    report(page)
    page.get_by_role("button", name="隐名").click()
    judge(page, care=care)
    page.get_by_role("button", name="匿名").click()
    page.get_by_role("button", name="提交", exact=True).click()
    receipt = receipt_on(page)
    judge(page, care=care)
    page.get_by_role("button", name="也存在这部手机里").click()
    page.get_by_role("button", name="我已经记下").click()
    page.close()
    page = opened(context, "#/pages/follow/index")
    judge(page, care=care)
    page.get_by_role("button", name=receipt).first.click()
    expect(page.get_by_text("待受理")).to_be_visible()
    judge(page, care=care)
