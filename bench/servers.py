"""The servers under measurement: granian as in production, uvicorn and Node for the peers."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import machine
from scripts.database import free_port
from scripts.environment import ROOT
from scripts.serving import web_command

READY_SECONDS = 60
THREADS = "4"  # of a worker, as scripts/serve starts it
WARM_SECONDS = 0.2  # between listening and answering


@dataclass
class Server:
    """One running server and the processes that belong to it."""

    name: str
    process: subprocess.Popen[bytes]
    port: int

    def cpu_seconds(self) -> float:
        return machine.cpu_seconds(machine.tree(self.process.pid))

    def get(self, path: str, **headers: str) -> tuple[bytes, Mapping[str, str]]:
        """(body, headers) of one GET, outside of any measurement."""
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - our own loopback server
            return answer.read(), answer.headers

    def counts(self) -> dict[str, Any]:
        """Database commands and bytes since the last call; only on a server started to count."""
        counted: dict[str, Any] = json.loads(self.get("/__bench/counts")[0])
        return counted

    def stop(self) -> None:
        """At once: nothing it holds is wanted, and a measurement should not wait for good manners."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Servers:
    """All servers of a run, on one environment; stopped together."""

    def __init__(self, environ: Mapping[str, str], logs: Path) -> None:
        self.environ, self.logs = dict(environ), logs
        self.running: list[Server] = []

    def granian(self, name: str, target: str = "wsgi:app", *, workers: int = 1, **extra: str) -> Server:
        """A WSGI application exactly as scripts/serve starts ours, but with one worker unless told otherwise."""
        port = free_port()
        command = [*web_command("127.0.0.1", port, str(workers), THREADS)[:-1], target]
        return self.start(name, command, port, extra)

    def counting(self, name: str, target: str = "wsgi:app", **extra: str) -> Server:
        """The same application with a listener on its database driver. It is slower, so it is never timed."""
        return self.granian(f"{name} (counting)", "bench.apps.counted:app", BENCH_COUNTED=target, **extra)

    def uvicorn(self, name: str, target: str, **extra: str) -> Server:
        port = free_port()
        options = ["--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "warning"]
        return self.start(name, [sys.executable, "-m", "uvicorn", *options, target], port, extra)

    def node(self, name: str, script: Path, **extra: str) -> Server:
        return self.start(name, ["node", str(script)], free_port(), {"NODE_ENV": "production", **extra})

    def start(self, name: str, command: Sequence[str], port: int, extra: Mapping[str, str]) -> Server:
        log = self.logs / f"{len(self.running):02}.log"
        with log.open("wb") as sink:
            process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=self.environ | {"PORT": str(port)} | dict(extra),
                cwd=ROOT,
                start_new_session=True,
            )
        server = Server(name, process, port)
        self.running.append(server)
        _wait(server, log)
        return server

    def stop(self, *servers: Server) -> None:
        """These, or all."""
        for server in reversed(servers or tuple(self.running)):
            server.stop()
            self.running.remove(server)


def _wait(server: Server, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", server.port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            time.sleep(WARM_SECONDS)
            return
    said = log.read_text("utf-8", "replace")[-2000:]
    raise RuntimeError(f"{server.name} did not start:\n{said}")
