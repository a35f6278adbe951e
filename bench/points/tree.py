"""Point 6: the register. The tree code alone, an append against the engine's own insert_many, a seal, a proof."""

import secrets
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from backend.base import clock, ids, store
from backend.domains.evidence import service as evidence
from backend.domains.evidence.rules import tree
from backend.domains.evidence.service import reading
from bench import table
from bench.setting import Setting

LEAVES = 50_000  # of the tree code alone
MANY = 100  # leaves of one transaction: a sync of a hundred records
GROWN = 2_000  # leaves sealed for the proof
PLAIN = "bench_plain"
BODY = {"batch_id": "P" * 30, "kind": "pesticide", "happened_on": "2026-05-01", "amount": "1.5", "unit": "l",
        "note": "清早打药，无风", "site_ids": ["P" * 20]}  # fmt: skip


def run(setting: Setting) -> None:
    """Runs in this process, on the bench's own database; both collections have the same indexes and as many rows."""
    for keys in (("subject_id", "created_at"), ("pending", "created_at"), ("position", "created_at")):
        store.collection(PLAIN).create_index([(name, 1) for name in keys])
    store.collection(PLAIN).insert_many(store.collection("evidence_leaves").find({}))
    rounds = max(setting.effort.rounds, 3)
    code = [_code() for _ in range(rounds)]
    appends, plains = [], []
    for number in range(rounds):
        order = (_append, _plain) if number % 2 else (_plain, _append)
        for one in order:
            (appends if one is _append else plains).append(_rate(one))
    seals = _seals()
    ratio = median(appends) / median(plains)
    proof, tiles = _proof()
    met = "met" if ratio >= 0.8 else "NOT met"
    setting.rows += [
        table.heading("6. The evidence register"),
        _row("tree code alone, leaves/s", code, "≥ 5,000: " + ("met" if median(code) >= 5000 else "NOT met")),
        _row(f"append of {MANY} leaves in a transaction, leaves/s", appends, f"≥ 0.8×: {ratio:.2f}×, {met}"),
        _row(f"the engine's insert_many of {MANY} like rows in a transaction, rows/s", plains, ""),
        _row("sealing, leaves/s", seals, ""),
        table.Row(f"a proof: {proof:.1f} ms, {tiles} stored tile(s)"),
    ]


def _row(what: str, rates: list[float], goal: str) -> table.Row:
    line = table.Row(what)
    line.cells[table.HEAD[1]] = f"{median(rates):,.0f} ({min(rates):,.0f}–{max(rates):,.0f})"
    line.cells[table.HEAD[9]] = goal
    return line


def _code() -> float:
    """Leaves a second: the first hash, the nodes, the tiles; nothing stored."""
    tiles: dict[tree.Tile, bytes] = {}

    def read(level: int, number: int) -> bytes:
        return tiles[level, number]

    entries = [secrets.token_bytes(32) for _ in range(LEAVES)]
    began, size = time.perf_counter(), 0
    for at in range(0, LEAVES, 500):
        size, changed = tree.grow(size, entries[at : at + 500], read)
        tiles.update(changed)
        tree.root_of(tree.peaks_at(size, tree.Nodes(read)))
    return LEAVES / (time.perf_counter() - began)


def _rate(one: Callable[[], None], times: int = 20) -> float:
    began = time.perf_counter()
    for _ in range(times):
        store.transaction(one)
    return MANY * times / (time.perf_counter() - began)


def _append() -> None:
    evidence.append([evidence.Leaf("lot.hold", f"P000000001.{ids.token(12)}", "P000000001", BODY) for _ in range(MANY)])


def _plain() -> None:
    """Rows of the same fields and sizes, without hashing: what the engine takes for them alone."""
    moment = clock.now()
    rows: list[dict[str, Any]] = [
        {"_id": ids.token(), "kind": "lot.hold", "form": 1, "subject_id": f"P000000001.{ids.token(12)}",
         "salt": b"s" * 16, "hash": b"h" * 32, "created_at": moment, "pending": True, "said": BODY,
         "producer_id": "P000000001"}
        for _ in range(MANY)
    ]  # fmt: skip
    store.collection(PLAIN).insert_many(rows, ordered=False, session=store.session())


def _seals() -> list[float]:
    rates = []
    while True:
        began = time.perf_counter()
        done = evidence.seal_once()
        if not done:
            return rates
        if done >= GROWN // 10:
            rates.append(done / (time.perf_counter() - began))


def _proof() -> tuple[float, int]:
    """Median milliseconds of an inclusion proof over the database, and the most tiles one read."""
    newest = reading.row_of(evidence.latest().number)
    times, most = [], 0
    for number in range(50):
        began = time.perf_counter()
        evidence.inclusion(number * newest["size"] // 50)
        times.append((time.perf_counter() - began) * 1000)
        nodes = reading.nodes_of(newest)
        tree.inclusion(number * newest["size"] // 50, newest["size"], nodes)
        most = max(most, nodes.tiles)
    return median(times), most
