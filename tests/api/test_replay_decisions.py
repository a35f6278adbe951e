"""`python -m scripts.replay_decisions` passes honest decisions, and names each that comes out otherwise."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backend import config
from backend.base import store
from tests.factories.certificates import Orchard
from tests.factories.servers import environ_of

ROOT = Path(__file__).resolve().parents[2]
Row = dict[str, Any]
Run = Callable[[], tuple[int, str]]


@pytest.fixture
def replay(settings: config.Settings) -> Run:
    """(exit status, what was printed)."""
    environ = environ_of(settings)

    def run() -> tuple[int, str]:
        command = [sys.executable, "-m", "scripts.replay_decisions"]
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False)
        assert "Traceback" not in done.stderr, done.stderr[-2000:]
        return done.returncode, done.stdout

    return run


@pytest.fixture
def kept(grove: Orchard) -> list[Row]:
    """A refusal and two that were allowed."""
    for amount in ("1001", "10", "20"):
        grove.issue(amount=amount)
    rows = list(store.collection("gate_decisions").find({}))
    assert sorted(row["allowed"] for row in rows) == [False, True, True]
    return rows


def write(row: Row, **changes: str) -> None:
    assert store.collection("gate_decisions").update_one({"_id": row["_id"]}, {"$set": changes}).modified_count == 1


def allowed(rows: list[Row], *, wanted: bool) -> Row:
    return next(row for row in rows if row["allowed"] is wanted)


def test_honest_decisions_all_come_out_the_same(kept: list[Row], replay: Run) -> None:
    assert replay() == (0, f"{len(kept)} decisions decided again, 0 otherwise\n")


def a_refusal_made_a_yes(rows: list[Row]) -> list[Row]:
    row = allowed(rows, wanted=False)
    said = json.loads(row["decision"])
    write(row, decision=json.dumps(said | {"allowed": True, "refusals": []}))
    return [row]


def a_lot_that_grew(rows: list[Row]) -> list[Row]:
    row = allowed(rows, wanted=False)
    case = json.loads(row["case"])
    case["lot"]["base"] += 500_000
    write(row, case=json.dumps(case))
    return [row]


def a_case_nobody_can_read(rows: list[Row]) -> list[Row]:
    row = allowed(rows, wanted=True)
    write(row, case="{}")
    return [row]


def two_of_them(rows: list[Row]) -> list[Row]:
    return a_lot_that_grew(rows) + a_case_nobody_can_read(rows)


@pytest.mark.parametrize("tamper", [a_refusal_made_a_yes, a_lot_that_grew, a_case_nobody_can_read, two_of_them])
def test_each_decision_that_was_tampered_with_is_named_and_no_other(
    kept: list[Row], replay: Run, tamper: Callable[[list[Row]], list[Row]]
) -> None:
    changed = tamper(kept)
    status, said = replay()
    *named, total = said.splitlines()
    assert status == 1
    assert sorted(named) == sorted(f"  differs: {row['_id']}" for row in changed)
    assert total == f"{len(kept)} decisions decided again, {len(changed)} otherwise"


@pytest.mark.usefixtures("app")
def test_where_nothing_was_decided_nothing_differs(replay: Run) -> None:
    assert replay() == (0, "0 decisions decided again, 0 otherwise\n")
