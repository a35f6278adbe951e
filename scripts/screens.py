"""Pictures of the pages on a phone of 360 px, for the README and for looking at: `python -m scripts.screens`.

Needs a running demo (`scripts/serve`) and Chromium. Writes small WebP files into docs/screens: every page as it is
first seen, and the chief ones in care mode and in English.
"""

import argparse
import io
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import requests
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from scripts.environment import ROOT, say

OUT = ROOT / "docs" / "screens"
WIDTH, TALLEST = 360, 1500
QUALITY = 55
SETTLE_MS = 900
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
MODES = {"plain": (), "care": ("开",), "english": ("English",)}
CHIEF = {"home", "trace", "report", "farm", "record"}


BOTTOM = """() => { const shown = [...document.querySelectorAll('.page')].filter(e => e.offsetParent);
  const main = shown.pop()?.querySelector('main') ?? document.querySelector('footer, main');
  return Math.ceil(main.getBoundingClientRect().bottom + window.scrollY) }"""


class Demo:
    """What the demo's list says, and the few requests that make a way in."""

    def __init__(self, url: str, listed: Path) -> None:
        self.url, self.told = url, json.loads(listed.read_text("utf-8"))
        self.code = self.told["traces"][0]["code"]
        self.receipt = self.told["complaints"][0]["receipt"]

    def account(self, role: str) -> dict[str, Any]:
        return next(one for one in self.told["accounts"] if one["role"] == role)

    def invitation(self) -> str:
        """A code for a phone of the first farmer's own producer."""
        token = self._token(self.account("farmer"))
        (producer, *_) = self._asked("GET", "/producers", token)["items"]
        path = f"/producers/{producer['id']}/invitations"
        return str(self._asked("POST", path, token, {"role": "farmer"})["code"])

    def _token(self, account: dict[str, Any]) -> str:
        body = {name: account[name] for name in ("login", "password")}
        return str(self._asked("POST", "/auth/staff", None, body)["access_token"])

    def _asked(self, method: str, path: str, token: str | None, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = requests.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers, timeout=30)
        answer.raise_for_status()
        return answer.json()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts.screens", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--demo", type=Path, default=ROOT / "var" / "demo.json")
    parser.add_argument("--out", type=Path, default=OUT)
    chosen = parser.parse_args(arguments)
    demo = Demo(chosen.url, chosen.demo)
    chromium = next((path for path in CHROMIUM if Path(path).exists()), None)
    if chromium is None:
        print("no Chromium on this machine: apt-get install chromium fonts-noto-cjk", file=sys.stderr)
        return 1
    chosen.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for mode in MODES:
            say(mode)
            for name, page in _shown(browser, demo, mode):
                _keep(page, chosen.out / f"{name}{'' if mode == 'plain' else '-' + mode}.webp")
        browser.close()
    return 0


def _shown(browser: Browser, demo: Demo, mode: str) -> Any:
    """(name, page) of each page in turn, on one phone for strangers, one of a farmer and one of an officer."""
    for tour in (_stranger, _farmer, _officer):
        context = browser.new_context(
            base_url=demo.url, viewport={"width": WIDTH, "height": 740}, locale="zh-CN", has_touch=True
        )
        _settings(context, mode)
        for name, page in tour(context, demo):
            if mode == "plain" or name in CHIEF:
                yield name, page
        context.close()


def _settings(context: BrowserContext, mode: str) -> None:
    page = _open(context, "/app/#/pages/me/index")
    for button in MODES[mode]:
        page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_timeout(200)
    page.close()


def _stranger(context: BrowserContext, demo: Demo) -> Any:
    yield "trace", _open(context, f"/app/#/pages/trace/index?code={demo.code}")
    yield "home", _open(context, "/app/")
    yield "report", _open(context, "/app/#/pages/report/index")
    page = _open(context, "/app/#/pages/follow/index")
    page.locator(".input").first.fill(demo.receipt)
    page.locator(".btn.big").first.click()
    yield "follow", page
    yield "read", _open(context, "/app/#/pages/read/index")
    yield "settings", _open(context, "/app/#/pages/me/index")
    yield "privacy", _open(context, "/app/#/pages/privacy/index")
    yield "scanned", _open(context, f"/t/{demo.code}")
    yield "verify", _open(context, "/verify")
    yield "bulletin", _open(context, "/evidence/bulletin")


def _farmer(context: BrowserContext, demo: Demo) -> Any:
    page = _open(context, "/app/#/farmer/enter/index")
    for field, value in zip(page.locator(".input").all(), (demo.invitation(), "张建国"), strict=False):
        field.fill(value)
    page.locator(".btn.big").first.click()
    page.locator(".batch").first.wait_for()
    yield "farm", page
    yield "record", _tapped(context, "/app/#/farmer/farm/index", lambda one: one.locator(".batch .btn.big").first)
    for name in ("lots", "stock", "buy", "inbox", "outbox", "site"):
        yield name, _open(context, f"/app/#/farmer/{name}/index")


def _officer(context: BrowserContext, demo: Demo) -> Any:
    account = demo.account("county_officer")
    page = _open(context, "/app/#/officer/enter/index")
    for field, value in zip(page.locator(".input").all(), (account["login"], account["password"]), strict=False):
        field.fill(value)
    page.locator(".btn.big").first.click()
    page.wait_for_url("**/officer/queue/index*")
    yield "queue", page
    yield "case", _tapped(context, "/app/#/officer/queue/index", lambda one: one.locator(".row").first)


def _open(context: BrowserContext, path: str) -> Page:
    page = context.new_page()
    page.goto(path)
    page.wait_for_timeout(SETTLE_MS)
    return page


def _tapped(context: BrowserContext, path: str, what: Callable[[Page], Any]) -> Page:
    page = _open(context, path)
    what(page).click()
    page.wait_for_timeout(SETTLE_MS)
    return page


def _keep(page: Page, path: Path) -> None:
    """As tall as the page is, within reason."""
    page.wait_for_timeout(SETTLE_MS)
    page.set_viewport_size({"width": WIDTH, "height": TALLEST})
    tall = page.evaluate(BOTTOM)
    page.set_viewport_size({"width": WIDTH, "height": min(max(int(tall), 480), TALLEST)})
    page.wait_for_timeout(300)
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(path, "WEBP", quality=QUALITY, method=6)
    say(f"{path.name} {path.stat().st_size // 1024} KB")
    page.close()


if __name__ == "__main__":
    sys.exit(main())
