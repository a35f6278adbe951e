"""The bulletin in a browser: readable on a phone, nothing wider than the screen, in both languages."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from backend.base import clock, store
from backend.domains.evidence import service as evidence
from tests.factories.witnesses import appointed

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_bulletin_and_a_day_fit_the_screen_and_say_what_is_not_proven(app: object, page: Page, lang: str) -> None:
    leaf = evidence.Leaf("lot.hold", "P000000001.lot-00000001", "P000000001", {"reason": "x"})
    store.transaction(lambda: evidence.append([leaf]))
    evidence.seal()
    newest, witness = evidence.latest(), appointed()
    evidence.cosign(number=1, cosignature=witness.line(newest.note, int(clock.now().timestamp()) + 1))
    page.goto(f"/evidence/bulletin?lang={lang}")
    assert newest.root in page.inner_text(".days") and "凉州区农业农村局" in page.inner_text(".days")
    said = {"zh": "不能说明写的就是真的", "en": "does not show that what was written is true"}
    assert said[lang] in page.inner_text("main")
    shot(page, f"bulletin-{lang}")
    page.click(".days h2 a")
    assert newest.note.split("\n")[2] in page.inner_text(".note") and witness.name in page.inner_text(".note")
    shot(page, f"bulletin-day-{lang}")


def shot(page: Page, name: str) -> None:
    """Nothing is cut off; with SCREENSHOTS set, also a picture to look at."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    box = page.locator("main").bounding_box()
    assert box is not None and box["x"] + box["width"] <= width
    for card in page.locator(".card").all():
        inside = card.bounding_box()
        assert inside is not None and inside["x"] + inside["width"] <= width
    if directory := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(directory) / f"{name}-{width}.png", full_page=True)
