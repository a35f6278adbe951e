"""An officer drills a recall on a phone: the button, the tree, the report."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from backend.base.actor import system
from backend.domains.accounts import service as accounts
from backend.domains.tracing import service as tracing
from tests.e2e.test_reporting import fits
from tests.factories.certificates import Orchard, orchard
from tests.factories.http import Api
from tests.factories.lots import buyer, holder, line, part

pytestmark = pytest.mark.e2e
PASSWORD = "correct horse battery"


@pytest.fixture
def grove(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> Orchard:
    """Its lot went to a buyer, was sorted there, and a part of it went on to another."""
    travel(datetime(2026, 10, 1, 2, tzinfo=UTC))
    grove = orchard(api, login)
    me, other, third = holder(grove.farm), buyer(api, login), buyer(api, login, 8)
    (theirs,) = me.passed_on(other, line(grove.lot_id, "400"))
    (mixed, _) = other.made(
        "repack", [line(theirs, "400")], [part("300"), part("80", product_name="红富士苹果（小果）")]
    )
    other.passed_on(third, line(mixed, "120"))
    travel(datetime.now(UTC))
    return grove


def test_an_officer_drills_and_reads_the_tree(browser: Browser, site: str, grove: Orchard, tmp_path: Path) -> None:
    roles = [{"role": "county_officer", "region": "620602"}]
    accounts.new_staff(system("test"), login="county", password=PASSWORD, name="监管员", roles=roles)
    context = browser.new_context(base_url=site, viewport={"width": 360, "height": 740}, locale="zh-CN")
    page = context.new_page()
    page.goto("/desk")
    page.fill("#login", "county")
    page.fill("#password", PASSWORD)
    page.click("button")
    page.click("text=产品召回与演练")
    assert fits(page)
    page.fill("#target_id", grove.lot_id)
    page.get_by_role("button", name="下达召回").click()
    assert "勾选确认" in page.get_by_role("alert").inner_text(), "not by a slip"
    page.fill("#target_id", grove.lot_id)
    page.click("text=开始演练")
    assert "正在查找" in page.content()
    tracing.spread_recalls()
    page.reload()
    assert page.locator(".tree li").count() == 5
    assert [box["x"] for row in page.locator(".tree li").all()[:3] if (box := row.bounding_box())] == sorted(
        {box["x"] for row in page.locator(".tree li").all()[:3] if (box := row.bounding_box())}
    )
    assert fits(page)
    if pictures := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=str(Path(pictures) / "recall.png"), full_page=True)
        page.goto("/desk/recalls")
        page.screenshot(path=str(Path(pictures) / "recalls.png"), full_page=True)
        page.go_back()
    with page.expect_download() as report:
        page.click("text=报告 PDF")
    report.value.save_as(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    context.close()
