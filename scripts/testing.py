"""Bring the tools that the tests drive from outside Python, say what is missing, and run pytest."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scripts import phone
from scripts.environment import ROOT, apt_install, say

MEASURED, UNMEASURED = ("tests/unit", "tests/api"), ("tests/journeys", "tests/contract", "tests/e2e")
# Three browsers on two cores: what waited in vain for a page is tried once more, and named as RERUN in the summary.
WAITED = r"^(Error|TimeoutError): (Locator|Page|Frame|BrowserContext|JSHandle)\b|^AssertionError: Locator expected"
SECOND_TRY = ["--reruns", "1", "--only-rerun", WAITED]
WORKERS = "3"  # two cores, and one more: some tests wait for a killed process or for a page


@dataclass(frozen=True)
class Tool:
    """Something outside Python: `found` looks for it, `package` is Debian's, `without` says what is then skipped."""

    name: str
    package: str
    without: str
    found: Callable[[], bool]
    required_in_ci: bool = True


def _on_path(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


SHELL = "chromium-headless-shell"  # Chromium without windows: it opens a page in a third of the time
TOOLS = (
    Tool(SHELL, SHELL, "nothing, but the tests in a browser take a third longer", _on_path(SHELL), False),
    Tool(
        "chromium",
        "chromium",
        "the tests that drive the pages in a browser",
        _on_path(SHELL, "chromium", "google-chrome"),
    ),
    Tool("node", "nodejs", "the tests that run with Node", _on_path("node", "nodejs")),
    Tool("npm", "npm", "the phone client", _on_path("npm")),
    Tool("a Chinese font", "fonts-noto-cjk", "Chinese text in screenshots (boxes instead)", _chinese_font, False),
)


def missing(tools: Sequence[Tool], install: Callable[[str], bool] = apt_install) -> list[Tool]:
    """The tools that are not there and could not be installed."""
    return [tool for tool in tools if not tool.found() and not (install(tool.package) and tool.found())]


def refuses(absent: Sequence[Tool], environ: Mapping[str, str]) -> bool:
    """A skipped test would let a broken page pass unseen where nobody reads the words: in CI it is a failure."""
    return environ.get("CI", "").lower() in ("1", "true") and any(tool.required_in_ci for tool in absent)


def runs(given: Sequence[str]) -> list[list[str]]:
    """What pytest is called with: all tests in two runs, unless the caller chose. The first is measured, and reaches
    enough branches by itself: tracing makes a test three quarters slower, and what walks all doors, invents requests or
    drives a browser reaches little that the others do not."""
    if given:
        return [list(given)]
    side_by_side = ["-n", WORKERS, "--dist", "worksteal"]
    measured = ["--cov", "--cov-branch", "--cov-report", "term-missing:skip-covered"]
    return [[*side_by_side, *measured, *MEASURED], [*side_by_side, *SECOND_TRY, *UNMEASURED]]


def main(given: Sequence[str]) -> int:
    absent = missing(TOOLS)
    for tool in absent:
        say(f"SKIPPED for want of {tool.name}: {tool.without} (apt-get install {tool.package})")
    if refuses(absent, os.environ):
        print("✗ in CI nothing may be skipped for want of a tool", file=sys.stderr)
        return 1
    if not given and (phone_failed := phone.main(["test"])):
        return phone_failed
    sys.stdout.flush()
    pytest = [sys.executable, "-m", "pytest"]
    return max(subprocess.run([*pytest, *one], cwd=ROOT, check=False).returncode for one in runs(given))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
