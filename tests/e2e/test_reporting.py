"""Reporting and following in a phone-sized browser: with JavaScript at once, without it by the slower lane."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.factories.complaints import picture
from tests.factories.http import Api

pytestmark = pytest.mark.e2e


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def phone(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[tuple[Page, bool]]:
    context = browser.new_context(
        base_url=site, viewport={"width": 360, "height": 740}, locale="zh-CN", java_script_enabled=request.param
    )
    yield context.new_page(), request.param
    context.close()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_stranger_reports_and_follows(phone: tuple[Page, bool], tmp_path: Path) -> None:
    page, script = phone
    (photo := tmp_path / "a.jpg").write_bytes(picture().getvalue())
    page.goto("/")
    page.click("footer >> text=投诉举报")
    page.select_option("#county", "620602")
    page.click("button")
    if script:
        page.wait_for_selector("[name=answer]:not([value=''])", state="attached", timeout=60_000)
    page.select_option("#category", "early_harvest")
    page.fill("#text", "前天打药，今天就装箱拉走了。")
    page.select_option("#region", "620602100")
    page.set_input_files("#photos", photo)
    page.click("form button")
    assert page.inner_text("h1") == "已收到，谢谢您"
    receipt = page.inner_text(".code")
    page.click("form button")
    assert page.inner_text("h1") == ("待受理" if script else "待核对")
    assert page.locator(".pics img").count() == 1
    page.goto("/report/follow")
    page.fill("#receipt", receipt.lower().replace("-", " "))
    page.click("button")
    page.fill("#text", "司机戴黄帽子")
    page.click("form button")
    if script:
        assert "司机戴黄帽子" in page.inner_text("main")


@pytest.mark.parametrize("path", ["/report", "/report?county=620602", "/report/follow", "/desk"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_overflows(browser: Browser, site: str, path: str, width: int) -> None:
    context = browser.new_context(base_url=site, viewport={"width": width, "height": 800}, locale="zh-CN")
    page = context.new_page()
    page.goto(path)
    assert fits(page)
    context.close()


def test_the_desk_fits_a_phone(
    browser: Browser, site: str, api: Api, login: Callable[..., str], tmp_path: Path
) -> None:
    from backend.base import store
    from tests.factories.complaints import filed

    filed(api, text="长" * 500)
    token = login("county_officer", region="620602")
    name = api.get("/api/v1/me", as_=token).json["name"]
    account = store.collection("accounts").find_one({"name": name})
    context = browser.new_context(base_url=site, viewport={"width": 360, "height": 800}, locale="zh-CN")
    page = context.new_page()
    page.goto("/desk")
    page.fill("#login", account["login"])
    page.fill("#password", "correct horse battery")
    page.click("button")
    assert page.inner_text("h1") == "工作台" and fits(page)
    assert page.locator("article").count() == 1
    context.close()
