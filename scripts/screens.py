"""Pictures of the pages on a phone of 360 px, for the README and for looking at: `python -m scripts.screens`.

Needs a running demo (`scripts/serve`) and Chromium. Writes small WebP files into docs/screens: every page of the client
and every public page of the site as it is first seen, the chief ones in care mode and in English; with `--all` every
page in every mode, with `--only` those whose names begin so.
"""

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from scripts import phone
from scripts.environment import ROOT, say

OUT = ROOT / "docs" / "screens"
WIDTH, SHORTEST, TALLEST = 360, 480, 1500
QUALITIES, LARGEST = (55, 40, 25, 12), 40 * 1024
PATIENCE_MS, QUIET_MS = 8_000, 150
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--lang=zh-CN"]
MODES: Mapping[str, Sequence[str]] = {"plain": (), "care": ("开",), "english": ("English",)}
CHIEF = {"home", "trace", "report", "read", "farmer-farm", "farmer-record", "officer-queue"}
CHIEF_ENGLISH = CHIEF | {"site-home", "site-trace", "site-read"}
PUBLIC = {
    "site-home": "/",
    "site-trace": "/t/{code}",
    "site-read": "/read",
    "site-article": "/read/{slug}",
    "site-report": "/report",
    "site-follow": "/report/follow",
    "site-bulletin": "/evidence/bulletin",
    "site-verify": "/verify",
    "site-open": "/open",
    "site-desk": "/desk",
}
BOTTOM = """() => { const shown = [...document.querySelectorAll('.page')].filter(e => e.offsetParent);
  const main = shown.pop()?.querySelector('main') ?? document.querySelector('footer, main');
  return Math.ceil(main.getBoundingClientRect().bottom + window.scrollY) }"""
STILL = """() => document.getAnimations().every(one => one.playState === 'finished')
  && [...document.images].every(one => one.complete || one.loading === 'lazy')"""
Open = Callable[[Page, str], None]  # the page, and the mode it is shown in


class Demo:
    """What the demo's list says, and the few requests that find what its pages show."""

    def __init__(self, url: str, listed: Path) -> None:
        self.url, self.told = url, json.loads(listed.read_text("utf-8"))
        self.code = self.told["traces"][0]["code"]
        self.receipt = self.told["complaints"][0]["receipt"]

    def account(self, role: str) -> dict[str, Any]:
        return next(one for one in self.told["accounts"] if one["role"] == role)

    @cached_property
    def farmer(self) -> str:
        return self._token(self.account("farmer"))

    @cached_property
    def producer(self) -> str:
        return str(self.first("/producers", self.farmer)["id"])

    def invitation(self) -> str:
        """A code for a phone of the first farmer's own producer."""
        path = f"/producers/{self.producer}/invitations"
        return str(self._asked("POST", path, self.farmer, {"role": "farmer"})["code"])

    @cached_property
    def words(self) -> dict[str, str]:
        """The ids that addresses name."""
        own = f"?producer_id={self.producer}"
        county = self.account("county_officer")
        officer = self._token(county)
        return {
            "code": self.code,
            "slug": self.pictured(),
            "producer": self.producer,
            "batch": self.first(f"/farming/batches{own}", self.farmer)["id"],
            "lot": self.first(f"/lots{own}", self.farmer)["id"],
            "certificate": self.first(f"/certificates{own}", self.farmer)["id"],
            "item": quote(self.first(f"/inputs/stock{own}", self.farmer)["item"]),
            "case": self.first("/complaints", officer)["id"],
            "declaration": self.first(f"/declarations?region={county['region']}", officer)["id"],
            "question": self.first(f"/producers/{self.producer}/questions", self.farmer)["id"],
            "shipment": self.first(f"/lots/shipments{own}&direction=out&state=sent", self.farmer)["id"],
        }

    def first(self, path: str, token: str | None) -> dict[str, Any]:
        return dict(self._asked("GET", path, token)["items"][0])

    def pictured(self) -> str:
        """The first article that shows a picture."""
        found = self._asked("GET", "/reading", None)["items"]
        return str(next((one for one in found if one["lead"]), found[0])["slug"])

    def _token(self, account: dict[str, Any]) -> str:
        body = {name: account[name] for name in ("login", "password")}
        return str(self._asked("POST", "/auth/staff", None, body)["access_token"])

    def _asked(self, method: str, path: str, token: str | None, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = requests.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers, timeout=30)
        answer.raise_for_status()
        return answer.json()


