"""The phone client in `miniapp_stub/`: install its locked packages, build it, check it, test it.

`python -m scripts.phone install | build | check | test`. Each installs what is missing and does nothing twice: a stamp
names what was installed and what was built from. `install` leaves Node itself to the others.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.environment import ROOT, apt_install, say

PHONE = ROOT / "miniapp_stub"
SHARED = ROOT / "schemas"
MODULES = PHONE / "node_modules"
OLDEST_NODE = (18, 20)
SOURCES = ("src", "config", "package.json", "package-lock.json", "babel.config.js")
TARGETS = ("h5", "weapp")
H5_LIMIT = 180 * 1024
PACKAGE_LIMIT = 1536 * 1024  # WeChat refuses 2 MB; the rest is for what an operator adds


class PhoneError(Exception):
    """The client could not be built or is not as it should be; the text says what to do."""


def node() -> str | None:
    """Why there is no Node to build with; None when there is one that is new enough."""
    if not (shutil.which("node") and shutil.which("npm")):
        return "node and npm are not installed"
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    return None if new_enough(said) else f"node {said.strip()} is older than {'.'.join(map(str, OLDEST_NODE))}"


def new_enough(said: str) -> bool:
    found = re.match(r"v(\d+)\.(\d+)", said)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_NODE


def pages() -> list[str]:
    """Every page of the client, as its app.config.ts lists them: `pages/home/index`, `farmer/farm/index`."""
    text = (PHONE / "src" / "app.config.ts").read_text("utf-8")
    found: list[str] = []
    for root, listed in re.findall(r"(?:root: '(\w+)',\s*)?pages: \[([^\]]*)\]", text):
        found += [f"{root}/{name}" if root else name for name in re.findall(r"'([\w/]+)'", listed)]
    return found


def fingerprint(paths: Iterable[Path]) -> str:
    """What these files and folders hold, by name and content."""
    digest = hashlib.sha256()
    files = (file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path]))
    for file in files:
        if file.is_file() and file.name != "schema.d.ts":
            digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def install() -> None:
    """The locked packages, once for each lock."""
    stamp, mark = MODULES / "longtrace.stamp", fingerprint([PHONE / "package-lock.json"])
    if stamp.exists() and stamp.read_text("utf-8") == mark:
        return
    say("installing the phone client's locked packages (npm ci; the first time takes a minute)")
    _npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(mark, "utf-8")


def build(target: str) -> bool:
    """Build for `h5` or `weapp` unless it is built from the same sources; returns whether anything was done."""
    stamp = PHONE / "dist" / f"{target}.stamp"
    mark = fingerprint([*(PHONE / name for name in SOURCES), SHARED / "vocab", SHARED / "openapi.json"])
    if stamp.exists() and stamp.read_text("utf-8") == mark and (PHONE / "dist" / target).is_dir():
        return False
    install()
    say(f"building the phone client for {target} (half a minute)")
    shutil.rmtree(PHONE / "dist" / target, ignore_errors=True)
    said = _npm("run", f"build:{target}", quiet=True, more={"NODE_ENV": "production"})
    if complaints := [line for line in said.splitlines() if "warning" in line.lower()]:
        raise PhoneError(f"the {target} build warns:\n" + "\n".join(complaints))
    if not any((PHONE / "dist" / target).glob("app*" if target == "weapp" else "index.html")):
        raise PhoneError(f"the {target} build made nothing:\n{said[-2000:]}")
    weigh(target)
    stamp.write_text(mark, "utf-8")
    return True


def weigh(target: str) -> dict[str, int]:
    """Bytes of what a phone loads first (h5, gzipped) or of each package (weapp). Raises PhoneError over the limit."""
    folder = PHONE / "dist" / target
    weights, limit = (_first_load(folder), H5_LIMIT) if target == "h5" else (_packages(folder), PACKAGE_LIMIT)
    say(f"{target}: " + ", ".join(f"{name} {size / 1024:.0f} KB" for name, size in weights.items()))
    if heavy := [name for name, size in weights.items() if size > limit]:
        raise PhoneError(f"the {target} build is too heavy: {', '.join(heavy)} over {limit // 1024} KB")
    return weights


def _first_load(folder: Path) -> dict[str, int]:
    """The page and all it names, which are the home and trace pages with all they need, as they are sent."""
    named = re.findall(r'(?:src|href)="/app/([^"]+)"', (folder / "index.html").read_text("utf-8"))
    return {"first load": sum((folder / f"{name}.gz").stat().st_size for name in ["index.html", *named])}


def _packages(folder: Path) -> dict[str, int]:
    """The main package and each sub-package, which WeChat loads and limits apart."""
    roots = [one["root"] for one in json.loads((folder / "app.json").read_text("utf-8")).get("subPackages", [])]
    weights = dict.fromkeys(["main", *roots], 0)
    for file in filter(Path.is_file, folder.rglob("*")):
        top = file.relative_to(folder).parts[0]
        weights[top if top in roots else "main"] += file.stat().st_size
    return weights


def types() -> None:
    """The API's types out of the published contract."""
    _npm("run", "types", quiet=True)


def _npm(*arguments: str, quiet: bool = False, more: dict[str, str] | None = None) -> str:
    """Run npm in the client's folder; returns what it said when `quiet`. Raises PhoneError."""
    environ = {name: value for name, value in os.environ.items() if name != "NODE_ENV"} | (more or {})
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} if quiet else {}
    done = subprocess.run(  # type: ignore[call-overload]
        ["npm", *arguments], cwd=PHONE, env=environ, text=True, check=False, **pipes
    )
    if done.returncode:
        raise PhoneError(f"npm {' '.join(arguments)} failed:\n{(done.stdout or '')[-4000:]}")
    return done.stdout or ""


def check() -> None:
    """Types of both targets against the contract as it is now."""
    install()
    types()
    _npm("run", "check", "--silent")


def test() -> None:
    """The client's own tests, and both builds with their sizes."""
    install()
    types()
    _npm("test", "--silent")
    with ThreadPoolExecutor() as both:
        list(both.map(build, TARGETS))
    _bare()


def _bare() -> None:
    """WeChat's files that check signatures, run without anything that WeChat lacks. Raises PhoneError."""
    done = subprocess.run(["node", "tests/bare.mjs"], cwd=PHONE, text=True, check=False, capture_output=True)
    if done.returncode:
        why = "\n".join(line[:400] for line in done.stderr.splitlines())  # a minified file is one line
        raise PhoneError(f"WeChat's build does not check signatures:\n{why}")


def ready() -> bool:
    """Node is there, or could be installed; says loudly when not."""
    if node() is None:
        return True
    apt_install("nodejs", "npm")
    if (why := node()) is None:
        return True
    say(f"the phone client is NOT built: {why}; install Node 20 and run the command again")
    return False


def built() -> Path | None:
    """Where the browser build lies, if there is one."""
    folder = PHONE / "dist" / "h5"
    return folder if (folder / "index.html").is_file() else None


def main(arguments: Sequence[str]) -> int:
    known = {"install": install, "build": lambda: build("h5"), "check": check, "test": test}
    chosen = known.get(arguments[0] if arguments else "")
    if chosen is None:
        print(f"usage: python -m scripts.phone {' | '.join(known)}", file=sys.stderr)
        return 2
    if chosen is install and node() is not None:
        return 0
    if not ready():
        return int(os.environ.get("CI", "").lower() in ("1", "true"))
    try:
        chosen()
    except (PhoneError, OSError) as failed:
        print(f"✗ {failed}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
