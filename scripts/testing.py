"""Bring the tools that the tests drive from outside Python, say what is missing, and run pytest.

What the tests reach is measured where somebody asks, for it doubles their time: `scripts/test -n 3 --cov --cov-branch
tests/unit tests/api`, which fails below the share that pyproject.toml names.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scripts import phone
from scripts.environment import ROOT, apt_install, say

# For two cores, and one more: some tests wait for a killed process or for a page.
SIDE_BY_SIDE = ["-n", "3", "--dist", "worksteal"]


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
    return subprocess.run([sys.executable, "-m", "pytest", *(given or SIDE_BY_SIDE)], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
