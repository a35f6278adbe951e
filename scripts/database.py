"""Which database to use, in the order of preference, and how to start the local ones.

`MONGODB_URI`, else a `mongod` on PATH (one-node replica set), else a `secantusd-rs` on PATH, else the embedded server.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pymongo
from pymongo.errors import PyMongoError

READY_SECONDS = 60
STOP_SECONDS = 15  # then SIGKILL: what was acknowledged is durable
EMBEDDED_OPTIONS = "directConnection=true&retryWrites=false&journal=true"


@dataclass
class RunningDatabase:
    """A database server this process started."""

    uri: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """SIGTERM, then SIGKILL after STOP_SECONDS."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()

    def kill(self) -> None:
        """At once, as a power cut would."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def choose(environ: Mapping[str, str], path: str | None = None) -> tuple[str, str]:
    """(kind, detail): `given` with the URI, `mongod` or `secantusd-rs` with the program, else `embedded` with nothing."""
    if uri := environ.get("MONGODB_URI"):
        return "given", uri
    for program in ("mongod", "secantusd-rs"):
        if found := shutil.which(program, path=path):
            return program, found
    return "embedded", ""


def _spawn(command: list[str], log: Path, *, quiet: bool = True) -> subprocess.Popen[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        return subprocess.Popen(
            command, stdout=sink, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=quiet
        )


def wait_until_ready(uri: str, process: subprocess.Popen[bytes] | None, log: Path | None) -> None:
    """Wait for a real `find`, not a ping: a stuck server still answers pings. Raises RuntimeError with the log's end."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process is not None and process.poll() is not None:
            break
        with contextlib.suppress(PyMongoError), _client(uri) as client:
            client.get_default_database("longtrace")["probe"].find_one({"_id": "probe"})
            return
        time.sleep(0.1)
    raise RuntimeError(f"the database did not answer at {uri.partition('?')[0]}\n{_tail(log)}")


def _client(uri: str) -> pymongo.MongoClient[dict[str, object]]:
    return pymongo.MongoClient(uri, serverSelectionTimeoutMS=1000, socketTimeoutMS=3000, connectTimeoutMS=1000)


def _tail(log: Path | None) -> str:
    return "" if log is None or not log.exists() else "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])


def start_embedded(directory: Path, port: int | None = None, *, durable: bool = True) -> RunningDatabase:
    """The embedded server on its own directory, as its own process. Not durable is for throw-away tests alone."""
    program = Path(sys.executable).with_name("secantusd-py")
    if not program.exists():
        raise RuntimeError("the embedded database is not installed (extra `embedded`); scripts/serve installs it")
    directory.mkdir(parents=True, exist_ok=True)
    chosen = port or free_port()
    config = directory / "server.conf"
    config.touch()
    command = [
        *(str(program), "--config", str(config), "--host", "127.0.0.1", "--port", str(chosen)),
        *("--storage-path", str(directory), "--cache-size", "4G" if durable else "1G"),
        *("--oplog-max-entries", "50000", "--oplog-retention-seconds", "86400", "--noop-heartbeat-seconds", "10"),
        *(["--sync-on-commit"] if durable else []),
    ]
    return _started(command, f"mongodb://127.0.0.1:{chosen}/longtrace?{EMBEDDED_OPTIONS}", directory)


def start_rust(program: str, directory: Path, port: int | None = None) -> RunningDatabase:
    """The same engine's Rust server, where somebody installed it."""
    directory.mkdir(parents=True, exist_ok=True)
    chosen = port or free_port()
    command = [program, "--host", "127.0.0.1", "--port", str(chosen), "--storage-path", str(directory)]
    return _started(command, f"mongodb://127.0.0.1:{chosen}/longtrace?{EMBEDDED_OPTIONS}", directory)


def start_mongod(program: str, directory: Path, port: int | None = None) -> RunningDatabase:
    """A one-node replica set: transactions need one."""
    directory.mkdir(parents=True, exist_ok=True)
    chosen = port or free_port()
    command = [
        *(program, "--replSet", "rs0", "--bind_ip", "127.0.0.1", "--port", str(chosen)),
        *("--dbpath", str(directory)),
    ]
    direct = f"mongodb://127.0.0.1:{chosen}/longtrace?directConnection=true"
    running = _started(command, direct, directory)
    members = [{"_id": 0, "host": f"127.0.0.1:{chosen}"}]
    with contextlib.suppress(PyMongoError), _client(direct) as client:  # already initiated on the second start
        client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
    running.uri = f"mongodb://127.0.0.1:{chosen}/longtrace?replicaSet=rs0"
    wait_until_ready(running.uri, running.process, directory / "server.log")
    return running


def _started(command: list[str], uri: str, directory: Path) -> RunningDatabase:
    log = directory / "server.log"
    running = RunningDatabase(uri, _spawn(command, log))
    try:
        wait_until_ready(uri, running.process, log)
    except RuntimeError:
        running.kill()
        raise
    return running


def start(directory: Path, environ: Mapping[str, str] | None = None) -> tuple[str, str, RunningDatabase | None]:
    """(what was chosen, URI, the server if this process started it)."""
    kind, detail = choose(os.environ if environ is None else environ)
    if kind == "given":
        wait_until_ready(detail, None, None)
        return kind, detail, None
    if kind == "mongod":
        running = start_mongod(detail, directory / "mongod")
    elif kind == "secantusd-rs":
        running = start_rust(detail, directory / "secantus")
    else:
        running = start_embedded(directory / "db")
    return kind, running.uri, running
