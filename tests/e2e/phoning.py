"""What tests of the phone client share: opening its pages, logging in, judging a page."""

import json
import time

from playwright.sync_api import BrowserContext, Page, expect

from scripts import phone
from tests.e2e.test_pages import FAINT, OVERFLOW, SMALL_TEXT
from tests.factories.farming import Farm
from tests.factories.lots import Holder

PATIENCE = 30  # seconds
TOO_SMALL = """least => [...document.querySelectorAll('.page button, .page input, .page textarea, .page summary')]
  .filter(e => e.getClientRects().length).filter(e => { const b = e.getBoundingClientRect();
    return b.height < least || b.width < least }).map(e => e.outerHTML.slice(0, 80))"""
AXE = """async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice']}))
  .violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 120)).join(' | '))"""
CHANGE_KEPT = """() => new Promise(done => {{ const asked = indexedDB.open('longtrace');
  asked.onsuccess = () => {{ const kept = asked.result.transaction('values', 'readwrite').objectStore('values');
    kept.get({name}).onsuccess = e => {{
      kept.put(({change})(e.target.result), {name}).onsuccess = () => done(true) }} }} }})"""
STILL = """() => { const shown = [...document.querySelectorAll('.taro_page')].pop()
  return document.getAnimations().every(one => one.playState === 'finished') && !document.querySelector('.page.early')
    && (!shown || shown.matches('.taro_page_stationed, :only-child')) }"""
WRITTEN = """() => new Promise(done => { const asked = indexedDB.open('longtrace');
  asked.onsuccess = () => { asked.result.transaction('values').objectStore('values').get('settings')
    .onsuccess = () => { asked.result.close(); done() } } })"""
KEPT = """async () => {
  const asked = () => performance.getEntriesByType('resource').length
  const before = asked()
  await new Promise(done => setTimeout(done, 300))
  return navigator.serviceWorker.controller?.state === 'activated' && asked() === before }"""


def opened(context: BrowserContext, path: str = "") -> Page:
    page = context.new_page()
    page.goto(f"/app/{path}")
    expect(page.locator(".page h1").last).to_be_visible()
    return page


def invited(context: BrowserContext, whose: Farm | Holder, name: str) -> Page:
    """A phone on which somebody has just logged in with an invitation."""
    answer = whose.api.post(f"/api/v1/producers/{whose.producer_id}/invitations", {"role": "farmer"}, as_=whose.token)
    page = opened(context, "#/farmer/enter/index")
    page.get_by_label("邀请码").fill(answer.json["code"])
    page.get_by_label("您的姓名").fill(name)
    page.get_by_role("button", name="登录").click()
    return page


def enter(context: BrowserContext, grove: Farm) -> Page:
    """A farmer's phone, with what grows; its signal may go at any time."""
    page = invited(context, grove, "李大爷")
    expect(page.get_by_role("heading", name="红富士苹果")).to_be_visible()
    ready_to_lose_signal(page)
    return page


def note(page: Page, kind: str = "除草") -> None:
    begin(page, kind)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="我的地")).to_be_visible()


def begin(page: Page, kind: str) -> None:
    page.get_by_role("button", name="记一笔").first.click()
    page.get_by_role("button", name=kind, exact=True).click()


def against_aphids(page: Page) -> None:
    """What the law asks of a use of a pesticide beside its name."""
    page.get_by_label("治什么").fill("蚜虫")
    page.get_by_label("用量").fill("20")
    page.get_by_role("button", name="克/亩", exact=True).click()
    page.get_by_role("button", name="叶面喷雾").click()
    page.get_by_label("从哪里买的").fill("镇农资店")


def really_used(page: Page) -> None:
    """The platform does not know it, and it was used: said twice."""
    page.get_by_role("button", name="我确实用了它，就这样记").click()
    page.get_by_role("button", name="再点一次，就记成平台不认识的").click()


def change_kept(page: Page, name: str, change: str) -> None:
    """What the phone keeps under a name becomes what `change`, a function in JavaScript, makes of it."""
    assert page.evaluate(CHANGE_KEPT.format(name=json.dumps(name), change=change))


def log_out(page: Page) -> None:
    """Nobody is logged in any more when this returns."""
    page.goto("/app/#/pages/me/index")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_text("已登录")).to_have_count(0)


def preferring(context: BrowserContext, *names: str) -> None:
    """What a person chooses for themselves on their own page, such as "特大"."""
    page = opened(context, "#/pages/me/index")
    for name in names:
        page.get_by_role("button", name=name, exact=True).click()
    written(page)
    page.close()


def written(page: Page) -> None:
    """What was tapped is on the phone: a read of its database waits for the writes that began before."""
    page.evaluate(WRITTEN)


def at_rest(page: Page) -> None:
    """Nothing slides any more: what is looked at now is what stays."""
    page.wait_for_function(STILL)


def until(page: Page, asked: str, arg: object = None) -> None:
    """Until the page answers yes; `wait_for_function` would take a promise for a yes."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(asked, arg):
        assert time.monotonic() < deadline, asked
        page.wait_for_timeout(50)


def ready_to_lose_signal(page: Page) -> None:
    """The worker has kept the app's own files, and the page asks the server for nothing more."""
    until(page, KEPT)


def kill(page: Page) -> None:
    """The app is closed. Chromium drops a worker whose only page closes, without signal, as soon as it was kept."""
    page.wait_for_function("() => performance.now() > 3000")
    page.close()


def judge(page: Page, *, care: bool = False) -> None:
    """No overflow, no small (in care mode under 18 px) or faint text, no small target, nothing that axe finds."""
    found = faults(page, care=care)
    assert not found, found


def faults(page: Page, *, care: bool = False) -> list[str]:
    """What `judge` holds against the page."""
    page.evaluate((phone.MODULES / "axe-core" / "axe.min.js").read_text("utf-8"))
    wide = page.evaluate(OVERFLOW)
    return [
        *([f"{wide} px too wide"] if wide > 0 else []),
        *(f"small text: {one}" for one in page.evaluate(SMALL_TEXT, 18 if care else 16)),
        *(f"faint: {one}" for one in page.evaluate(FAINT)),
        *(f"small target: {one}" for one in page.evaluate(TOO_SMALL, 60 if care else 44)),
        *page.evaluate(AXE),
    ]
