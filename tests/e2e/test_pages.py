"""The pages in a browser at 360 and 1280 px: nothing overflows, all can be read and touched, the forms work."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from backend.domains.tracing.rules import Deed, Facts, Photo, Recall
from tests.factories.photos import photo
from tests.factories.traces import CARD, CODE, FACTS, GOODS, stored

pytestmark = pytest.mark.e2e
VOIDED = replace(CARD, voided_at=datetime(2026, 10, 9, tzinfo=UTC), void_reason="标错品名")
STATES = {
    "valid": (FACTS, "合格证有效"),
    "held": (replace(FACTS, goods=replace(GOODS, held=True, held_reason="等待复检")), "监管暂停"),
    "void": (replace(FACTS, card=VOIDED), "合格证已作废"),
    "recalled": (replace(FACTS, recall=Recall("test_failed", datetime(2026, 10, 10, tzinfo=UTC))), "产品已召回"),
}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TEXT = """least => [...document.querySelectorAll('body *')]
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
  .filter(e => e.getClientRects().length && parseFloat(getComputedStyle(e).fontSize) < (least ?? 16))
  .map(e => e.outerHTML.slice(0, 80))"""
FAINT = """() => {
  const part = c => { c /= 255; return c <= .03928 ? c / 12.92 : Math.pow((c + .055) / 1.055, 2.4) };
  const light = ([r, g, b]) => .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
  const numbers = text => (text.match(/[0-9.]+/g) || []).map(Number);
  const ground = e => { for (; e; e = e.parentElement) { const c = numbers(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > .5) return c.slice(0, 3) } return [255, 255, 255] };
  return [...document.querySelectorAll('body *')].filter(e => [...e.childNodes].some(n => n.nodeType === 3
    && n.textContent.trim()) && e.getClientRects().length).map(e => {
    const a = light(numbers(getComputedStyle(e).color)), b = light(ground(e));
    return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.outerHTML.slice(0, 80)] }).filter(([c]) => c < 4.5) }"""

WHOLE = "() => !document.documentElement.matches('.first')"
# What is seen in the frame in which the verdict first stands on the page, and in the one after.
FRAMES = """window.frames_seen = new Promise(done => {
  const seen = () => [...document.querySelectorAll('h1, .cert, footer')].filter(e => e.getClientRects().length).length
  const look = () => requestAnimationFrame(() => document.querySelector('footer')
    ? setTimeout(() => { const one = seen(); requestAnimationFrame(() => setTimeout(() => done([one, seen()]))) })
    : look())
  look() })"""


@pytest.fixture(autouse=True)
def fresh(app: Flask) -> None:
    app.extensions["longtrace.web"].traces.forget(CODE)


@pytest.fixture
def measured(browser: Browser, site: str, request: pytest.FixtureRequest) -> Page:
    """A page with JavaScript, for measuring only."""
    context = browser.new_context(base_url=site, locale="zh-CN")
    request.addfinalizer(context.close)
    return context.new_page()


@pytest.mark.parametrize("state", STATES)
def test_the_verdict_comes_first_and_fills_the_first_screen(page: Page, state: str) -> None:
    facts, words = STATES[state]
    stored(facts)
    page.goto(f"/t/{CODE}")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(words)
    box = heading.bounding_box()
    assert box is not None
    assert box["y"] < 250


@pytest.mark.parametrize("width", [320, 360, 640, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/?lang=en", f"/t/{CODE}", f"/t/{CODE}?lang=en", "/t/UNKNOWN00000"])
def test_nothing_overflows_and_all_is_readable(measured: Page, path: str, width: int, scheme: str) -> None:
    stored(STATES["void"][0])
    measured.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    measured.set_viewport_size({"width": width, "height": 800})
    measured.goto(path)
    measured.wait_for_function(WHOLE)
    assert measured.evaluate(OVERFLOW) <= 0
    assert measured.evaluate(SMALL_TEXT) == []
    assert measured.evaluate(FAINT) == []


def test_the_verdict_is_drawn_one_frame_before_the_rest(measured: Page) -> None:
    stored()
    said: list[str] = []
    measured.on("console", lambda one: said.append(one.text))
    measured.add_init_script(FRAMES)
    measured.goto(f"/t/{CODE}")
    assert measured.evaluate("frames_seen") == [1, 3]
    assert [one for one in said if "Failed to load" not in one] == []  # nothing that the page's policy refused


def test_a_part_of_the_page_and_the_place_where_one_read_are_found_again(measured: Page) -> None:
    stored()
    measured.set_viewport_size({"width": 360, "height": 740})
    measured.goto(f"/t/{CODE}#grades")
    measured.wait_for_function("() => document.querySelector('#grades').getBoundingClientRect().top < innerHeight")
    measured.goto(f"/t/{CODE}")
    measured.wait_for_function(WHOLE)
    measured.evaluate("scrollTo(0, 1500)")
    measured.reload()
    measured.wait_for_function("() => scrollY === 1500")
    measured.goto("/")
    measured.go_back()
    measured.wait_for_function("() => scrollY === 1500")


def test_targets_are_large_enough_for_a_thumb(measured: Page) -> None:
    measured.set_viewport_size({"width": 360, "height": 800})
    measured.goto("/")
    for control in measured.locator("button, input:not([type=hidden]), header a").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44, control.evaluate("e => e.outerHTML")


def test_a_visitor_types_a_code(page: Page) -> None:
    stored()
    page.goto("/")
    page.get_by_label("输入追溯码").fill("7k3m-px9q-2rtv")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("合格证有效")


def test_a_visitor_photographs_a_code(page: Page, tmp_path: Path) -> None:
    stored()
    shot = tmp_path / "photo.jpg"
    shot.write_bytes(photo(f"http://t.test/t/{CODE}", tilt=4))
    page.goto("/")
    page.get_by_label("拍照扫码").set_input_files(shot)
    page.get_by_role("button", name="识别二维码").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("合格证有效")


def test_an_unknown_code_is_met_kindly_and_can_be_tried_again(page: Page) -> None:
    stored()
    page.goto("/t/NOSUCHCODE99")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有查到")
    page.get_by_label("再查一次").fill(CODE)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("合格证有效")


def test_the_reader_can_switch_to_english_and_back(page: Page) -> None:
    stored()
    page.goto(f"/t/{CODE}")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Certificate valid")
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("合格证有效")


def test_the_tags_are_explained_where_they_are_asked_about(page: Page) -> None:
    stored()
    page.goto(f"/t/{CODE}")
    page.get_by_text("怎么看这一页").click()
    expect(page.get_by_text("由农业农村主管部门的监管人员审核过。")).to_be_visible()


def test_photos_are_loaded_only_when_they_come_near(measured: Page) -> None:
    stored(replace(FACTS, deeds=long_log(FACTS)))
    wanted: list[str] = []
    measured.on("request", lambda request: wanted.append(request.url))
    measured.set_viewport_size({"width": 360, "height": 640})
    measured.goto(f"/t/{CODE}")
    assert not [url for url in wanted if "/media/far" in url]


def long_log(facts: Facts) -> tuple[Deed, ...]:
    """Forty days of irrigation, and a harvest with a photo far below the first screen."""
    days = [date(2026, 4, 1) + timedelta(days=number) for number in range(40)]
    rows = (replace(facts.deeds[1], happened_on=day, ended_on=day) for day in days)
    return (*rows, replace(facts.deeds[-1], photos=(Photo("/media/far", "/media/far/thumb"),)))


def test_nothing_is_asked_of_any_other_host_and_nothing_breaks_the_content_policy(measured: Page, site: str) -> None:
    stored()
    wanted: list[str] = []
    problems: list[str] = []
    measured.on("request", lambda request: wanted.append(request.url))
    measured.on("console", lambda message: problems.append(message.text))
    for path in ("/", f"/t/{CODE}"):
        measured.goto(path)
    assert all(url.startswith(site) for url in wanted)
    assert not [text for text in problems if "Content Security Policy" in text]
