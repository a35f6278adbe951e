"""From opening a link to reading its verdict, in a throttled Chromium, and Lighthouse. Called by `bench/phone`.

The throttle is what Chrome's developer tools call Slow 4G (1.44 Mbit/s down, 562.5 ms before the head of every answer)
with a processor four times slower. Readable is the first frame in which the verdict stands on the page.
"""

import argparse
import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from backend.base import store
from bench import ground, report
from bench.servers import Server, Servers
from scripts import phone
from scripts.database import start_embedded
from scripts.environment import ROOT, say

LIGHTHOUSE = ROOT / "bench" / "lighthouse"
VERDICT = "合格证有效"
SLOW_4G = {"offline": False, "latency": 562.5, "downloadThroughput": 188_743, "uploadThroughput": 86_400}
SLOWER = 4
PATIENCE_MS = 60_000
READABLE = f"""window.readable = new Promise(done => {{
  const look = () => [...document.querySelectorAll('h1, h2')].some(e => e.textContent.includes('{VERDICT}'))
    ? requestAnimationFrame(() => done(performance.now())) : requestAnimationFrame(look)
  requestAnimationFrame(look) }})"""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CATEGORIES = ("performance", "accessibility", "best-practices")
BEGIN, END = "<!-- phone: written by bench/phone --write -->", "<!-- end of phone -->"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench/phone", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--write", action="store_true", help="put the table into bench/RESULTS.md")
    chosen = parser.parse_args(arguments)
    phone.install()
    phone.build("h5")
    with tempfile.TemporaryDirectory(prefix="longtrace-phone-") as scratch:
        database = start_embedded(Path(scratch) / "db")
        environ = ground.environment(database.uri)
        servers = Servers(report.clean_environ() | environ | {"LONGTRACE_VAR": scratch}, Path(scratch))
        try:
            codes = ground.traces(ground.farms(ground.connect(environ), 1)[0], 2 * chosen.rounds)
            heading = servers.granian("one heading", "bench.apps.heading:app")
            text = _measured(servers.granian("LongTrace"), heading, codes, chosen.rounds)
        finally:
            servers.stop()
            store.close()
            database.stop()
    print(f"\n{text}\n")
    if chosen.write:
        report.between(BEGIN, END, text)
    return 0


def _measured(server: Server, heading: Server, codes: Sequence[str], rounds: int) -> str:
    """Every round visits all four, so that a noisy minute hits all alike."""
    base, least = (f"http://127.0.0.1:{one.port}" for one in (server, heading))
    times: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}")
            for name, taken in _round(browser, base, least, codes[2 * number : 2 * number + 2]):
                times.setdefault(name, []).append(taken)
        browser.close()
    lines = ["| Slow 4G, 4× slower processor | readable after, median (min–max) | goal |", "|---|---|---|"]
    lines += [_line(name, values) for name, values in times.items()]
    return "\n".join([*lines, "", *_lighthouse(base, codes[0])])


GOALS = {
    "a page of one heading": None,
    "server's page": 1000,
    "phone client, first visit": 2500,
    "phone client, again": 1000,
}


def _round(browser: Browser, base: str, least: str, codes: Sequence[str]) -> list[tuple[str, float]]:
    one, other = codes
    floor = _visit(browser.new_context(**_phone()), f"{least}/")
    page = _visit(browser.new_context(**_phone()), f"{base}/t/{one}")
    fresh = browser.new_context(**_phone())
    first = _visit(fresh, f"{base}/app/?code={one}")
    _shell_kept(fresh, base)
    again = _visit(fresh, f"{base}/app/?code={other}")
    for context in [*browser.contexts]:
        context.close()
    return list(zip(GOALS, (floor, page, first, again), strict=True))


def _phone() -> dict[str, Any]:
    return {"viewport": {"width": 360, "height": 740}, "locale": "zh-CN", "is_mobile": True, "has_touch": True}


def _visit(context: BrowserContext, url: str) -> float:
    """Milliseconds from the start of the navigation until the verdict can be read."""
    page = context.new_page()
    page.add_init_script(READABLE)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url, wait_until="commit", timeout=PATIENCE_MS)
    # not by Playwright's own waiting: its script would be read by the slowed processor beside the page
    asked = {"expression": "window.readable", "awaitPromise": True, "timeout": PATIENCE_MS}
    taken = session.send("Runtime.evaluate", asked)["result"]["value"]
    page.close()
    return float(taken)


def _shell_kept(context: BrowserContext, base: str) -> None:
    """Wait until the service worker keeps the client's files, as it does while a person reads."""
    page: Page = context.new_page()
    page.goto(f"{base}/app/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.close()


def _line(name: str, values: Sequence[float]) -> str:
    middle, goal = median(values), GOALS[name]
    spread = f"{middle / 1000:.2f} s ({min(values) / 1000:.2f}–{max(values) / 1000:.2f})"
    wanted = f"≤ {goal / 1000:.1f} s: {'met' if middle <= goal else 'NOT met'}" if goal else "what the machine needs"
    return f"| {name} | {spread} | {wanted} |"


def _lighthouse(base: str, code: str) -> list[str]:
    """Its mobile scores of both pages, median of three runs each; a line that says why when it could not run."""
    if not (
        shutil.which("npm") and _run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"])
    ):
        return ["Lighthouse could not be installed and was not run."]
    version = json.loads((LIGHTHOUSE / "package.json").read_text("utf-8"))["dependencies"]["lighthouse"]
    head = [f"| Lighthouse {version}, mobile | {' | '.join(CATEGORIES)} |", "|---|---|---|---|"]
    pages = {"server's page": f"{base}/t/{code}", "phone client": f"{base}/app/?code={code}"}
    return head + [_scored(name, url) for name, url in pages.items()]


def _scored(name: str, url: str) -> str:
    runs = [_scores(url) for _ in range(3)]
    return f"| {name} | " + " | ".join(f"{median(run[kind] for run in runs):.0f}" for kind in CATEGORIES) + " |"


def _scores(url: str, tries: int = 3) -> dict[str, float]:
    """One run's scores. Lighthouse now and then misses where the navigation begins and asks to be run again."""
    say(f"Lighthouse: {url}")
    with tempfile.NamedTemporaryFile(suffix=".json") as told:
        options = [
            f"--only-categories={','.join(CATEGORIES)}",
            "--output=json",
            f"--output-path={told.name}",
            "--quiet",
        ]
        flags = f"--chrome-flags=--headless=new {' '.join(FLAGS)}"
        done = subprocess.run(
            ["node_modules/.bin/lighthouse", url, *options, flags],
            cwd=LIGHTHOUSE,
            check=tries == 1,
            env=report.clean_environ() | {"CHROME_PATH": _chromium()},
        )
        if done.returncode:
            return _scores(url, tries - 1)
        categories = json.loads(Path(told.name).read_text("utf-8"))["categories"]
    return {kind: 100 * categories[kind]["score"] for kind in CATEGORIES}


def _run(command: Sequence[str]) -> bool:
    return subprocess.run(command, cwd=LIGHTHOUSE, check=False).returncode == 0


def _chromium() -> str:
    found = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
    if not found:
        raise SystemExit("no Chromium on this machine: apt-get install chromium fonts-noto-cjk")
    return found


if __name__ == "__main__":
    raise SystemExit(main())
