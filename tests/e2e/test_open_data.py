"""The page of the open data in a browser: it fits a phone, and its files can be had."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from tests.e2e.test_bulletin import shot
from tests.factories.dumps import built
from tests.factories.farming import load_rules

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_open_data_fit_the_screen_and_can_be_had(
    app: object, page: Page, travel: Callable[[datetime], None], lang: str
) -> None:
    travel(datetime(2026, 11, 4, 2, tzinfo=UTC))
    load_rules()
    built("substances", "articles", "complaints", "certificates")
    page.goto(f"/open?lang={lang}")
    row = page.locator(".sets tbody tr", has=page.locator('a[href="#substances"]'))
    assert "127" in row.inner_text()
    assert {"zh": "正在制作", "en": "being made"}[lang] in page.locator(".sets").inner_text()
    for link in row.locator(".get a").all():
        box = link.bounding_box()
        assert box is not None and box["height"] >= 44
    page.locator("#substances summary").first.click()
    assert page.locator("#substances .columns").is_visible()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert page.viewport_size is not None and wide <= page.viewport_size["width"]
    shot(page, f"open-{lang}")
    with page.expect_download() as got:
        row.locator(".get a").first.click()
    assert got.value.suggested_filename == "longtrace-substances-2026-11-02.csv"