ADDRESS = {  # what a page of the client needs in its address
    "pages/trace/index": "code={code}",
    "pages/article/index": "slug={slug}",
    "farmer/record/index": "batch={batch}",
    "farmer/records/index": "batch={batch}",
    "farmer/shelf/index": "item={item}",
    "farmer/certify/index": "lot={lot}",
    "farmer/certificate/index": "id={certificate}",
    "farmer/press/index": "id={certificate}",
    "farmer/question/index": "id={question}",
    "goods/lot/index": "id={lot}",
    "goods/move/index": "kind=ship&lot={lot}",
    "goods/arrival/index": "id={shipment}",
    "check/index/index": "code={code}",
    "officer/producer/index": "id={producer}",
    "officer/ask/index": "producer={producer}",
    "officer/question/index": "id={question}",
    "officer/visit/index": "producer={producer}",
    "officer/case/index": "id={case}",
    "officer/declaration/index": "id={declaration}",
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts.screens", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--demo", type=Path, default=ROOT / "var" / "demo.json")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--all", action="store_true", help="every page in every mode")
    parser.add_argument("--only", default="", help="pages whose names begin so")
    chosen = parser.parse_args(arguments)
    chromium = next((path for path in CHROMIUM if Path(path).exists()), None)
    if chromium is None:
        print("no Chromium on this machine: apt-get install chromium fonts-noto-cjk", file=sys.stderr)
        return 1
    chosen.out.mkdir(parents=True, exist_ok=True)
    demo = Demo(chosen.url, chosen.demo)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=FLAGS, env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        sizes = [size for mode in MODES for size in _all_of(browser, demo, mode, chosen)]
        browser.close()
    say(f"{len(sizes)} pictures, {sum(sizes) // 1024} KB")
    return 0 if all(sizes) else 1


def _all_of(browser: Browser, demo: Demo, mode: str, chosen: argparse.Namespace) -> Iterator[int]:
    """The size of each picture of a mode; 0 for a page that could not be shown."""
    for entered, pages in _phones(demo):
        wanted = {name: how for name, how in pages.items() if _wanted(name, mode, chosen)}
        if not wanted:
            continue
        context = browser.new_context(
            base_url=demo.url, viewport={"width": WIDTH, "height": 740}, locale="zh-CN", has_touch=True
        )
        entered(context)
        _choose(context, MODES[mode])
        for name, how in wanted.items():
            yield _shown(context, how, chosen.out / f"{name}{'' if mode == 'plain' else '-' + mode}.webp", mode)
        context.close()


def _wanted(name: str, mode: str, chosen: argparse.Namespace) -> bool:
    if mode == "care" and name.startswith("site-"):  # the site follows the browser's own text size
        return False
    chief = CHIEF_ENGLISH if mode == "english" else CHIEF
    return name.startswith(chosen.only) and (mode == "plain" or chosen.all or name in chief)


def _phones(demo: Demo) -> Iterator[tuple[Callable[[BrowserContext], None], dict[str, Open]]]:
    """A stranger's phone, a farmer's and an officer's: how each is entered, and the pages seen on it."""
    client = {one: _address(demo, one) for one in phone.pages()}
    site = {name: _at(path.format(**demo.words)) for name, path in PUBLIC.items()}
    strangers = [one for one in client if one.startswith(("pages/", "check/")) or one.endswith("/enter/index")]
    named = {one: one.removeprefix("pages/").removesuffix("/index").replace("/", "-") for one in client}
    yield (lambda _: None), {named[one]: client[one] for one in strangers} | site
    for roots, enter in ((("farmer/", "goods/"), _farmer), (("officer/",), _officer)):
        own = [one for one in client if one.startswith(roots) and one not in strangers]
        yield (lambda context, enter=enter: enter(context, demo)), {named[one]: client[one] for one in own}


