"""Point 6: finding all that came of a lot, in a store of lots that have nothing to do with it.

`BENCH_LOTS` adds a larger store to the two that are always measured.
"""

import os
import random
import statistics
import time
from datetime import UTC, datetime
from typing import Any

from backend.base import store
from backend.domains.lots import service as lots
from bench import table
from bench.setting import Setting
from bench.table import Row

REACHED = 1000
STORES = (2_000, 20_000)
GOAL_SECONDS, PUBLISHED_SECONDS = 2.0, 2.2  # the second: tracing one mango, Walmart and IBM, 2017
PRODUCERS = 200
CHUNK = 1000
DAY = "2026-09-30"


def run(setting: Setting) -> None:
    setting.rows.append(table.heading(f"6. Finding the {REACHED} lots that came of one"))
    for size in _sizes():
        _fill(size)
        times = sorted(_find() for _ in range(max(3, setting.effort.rounds)))
        setting.rows.append(_row(size, times))


def _sizes() -> tuple[int, ...]:
    return (*STORES, int(os.environ["BENCH_LOTS"])) if os.environ.get("BENCH_LOTS") else STORES


def _find() -> float:
    began = time.perf_counter()
    found = sum(1 for _ in lots.reached([_name(0)]))
    took = time.perf_counter() - began
    if found != REACHED + 1:
        raise RuntimeError(f"{found} lots were found, {REACHED + 1} are there")
    return took


def _name(number: int) -> str:
    return f"B{number % PRODUCERS:09}.lot-{number:09}"


def _fill(size: int) -> None:
    """One family, each of whose lots came of an earlier one of it, and a store of others that came of one another."""
    chance = random.Random(size)
    for name in ("lots", "lot_links"):
        store.collection(name).delete_many({"_id": {"$gte": "B0", "$lt": "B1"}})
    parents = [0, *(chance.randrange(number) for number in range(1, REACHED + 1))]
    parents += [chance.randrange(REACHED + 1, number) for number in range(REACHED + 2, size + 1)]
    for start in range(0, size, CHUNK):
        numbers = range(start, min(start + CHUNK, size))
        roots = (0, REACHED + 1)
        store.collection("lots").insert_many([_lot(number) for number in numbers])
        links = [_link(_parent(number, parents), number) for number in numbers if number not in roots]
        store.collection("lot_links").insert_many(links)


def _parent(number: int, parents: list[int]) -> int:
    return parents[number] if number <= REACHED else parents[number - 1]


def _lot(number: int) -> dict[str, Any]:
    moment = datetime.now(UTC)
    return {
        "_id": _name(number), "producer_id": _name(number).partition(".")[0], "crop": "apple", "product_name": "苹果",
        "amount": "1000", "unit": "kg", "base": 1_000_000, "certified_base": 0, "gone_base": 0, "carried_base": 0,
        "harvested_on": DAY, "harvest_root_id": _name(number), "batch_ids": [], "born": "harvest", "born_on": DAY,
        "parents": [], "depth": 0, "state": "free", "created_at": moment,
    }  # fmt: skip


def _link(parent: int, child: int) -> dict[str, Any]:
    return {
        "_id": f"{_name(parent)}~{_name(child)}", "parent_id": _name(parent), "child_id": _name(child), "base": 1,
        "kind": "split", "event_id": "e", "happened_on": DAY, "created_at": datetime.now(UTC),
    }  # fmt: skip


def _row(size: int, times: list[float]) -> Row:
    middle = statistics.median(times)
    met = "met" if times[-1] <= GOAL_SECONDS else "NOT met"
    cells = {
        table.HEAD[4]: f"{middle * 1000:.0f} / {times[-1] * 1000:.0f} (of {len(times)})",
        table.HEAD[8]: f"{PUBLISHED_SECONDS / middle:.1f}× as fast as the published {PUBLISHED_SECONDS} s for one item",
        table.HEAD[9]: f"≤ {GOAL_SECONDS:g} s: {met}",
    }
    return Row(f"in a store of {size:,} lots", cells)
