"""What `scripts/serve` decides, and that its children are watched, stopped and swept up."""

import json
import os
import socket
import sys
import time
from argparse import Namespace
from pathlib import Path

import pytest

from scripts import processes, serving

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


@pytest.fixture
def household(tmp_path: Path) -> processes.Household:
    return processes.Household(tmp_path / "log", tmp_path / "serve.json")


def test_a_taken_port_is_refused_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(processes.StartError, match="--port"):
            processes.refuse_taken("127.0.0.1", taken.getsockname()[1])


def test_a_port_out_of_range_is_refused() -> None:
    with pytest.raises(SystemExit):
        serving.parse(["--port", "70000"])


@pytest.mark.parametrize(
    ("environ", "sandbox"),
    [
        ({}, True),
        ({"WECHAT_APPID": "wx1", "WECHAT_SECRET": "s"}, False),
        ({"WECHAT_BASE_URL": "http://127.0.0.1:1"}, False),
    ],
)
def test_the_sandbox_is_started_only_without_real_credentials(environ: dict[str, str], sandbox: bool) -> None:
    assert serving.needs_sandbox(environ) is sandbox


def test_one_wechat_credential_alone_is_a_mistake() -> None:
    with pytest.raises(processes.StartError, match="both"):
        serving.needs_sandbox({"WECHAT_APPID": "wx1"})


@pytest.mark.parametrize(
    ("flags", "kind", "seeded", "wanted"),
    [
        ([], "embedded", False, True),
        ([], "embedded", True, False),
        ([], "given", False, False),
        (["--demo"], "given", False, True),
        (["--no-demo"], "embedded", False, False),
    ],
)
def test_the_demo_is_filled_in_once_and_never_unasked_into_a_named_database(
    flags: list[str], kind: str, seeded: bool, wanted: bool
) -> None:
    assert serving.wants_demo(serving.parse(flags), kind, seeded) is wanted


def test_a_valid_trace_is_shown_before_a_void_one(tmp_path: Path) -> None:
    demo = tmp_path / "demo.json"
    assert serving.first_trace(demo) is None
    traces = [{"code": "A", "state": "void"}, {"code": "B", "state": "valid"}]
    demo.write_text(json.dumps({"traces": traces}), "utf-8")
    assert serving.first_trace(demo) == traces[1]


def test_a_second_server_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    with (
        serving.only_one(tmp_path),
        pytest.raises(processes.StartError, match="already running"),
        serving.only_one(tmp_path),
    ):
        pass


def test_listening_everywhere_is_shown_as_a_url_that_can_be_opened() -> None:
    assert serving.own_url(Namespace(host="::", port=8001)) == "http://127.0.0.1:8001"


def test_a_dead_child_is_named_with_its_last_words(household: processes.Household) -> None:
    child = household.start("worker", [sys.executable, "-c", "print('out of luck'); raise SystemExit(4)"], os.environ)
    child.process.wait(20)
    with pytest.raises(processes.StartError, match=r"(?s)worker died \(exit 4\).*out of luck"):
        household.raise_for_dead()


def test_a_failed_command_is_told_and_a_good_one_leaves_no_child(household: processes.Household) -> None:
    household.run("migrations", [sys.executable, "-c", "pass"], os.environ)
    assert household.children == []
    with pytest.raises(processes.StartError, match="migrations failed"):
        household.run("migrations", [sys.executable, "-c", "raise SystemExit(1)"], os.environ)


def test_children_are_stopped_last_started_first(
    household: processes.Household, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[int] = []
    real = processes.stop_process
    monkeypatch.setattr(processes, "stop_process", lambda process: order.append(process.pid) or real(process))
    started = [household.start(name, SLEEPER, os.environ).process.pid for name in ("database", "worker", "web")]
    assert household.stop() == []
    assert order == started[::-1]
    assert not (tmp_path / "serve.json").exists()


def test_a_child_that_will_not_go_is_killed(household: processes.Household) -> None:
    child = household.start("stubborn", [sys.executable, "-c", STUBBORN], os.environ)
    deadline = time.monotonic() + 20
    while "up" not in child.log.read_text("utf-8") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not processes.stop_process(child.process, seconds=0.3)
    assert child.process.returncode == -9


def test_the_children_of_a_child_that_was_killed_do_not_outlive_it(household: processes.Household) -> None:
    spawns = f"import subprocess, time; print(subprocess.Popen({SLEEPER!r}).pid, flush=True); time.sleep(60)"
    child = household.start("web", [sys.executable, "-c", spawns], os.environ)
    deadline = time.monotonic() + 20
    while not child.log.read_text("utf-8").endswith("\n") and time.monotonic() < deadline:
        time.sleep(0.05)
    grandchild = Path("/proc") / child.log.read_text("utf-8").strip()
    child.process.kill()
    child.process.wait(20)
    assert grandchild.exists()
    household.stop()
    while grandchild.exists() and "Z" not in _state(grandchild) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not grandchild.exists() or "Z" in _state(grandchild)


def _state(process: Path) -> str:
    try:
        return (process / "stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_what_a_killed_run_left_is_swept_and_a_stranger_with_the_same_pid_is_not(
    household: processes.Household, tmp_path: Path
) -> None:
    left = household.start("worker", SLEEPER, os.environ).process
    stranger = household.start("web", SLEEPER, os.environ).process
    ledger = tmp_path / "serve.json"
    rows = json.loads(ledger.read_text("utf-8"))
    rows[1]["born"] = "1"
    ledger.write_text(json.dumps(rows), "utf-8")
    assert processes.sweep(ledger) == ["worker"]
    assert left.wait(20) < 0
    assert stranger.poll() is None
    household.stop()
