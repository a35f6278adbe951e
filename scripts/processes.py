"""The processes that `scripts/serve` starts: watched, stopped in order, and swept up after a crash."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.environment import ROOT

STOP_SECONDS = 15
TAIL_LINES = 25
ROTATE_BYTES = 20 * 1024 * 1024


class StartError(Exception):
    """A process could not be started or died; the text says which and its last words."""


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    log_start: int = 0  # where this run's words begin in the log

    def last_words(self) -> str:
        """`last lines of var/log/web.log: …`, of this run alone."""
        said = self.log.read_bytes()[self.log_start :].decode("utf-8", "replace") if self.log.exists() else ""
        lines = "\n".join("    " + line for line in said.splitlines()[-TAIL_LINES:])
        return f"last lines of {self.log}:\n{lines or '    (it said nothing)'}"


def rotate(log: Path) -> int:
    """Where the next words will begin. One old file is kept; a log is never cut while it is written."""
    if log.exists() and log.stat().st_size > ROTATE_BYTES:
        log.replace(log.with_suffix(".old.log"))
    return log.stat().st_size if log.exists() else 0


class Household:
    """Children in the order they were started; they are stopped in the opposite order."""

    def __init__(self, logs: Path, ledger: Path) -> None:
        self.children: list[Child] = []
        self._logs = logs
        self._ledger = ledger
        logs.mkdir(parents=True, exist_ok=True)

    def log_of(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def start(self, name: str, command: Sequence[str], environ: Mapping[str, str]) -> Child:
        """Start a process in its own session: Ctrl-C reaches only the one that stops them in order."""
        log = self.log_of(name)
        start = rotate(log)
        with log.open("ab") as sink:
            process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=dict(environ),
                cwd=ROOT,
                start_new_session=True,
            )
        return self.adopt(Child(name, process, log, start))

    def adopt(self, child: Child) -> Child:
        self.children.append(child)
        self._write_ledger()
        return child

    def run(self, name: str, command: Sequence[str], environ: Mapping[str, str]) -> None:
        """Run a command to its end; raises StartError with its last words."""
        child = self.start(name, command, environ)
        status = child.process.wait()
        self.children.remove(child)
        if status:
            raise StartError(f"{name} failed (exit {status}); {child.last_words()}")

    def raise_for_dead(self) -> None:
        for child in self.children:
            if (status := child.process.poll()) is not None:
                raise StartError(f"{child.name} died (exit {status}); {child.last_words()}")

    def stop(self) -> list[str]:
        """Stop all, the last started first; returns the names of those that had to be killed."""
        killed = [child.name for child in reversed(self.children) if not stop_process(child.process)]
        self.children.clear()
        self._ledger.unlink(missing_ok=True)
        return killed

    def _write_ledger(self) -> None:
        rows = [{"name": child.name, "pid": child.process.pid} | _birth(child.process.pid) for child in self.children]
        fresh = self._ledger.with_suffix(".new")
        fresh.write_text(json.dumps(rows), "utf-8")
        fresh.rename(self._ledger)


def stop_process(process: subprocess.Popen[bytes], seconds: float = STOP_SECONDS) -> bool:
    """SIGTERM, then SIGKILL to the whole session after `seconds`; returns whether it went by itself."""
    if process.poll() is not None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its own children, when it died without them
        return True
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False
    return True


def refuse_taken(host: str, port: int) -> None:
    """Granian shares a port silently: ask before it does."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = error.strerror or str(error)
            raise StartError(f"port {port} cannot be used ({why}): choose another with --port N") from error


def _birth(pid: int) -> dict[str, str]:
    """When the process began, by the kernel's count: a pid alone may belong to a stranger by tomorrow."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return {}
    return {} if fields[0] == "Z" else {"born": fields[19]}


def sweep(ledger: Path) -> list[str]:
    """Stop what a killed `scripts/serve` left behind; returns the names. Only processes it can recognise."""
    rows = json.loads(ledger.read_text("utf-8")) if ledger.exists() else []
    left = [row for row in reversed(rows) if row.get("born") and _birth(row["pid"]) == {"born": row["born"]}]
    for row in left:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(row["pid"], signal.SIGTERM)
        _wait_gone(row)
    ledger.unlink(missing_ok=True)
    return [row["name"] for row in left]


def _wait_gone(row: Mapping[str, str | int]) -> None:
    pid = int(row["pid"])
    deadline = time.monotonic() + STOP_SECONDS
    while _birth(pid) == {"born": row["born"]}:
        if time.monotonic() > deadline:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            return
        time.sleep(0.1)
