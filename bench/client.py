"""The load client: kept-alive connections, one request in flight on each, in a process of its own.

Raw sockets and epoll, because a client of a library would be the slowest part. `python -m bench.client JOB.json` runs a
`Job` and prints a `Load`.
"""

import json
import re
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
STUCK_SECONDS = 60
KEPT_TIMES = 2000


@dataclass(frozen=True)
class Job:
    """What to send. Each connection sends its own list: again and again for `seconds`, or once when that is 0."""

    port: int
    connections: Sequence[Sequence[str]]  # raw requests; the wire's bytes as latin-1 text
    seconds: float = 0


@dataclass
class Load:
    """What came back."""

    requests: int = 0
    seconds: float = 0
    statuses: dict[str, int] = field(default_factory=dict)
    body_bytes: int = 0
    p50_ms: float = 0
    p99_ms: float = 0
    times_ms: list[float] = field(default_factory=list)  # of short jobs alone

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def request(method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> str:
    """A raw HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: bench.test", *(f"{k}: {v}" for k, v in (headers or {}).items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode().decode("latin-1") + body.decode("latin-1")


def run(job: Job) -> Load:
    """Run a job in its own process, so that this one's threads and memory do not disturb it."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(asdict(job), file)
        file.flush()
        command = [sys.executable, "-m", "bench.client", file.name]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"the load client failed:\n{done.stderr[-2000:]}")
    return Load(**json.loads(done.stdout))


class Connection:
    """One socket and the answer that is arriving on it."""

    def __init__(self, port: int, requests: Sequence[str]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), STUCK_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = [one.encode("latin-1") for one in requests]
        self.next, self.sent_at, self.got, self.wanted = 0, 0.0, b"", 0

    def send(self) -> None:
        self.got, self.wanted = b"", 0
        self.sent_at = time.perf_counter()
        self.socket.sendall(self.requests[self.next])
        self.next = (self.next + 1) % len(self.requests)

    def receive(self) -> tuple[bytes, int] | None:
        """(status, body length) once the answer is whole."""
        data = self.socket.recv(262_144)
        if not data:
            raise RuntimeError(f"the server closed the connection after {self.got[:200]!r}")
        self.got = self.got + data if self.got else data
        if not self.wanted:
            end = self.got.find(b"\r\n\r\n")
            if end < 0:
                return None
            length = LENGTH.search(self.got, 0, end)
            if length is None:
                raise RuntimeError(f"an answer without Content-Length: {self.got[:end]!r}")
            self.wanted = end + 4 + int(length[1])
            self.head = end + 4
        if len(self.got) < self.wanted:
            return None
        return self.got[9:12], self.wanted - self.head


def drive(job: Job) -> Load:
    """Send and receive until time is up (or the lists are) and the last answers are in."""
    open_connections = {one.socket.fileno(): one for one in (Connection(job.port, each) for each in job.connections)}
    poll = select.epoll()
    statuses: Counter[bytes] = Counter()
    times: list[float] = []
    load = Load()
    for number in open_connections:
        poll.register(number, select.EPOLLIN)
    began = time.perf_counter()
    until = began + job.seconds
    for one in open_connections.values():
        one.send()
    while open_connections:
        events = poll.poll(STUCK_SECONDS)
        if not events:
            raise RuntimeError(f"no answer for {STUCK_SECONDS} s")
        for number, _ in events:
            one = open_connections[number]
            answer = one.receive()
            if answer is None:
                continue
            now = time.perf_counter()
            statuses[answer[0]] += 1
            load.body_bytes += answer[1]
            times.append(now - one.sent_at)
            if now < until or (not job.seconds and one.next):
                one.send()
            else:
                poll.unregister(number)
                del open_connections[number]
    load.seconds = time.perf_counter() - began
    return _summed(load, statuses, times)


def _summed(load: Load, statuses: Counter[bytes], times: list[float]) -> Load:
    times.sort()
    load.requests = len(times)
    load.statuses = {code.decode(): count for code, count in statuses.items()}
    load.p50_ms, load.p99_ms = (1000 * times[int(len(times) * part)] for part in (0.5, 0.99))
    load.times_ms = [round(1000 * one, 3) for one in times] if len(times) <= KEPT_TIMES else []
    return load


if __name__ == "__main__":
    job = Job(**json.loads(Path(sys.argv[1]).read_text("utf-8")))
    json.dump(asdict(drive(job)), sys.stdout)
