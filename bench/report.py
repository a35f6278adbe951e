"""Writes the figures of one run into RESULTS.md, between its marks; the reading of them is written by people."""

import os
import subprocess
from collections.abc import Sequence
from importlib.metadata import version

from bench import machine
from scripts.environment import ROOT

RESULTS = ROOT / "bench" / "RESULTS.md"
BEGIN, END = "<!-- figures: written by bench/run --write -->", "<!-- end of figures -->"
GIVEN = "BENCH_MONGODB_URI"  # a database to measure on; a new name in it is filled and dropped
INHERITED = ("PATH", "LANG", "LC_ALL", "TMPDIR")


def busy() -> float:
    """The load average of the last minute: how much else was running."""
    return os.getloadavg()[0]


def clean_environ() -> dict[str, str]:
    """What a server needs from this shell; its settings must not come from there."""
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


def write(table: str, notes: Sequence[str], load_before: float, *, quick: bool) -> None:
    between(BEGIN, END, "\n".join([_conditions(load_before, quick), "", table, "", *(f"* {n}" for n in notes)]))


def between(begin: str, end: str, figures: str) -> None:
    """Put figures between two marks of RESULTS.md; at its end when the marks are not there yet."""
    text = RESULTS.read_text("utf-8") if RESULTS.exists() else "# Results\n"
    if begin not in text:
        text = f"{text.rstrip()}\n\n{begin}\n{end}\n"
    before, _, rest = text.partition(begin)
    RESULTS.write_text(f"{before}{begin}\n\n{figures}\n\n{end}{rest.partition(end)[2]}", "utf-8")


def _conditions(load_before: float, quick: bool) -> str:
    lines = [
        f"Date {machine.today()}; machine: {machine.model()}, load average before the run {load_before:.1f};",
        f"{machine.versions()}; {_node()};",
        f"database: {_database()}.",
    ]
    return " ".join(["**A quick run: figures mean little.**"] * quick + lines)


def _database() -> str:
    if os.environ.get(GIVEN):
        return f"the one that {GIVEN} names; its CPU is not measured"
    return f"the embedded server, secantusdb {version('secantusdb')}, durable, its own process"


def _node() -> str:
    try:
        said = subprocess.run(["node", "--version"], check=False, capture_output=True, text=True).stdout.strip()
    except FileNotFoundError:
        said = ""
    return f"Node {said}" if said else "no Node"
