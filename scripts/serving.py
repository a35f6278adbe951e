"""Start everything on this machine and watch it: database, WeChat sandbox, worker, web. Called by `scripts/serve`."""

import argparse
import fcntl
import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import segno

from scripts import database, first_run, witness
from scripts.environment import ROOT, say
from scripts.processes import Child, Household, StartError, refuse_taken, rotate, sweep

READY_SECONDS = 90
WITNESS_SECONDS = "60"
KINDS = {
    "given": "the MongoDB that MONGODB_URI names",
    "mongod": "the mongod on PATH, as a one-node replica set with its data in {var}/mongod",
    "secantusd-rs": "the secantusd-rs on PATH, with its data in {var}/secantus",
    "embedded": "the embedded MongoDB-compatible server, with its data in {var}/db (no MONGODB_URI, no mongod on PATH)",
}


class AskedToStop(BaseException):
    """Ctrl-C or SIGTERM."""


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/serve", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="of the web server (default 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine alone)")
    demo = parser.add_mutually_exclusive_group()
    demo.add_argument("--demo", action="store_true", help="fill in the demo even into the database of MONGODB_URI")
    demo.add_argument("--no-demo", action="store_true", help="do not fill in the demo on the first run")
    chosen = parser.parse_args(arguments)
    if not 1 <= chosen.port <= 65535:
        parser.error("--port must be between 1 and 65535")
    return chosen


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = parse(arguments)
    var = Path(os.environ.get("LONGTRACE_VAR") or ROOT / "var").resolve()
    var.mkdir(parents=True, exist_ok=True)
    _heed_signals()
    try:
        with only_one(var):
            return _serve(chosen, var)
    except AskedToStop:
        return 0
    except (StartError, RuntimeError, OSError) as failed:
        print(f"✗ {failed}", file=sys.stderr, flush=True)
        return 1


def _serve(chosen: argparse.Namespace, var: Path) -> int:
    if left := sweep(var / "serve.json"):
        say(f"stopped what an earlier run had left behind: {', '.join(left)}")
    refuse_taken(chosen.host, chosen.port)
    household = Household(var / "log", var / "serve.json")
    try:
        environ = _start_all(household, chosen, var)
        _greet(environ["PUBLIC_BASE_URL"], own_url(chosen), var)
        while True:
            household.raise_for_dead()
            time.sleep(0.5)
    except AskedToStop:
        say("stopping")
        return 0
    finally:
        _ignore_signals()
        for name in household.stop():
            say(f"{name} did not stop by itself and was killed")
        say("all stopped")


def _start_all(household: Household, chosen: argparse.Namespace, var: Path) -> dict[str, str]:
    """Start every part in order, each when the one below answers; returns the environment of the app."""
    environ = _environ(chosen, var)
    environ["MONGODB_URI"], kind = _start_database(household, var)
    python = sys.executable
    environ |= _start_sandbox(household, environ)
    say("ensuring indexes and running migrations")
    household.run("migrations", [python, "-m", "backend.migrations"], environ)
    if wants_demo(chosen, kind, (var / "demo.json").exists()):
        say("first run: filling in the demo (about a minute)")
        household.run("seed_demo", [python, "-m", "scripts.seed_demo"], environ)
    say("starting the worker")
    household.start("worker", [python, "-m", "backend.worker"], environ)
    workers = environ.get("WEB_WORKERS", "2")
    say(f"starting the web server: {workers} workers on {own_url(chosen)}")
    household.start("web", web_command(chosen.host, chosen.port, workers, environ.get("WEB_THREADS", "4")), environ)
    _wait_ready(household, f"{own_url(chosen)}/readyz")
    _start_witness(household, own_url(chosen), var / "witness", environ)
    return environ


def _start_witness(household: Household, url: str, home: Path, environ: Mapping[str, str]) -> None:
    """The demonstration's county, which looks at the register from outside; only where the demonstration laid one."""
    if (home / "keys.json").exists():
        say("starting the demonstration's witness")
        kept = ["--home", str(home), "--keys", str(home / "keys.json"), "--every", WITNESS_SECONDS]
        command = [sys.executable, "-m", "scripts.witness", "--url", url, "--name", witness.DEMO, *kept]
        household.start("witness", command, environ)


def _environ(chosen: argparse.Namespace, var: Path) -> dict[str, str]:
    """The app's environment: what the caller set wins, then what this machine keeps in `var`."""
    kept = {"LONGTRACE_VAR": str(var), "KEYS_DIR": str(var / "keys")}
    environ = {"PUBLIC_BASE_URL": own_url(chosen), **kept} | dict(os.environ)
    if not all(environ.get(name) for name in ("JWT_KEYS", "HASH_SECRET", "LINK_SECRET")):
        file = Path(environ.setdefault("SECRETS_FILE", str(var / "secrets.json")))
        if first_run.ensure_secrets(file):
            say(f"made development secrets in {file} (readable by you alone)")
    return environ


