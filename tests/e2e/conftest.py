"""A headless Chromium and the running site. Without a browser these tests are skipped loudly, and fail in CI."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from backend import gateways
from scripts import phone
from tests.factories.farming import Farm, farm
from tests.factories.http import Api

CANDIDATES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (360, 1280)
# A phone that is closed while it still fetches the app's files leaves one open in the server that only tests use.
LEFT_OPEN = r"ignore:Exception ignored in. <_io\.FileIO name='.*/dist/h5/:pytest.PytestUnraisableExceptionWarning"
# Three browsers on two cores: what failed once is tried once more, and named RERUN in the summary. Not so an error in
# the page or its console, a request to somebody else (below), or what the server has too much or too little of.
NOT_AGAIN = [
    r"AssertionError: assert \['(error: |console: |asked )",
    r"AssertionError: assert (\d+ == \d|\[.*\] == \[)",
]
SECOND_TRY = pytest.mark.flaky(reruns=1, rerun_except=NOT_AGAIN)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings(LEFT_OPEN))
            item.add_marker(SECOND_TRY)


def chromium() -> str | None:
    return next((path for name in CANDIDATES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        message = "no Chromium on this machine: the pages were NOT looked at (apt-get install chromium fonts-noto-cjk)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(params=WIDTHS, ids=lambda width: f"{width}px")
def page(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A Chinese visitor's page at one of the widths, JavaScript switched off: no page needs it."""
    context = browser.new_context(
        base_url=site, viewport={"width": request.param, "height": 800}, locale="zh-CN", java_script_enabled=False
    )
    opened = context.new_page()
    yield opened
    context.close()


@pytest.fixture(scope="session")
def built() -> None:
    """The browser build as the sources are now. Without Node these tests are skipped loudly, and fail in CI."""
    if (why := phone.node()) is None:
        phone.install()
        phone.build("h5")
        return
    message = f"the phone client was NOT tried: {why}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture
def context(browser: Browser, site: str, built: None) -> Iterator[BrowserContext]:
    """A phone that fails the test on an error in the page, in its console, or a request to anywhere else."""
    with _phone(browser, site) as opened:
        yield opened


@pytest.fixture
def second(browser: Browser, site: str, built: None) -> Iterator[BrowserContext]:
    """Another person's phone."""
    with _phone(browser, site) as opened:
        yield opened


@contextmanager
def _phone(browser: Browser, site: str) -> Iterator[BrowserContext]:
    small = {"width": 360, "height": 740}
    opened = browser.new_context(  # sliding pages would be drawn sixty times a second, by a processor that has no time
        base_url=site, viewport=small, locale="zh-CN", has_touch=True, reduced_motion="reduce"
    )
    wrong: list[str] = []
    opened.on("weberror", lambda error: wrong.append(f"error: {error.error}"))
    opened.on("console", lambda said: wrong.append(f"console: {said.text}") if _is_wrong(said) else None)
    opened.on("request", lambda asked: None if _is_ours(asked.url, site) else wrong.append(f"asked {asked.url}"))
    yield opened
    opened.close()
    assert wrong == []


def _is_wrong(said: Any) -> bool:
    """An answer of 4xx and a lost signal are told by the browser itself as errors; the app's own words are judged."""
    return said.type == "error" and "Failed to load resource" not in said.text


def _is_ours(url: str, site: str) -> bool:
    """The site itself, or the tile server that its operator named."""
    tiles = gateways.current().settings.map_tiles_url.partition("{")[0]
    return url.startswith((site, "blob:", "data:", *([tiles] if tiles else [])))


@pytest.fixture
def grove(api: Api, login: Callable[..., str]) -> Farm:
    return farm(api, login)
