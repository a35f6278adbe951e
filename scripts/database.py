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
from pymongo.errors import OperationFailure, PyMongoError

READY_SECONDS = 60
STOP_SECONDS = 15  # then SIGKILL: what was acknowledged is durable
EMBEDDED_OPTIONS = "directConnection=true&retryWrites=false&journal=true"


@dataclass
class RunningDatabase:
    """A database server this process started; without a process it is somebody else's and is left running."""

    uri: str
    process: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        """SIGTERM, then SIGKILL after STOP_SECONDS."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()

    def kill(self) -> None:
        """At once, as a power cut would."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def choose(environ: Mapping[str, str], path: str | None = None) -> tuple[str, str]:
    """(kind, detail): `given` and the URI, `mongod` or `secantusd-rs` and the program, else `embedded` and nothing."""
    if uri := environ.get("MONGODB_URI"):
        return "given", uri
    for program in ("mongod", "secantusd-rs"):
        if found := shutil.which(program, path=path):
            return program, found
    return "embedded", ""


def _spawn(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    """In its own session: Ctrl-C in the terminal must not reach it before those who write to it have stopped."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        return subprocess.Popen(
            command, stdout=sink, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True
        )


def wait_until_ready(uri: str, process: subprocess.Popen[bytes] | None, log: Path | None) -> None:
    """Wait for a `find`, not a ping: a stuck server still answers pings. Raises RuntimeError with the log's end."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process is not None and process.poll() is not None:
            break
        with contextlib.suppress(PyMongoError), _client(uri) as client:
            client.get_default_database("longtrace")["probe"].find_one({"_id": "probe"})
            return
        time.sleep(0.1)
    place = uri.partition("?")[0].rpartition("@")[2].removeprefix("mongodb://")  # without a password
    raise RuntimeError(f"the database did not answer at {place}\n{_tail(log)}")


def _client(uri: str) -> pymongo.MongoClient[dict[str, object]]:
    return pymongo.MongoClient(uri, serverSelectionTimeoutMS=1000, socketTimeoutMS=3000, connectTimeoutMS=1000)


def _tail(log: Path | None) -> str:
    return "" if log is None or not log.exists() else "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])


def start_embedded(
    directory: Path, port: int | None = None, *, durable: bool = True, log: Path | None = None
) -> RunningDatabase:
    """The embedded server on its own directory, as its own process. Not durable is for throw-away tests alone."""
    program = Path(sys.executable).with_name("secantusd-py")
    if not program.exists():
        raise RuntimeError("the embedded database is not installed (extra `embedded`); scripts/serve installs it")
    directory.mkdir(parents=True, exist_ok=True)
    chosen = port or free_port()
    config = directory / "server.conf"  # named, so that no other configuration on the machine is found instead
    config.touch()
    command = [
        *(str(program), "--config", str(config), "--host", "127.0.0.1", "--port", str(chosen)),
        *("--storage-path", str(directory), "--cache-size", "4G" if durable else "1G"),
        *("--oplog-max-entries", "50000", "--oplog-retention-seconds", "86400", "--noop-heartbeat-seconds", "10"),
        *(["--sync-on-commit"] if durable else []),
    ]
    return _started(command, _local_uri(chosen), log or directory / "server.log")


def start_rust(program: str, directory: Path, port: int | None = None, *, log: Path | None = None) -> RunningDatabase:
    """The same engine's Rust server, where somebody installed it."""
    directory.mkdir(parents=True, exist_ok=True)
    chosen = port or free_port()
    command = [program, "--host", "127.0.0.1", "--port", str(chosen), "--storage-path", str(directory)]
    return _started(command, _local_uri(chosen), log or directory / "server.log")


def start_mongod(program: str, directory: Path, port: int | None = None, *, log: Path | None = None) -> RunningDatabase:
    """A one-node replica set, because transactions need one. Its port is kept, the set's configuration names it."""
    directory.mkdir(parents=True, exist_ok=True)
    chosen = port or _kept_port(directory / "port.txt")
    sink = log or directory / "server.log"
    command = [program, "--replSet", "rs0", "--bind_ip", "127.0.0.1", "--port", str(chosen), "--dbpath", str(directory)]
    uri = f"mongodb://127.0.0.1:{chosen}/longtrace?replicaSet=rs0"
    running = RunningDatabase(uri, _spawn(command, sink))
    try:
        _initiate(chosen, running.process)
        wait_until_ready(uri, running.process, sink)
    except BaseException:
        running.kill()
        raise
    return running


def _kept_port(file: Path) -> int:
    if not file.exists():
        file.write_text(str(free_port()), "utf-8")
    return int(file.read_text("utf-8"))


def _initiate(port: int, process: subprocess.Popen[bytes]) -> None:
    """Initiate the set on the first start; a node that is already a member answers with an error that is no error."""
    members = [{"_id": 0, "host": f"127.0.0.1:{port}"}]
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with _client(f"mongodb://127.0.0.1:{port}/?directConnection=true") as client:
                client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
        except OperationFailure:
            return
        except PyMongoError:  # not listening yet
            time.sleep(0.2)
        else:
            return


def _local_uri(port: int) -> str:
    return f"mongodb://127.0.0.1:{port}/longtrace?{EMBEDDED_OPTIONS}"


def _started(command: list[str], uri: str, log: Path) -> RunningDatabase:
    running = RunningDatabase(uri, _spawn(command, log))
    try:
        wait_until_ready(uri, running.process, log)
    except BaseException:  # also when asked to stop while waiting: nothing may be left behind
        running.kill()
        raise
    return running


def start(
    directory: Path, environ: Mapping[str, str] | None = None, log: Path | None = None
) -> tuple[str, str, RunningDatabase | None]:
    """(what was chosen, URI, the server if this process started it)."""
    kind, detail = choose(os.environ if environ is None else environ)
    if kind == "given":
        wait_until_ready(detail, None, None)
        return kind, detail, None
    if kind == "mongod":
        running = start_mongod(detail, directory / "mongod", log=log)
    elif kind == "secantusd-rs":
        running = start_rust(detail, directory / "secantus", log=log)
    else:
        running = start_embedded(directory / "db", log=log)
    return kind, running.uri, running