def _start_database(household: Household, var: Path) -> tuple[str, str]:
    """(URI, kind) of the database, which answers when this returns."""
    kind, _ = database.choose(os.environ)
    say(f"database: {KINDS[kind].format(var=var)}")
    log = household.log_of("database")
    log_start = rotate(log)
    _, uri, running = database.start(var, log=log)
    if running:
        household.adopt(Child("database", running.process, log, log_start))
    return uri, kind


def _start_sandbox(household: Household, environ: Mapping[str, str]) -> dict[str, str]:
    """The settings that point the app at the WeChat sandbox, which is started only without real credentials."""
    if needs_sandbox(environ):
        port = database.free_port()
        say(f"WeChat: the loopback sandbox on port {port} (set WECHAT_APPID and WECHAT_SECRET for the real one)")
        command = [sys.executable, "-m", "backend.gateways.wechat.sandbox", "--port", str(port)]
        child = household.start("sandbox", command, environ)
        _wait_port(child, port)
        return {"WECHAT_BASE_URL": f"http://127.0.0.1:{port}"}
    say("WeChat: the real one, as WECHAT_APPID says")
    return {}


def needs_sandbox(environ: Mapping[str, str]) -> bool:
    """No credentials and no address of another stand-in; one credential alone is a mistake worth stopping for."""
    named = [bool(environ.get(name)) for name in ("WECHAT_APPID", "WECHAT_SECRET")]
    if any(named) and not all(named):
        raise StartError("set both WECHAT_APPID and WECHAT_SECRET, or neither for the sandbox")
    return not all(named) and not environ.get("WECHAT_BASE_URL")


def wants_demo(chosen: argparse.Namespace, kind: str, seeded: bool) -> bool:
    """On the first run, but never by itself into somebody's own MongoDB."""
    if chosen.no_demo or seeded:
        return False
    return bool(chosen.demo) or kind != "given"


def web_command(host: str, port: int, workers: str, threads: str) -> list[str]:
    """Granian in WSGI mode. The backlog holds a rush of scans; threads bound how many wait on the database at once."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", workers, "--blocking-threads", threads, "--backlog", "2048", "--no-ws"),
        *("--workers-kill-timeout", "10", "--respawn-failed-workers", "wsgi:app"),
    ]


def _wait_port(child: Child, port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and child.process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise StartError(f"{child.name} did not answer; {child.last_words()}")


def _wait_ready(household: Household, url: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    answer = "nothing"
    while time.monotonic() < deadline:
        household.raise_for_dead()
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own loopback URL
                return
        except urllib.error.HTTPError as error:
            answer = error.read(500).decode("utf-8", "replace")
        except OSError as error:
            answer = str(error)
        time.sleep(0.3)
    raise StartError(f"{url} is not ready after {READY_SECONDS} s, it says: {answer}")


def own_url(chosen: argparse.Namespace) -> str:
    host = "127.0.0.1" if chosen.host in ("0.0.0.0", "::") else chosen.host  # noqa: S104 - compared, not bound
    return f"http://{host}:{chosen.port}"


def _greet(public: str, own: str, var: Path) -> None:
    print(f"\n  LongTrace 陇溯 is ready\n\n  home      {own}/\n  API docs  {own}/api/docs", flush=True)
    trace = first_trace(var / "demo.json")
    if trace:
        print(f"  a trace   {public}/t/{trace['code']}   {trace.get('product', '')}")
        print(f"  accounts  {var / 'demo.json'}\n")
        if "utf" in (sys.stdout.encoding or "").lower():
            segno.make(f"{public}/t/{trace['code']}", error="m").terminal(compact=True)
    print(f"  logs      {var / 'log'}\n  stop      Ctrl-C\n", flush=True)


def first_trace(demo: Path) -> dict[str, Any] | None:
    """The first valid trace of the demo, if there is one."""
    traces = json.loads(demo.read_text("utf-8")).get("traces", []) if demo.exists() else []
    return next((trace for trace in traces if trace.get("state") == "valid"), traces[0] if traces else None)


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Two servers on one data directory would ruin it; the kernel lets go of the lock whatever happens to us."""
    with (var / "serve.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StartError(f"another scripts/serve is already running on {var}") from error
        yield


def _heed_signals() -> None:
    def asked(_number: int, _frame: FrameType | None) -> NoReturn:
        _ignore_signals()
        raise AskedToStop

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, asked)


def _ignore_signals() -> None:
    """Stopping is under way: a second Ctrl-C must not leave a half-stopped house."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