def _address(demo: Demo, page: str) -> Open:
    if page == "pages/follow/index":
        return lambda opened, _: _follow(opened, demo.receipt)
    query = ADDRESS.get(page, "").format(**demo.words)
    return _at(f"/app/#/{page}{'?' + query if query else ''}")


def _at(path: str) -> Open:
    def go(page: Page, mode: str) -> None:
        site = mode == "english" and not path.startswith("/app/")
        page.goto(path + ("?lang=en" if site else ""))

    return go


def _follow(page: Page, receipt: str) -> None:
    page.goto("/app/#/pages/follow/index")
    page.locator(".input").first.fill(receipt)
    page.locator(".btn.big").first.click()


def _farmer(context: BrowserContext, demo: Demo) -> None:
    _enter(context, "farmer", (demo.invitation(), "张建国"))
    page = context.new_page()
    page.goto("/app/#/farmer/farm/index")
    page.locator(".batch").first.wait_for()
    page.close()


def _officer(context: BrowserContext, demo: Demo) -> None:
    account = demo.account("county_officer")
    _enter(context, "officer", (account["login"], account["password"]))


def _enter(context: BrowserContext, who: str, typed: Sequence[str]) -> None:
    page = context.new_page()
    page.goto(f"/app/#/{who}/enter/index")
    page.locator(".input").nth(len(typed) - 1).wait_for()
    for field, value in zip(page.locator(".input").all(), typed, strict=False):
        field.fill(value)
    page.locator(".btn.big").first.click()
    page.wait_for_url(lambda url: "/enter/" not in url)
    page.close()


def _choose(context: BrowserContext, buttons: Sequence[str]) -> None:
    if not buttons:
        return
    page = context.new_page()
    page.goto("/app/#/pages/me/index")
    for button in buttons:
        page.get_by_role("button", name=button, exact=True).click()
    _settle(page)
    page.close()


def _shown(context: BrowserContext, go: Open, path: Path, mode: str) -> int:
    """The size of the picture that was written; 0 when the page could not be shown, which is told."""
    page = context.new_page()
    try:
        go(page, mode)
        _settle(page)
        return _keep(page, path)
    except BrowserError as wrong:
        print(f"✗ {path.stem}: {str(wrong).splitlines()[0]}", file=sys.stderr)
        return 0
    finally:
        page.close()


def _settle(page: Page) -> None:
    """Until what the page asked for is there and nothing moves any more; what never rests is shown as it is."""
    page.locator("h1").last.wait_for(timeout=PATIENCE_MS)
    try:
        page.wait_for_load_state("networkidle", timeout=PATIENCE_MS)
        page.wait_for_function(STILL, timeout=PATIENCE_MS)
    except BrowserError:
        say(f"{page.url} did not come to rest")
    page.wait_for_timeout(QUIET_MS)


def _keep(page: Page, path: Path) -> int:
    """As tall as the page is, within reason, and no larger than it may be."""
    page.set_viewport_size({"width": WIDTH, "height": TALLEST})
    tall = int(page.evaluate(BOTTOM))
    page.set_viewport_size({"width": WIDTH, "height": min(max(tall, SHORTEST), TALLEST)})
    _settle(page)
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for quality in QUALITIES:
        out = io.BytesIO()
        seen.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= LARGEST:
            break
    path.write_bytes(out.getvalue())
    say(f"{path.name} {out.tell() // 1024} KB")
    return out.tell()


if __name__ == "__main__":
    sys.exit(main())
