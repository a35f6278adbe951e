"""Point 7: finding all that came of a lot and who holds it, in a store of lots that have nothing to do with it; and how
long after a chunk of the recall its pages are red on another process, which had just read them.

On a database that is given (`BENCH_MONGODB_URI`) a store of a million lots is added to the two always measured;
`BENCH_LOTS` says another number, there and here.
"""

import json
import os
import random
import statistics
import time
from datetime import UTC, datetime
from typing import Any

from backend.base import store
from backend.domains.accounts import service as accounts
from backend.domains.lots import service as lots
from backend.domains.tracing import service as tracing
from bench import ground, table
from bench.ground import Farm
from bench.report import GIVEN
from bench.servers import Server
from bench.setting import Setting
from bench.table import Row

REACHED = 1000
STORES = (2_000, 20_000)
LARGE = 1_000_000
GOAL_SECONDS, PUBLISHED_SECONDS = 2.0, 2.2  # the second: tracing one mango, Walmart and IBM, 2017
PRODUCERS, LOTS_EACH = 200, 10  # holders of the family; how many lots each of the others has
CHUNK = 1000
CHUNKS, PARTS = 3, 20  # chunks that are measured, and lots in each: as many as spreading takes at once
RED_SECONDS, TOO_LONG = 2.0, 30.0
DAY = "2026-09-30"


def run(setting: Setting) -> None:
    setting.rows.append(table.heading(f"7. Finding the {REACHED} lots that came of one, and their {PRODUCERS} holders"))
    for size in _sizes():
        _fill(size)
        times = sorted(_find() for _ in range(max(3, setting.effort.rounds)))
        setting.rows.append(_row(size, times))
    setting.rows.append(_red(setting))


def _sizes() -> tuple[int, ...]:
    larger = os.environ.get("BENCH_LOTS") or (LARGE if os.environ.get(GIVEN) else None)
    return (*STORES, int(larger)) if larger else STORES


def _find() -> float:
    began = time.perf_counter()
    found = tracing.reach([f"lot:{_name(0)}"], lots.Window())
    took = time.perf_counter() - began
    if (len(found.found), len(found.holders)) != (REACHED + 1, PRODUCERS):
        raise RuntimeError(f"{len(found.found)} lots of {len(found.holders)} were found, {REACHED + 1} are there")
    return took


def _owner(number: int) -> str:
    return f"B{number:09}"


def _name(number: int) -> str:
    """The family's lots are held by PRODUCERS, and so are the others by as many at a time."""
    return f"{_owner(number % PRODUCERS if number <= REACHED else number // LOTS_EACH)}.lot-{number:09}"


def _fill(size: int) -> None:
    """One family, each of whose lots came of an earlier one of it, and a store of others that came of one another."""
    chance = random.Random(size)
    for name in ("lots", "lot_links", "producers"):
        store.collection(name).delete_many({"_id": {"$gte": "B0", "$lt": "B1"}})
    store.collection("producers").insert_many([_holder(number) for number in range(max(PRODUCERS, size // LOTS_EACH))])
    parents = [0, *(chance.randrange(number) for number in range(1, REACHED + 1))]
    parents += [chance.randrange(REACHED + 1, number) for number in range(REACHED + 2, size + 1)]
    for start in range(0, size, CHUNK):
        numbers = range(start, min(start + CHUNK, size))
        roots = (0, REACHED + 1)
        store.collection("lots").insert_many([_lot(number) for number in numbers])
        links = [_link(_parent(number, parents), number) for number in numbers if number not in roots]
        store.collection("lot_links").insert_many(links)


def _holder(number: int) -> dict[str, Any]:
    """As a recall asks for one; nobody else reads it."""
    return {"_id": _owner(number), "name": "甲", "kind": "smallholder", "region": "620602", "status": "active"}


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


def _red(setting: Setting) -> Row:
    """The worker is this process, the reader a server as in production with every page in its memory."""
    farm, server = setting.farms[0], setting.servers.granian("recall", RATE_LIMITS="0")
    mother, codes = _family(farm)
    officer = accounts.actor_from_token(ground.person("recaller", "county_officer", region="620602"))
    tracing.order(officer, client_id="bench-recall", target="lot", target_id=mother, reason="other")
    times, known = list[float](), set[str]()
    while len(known) < len(codes):
        for code in codes:
            server.get(f"/t/{code}", Accept="application/json")
        tracing.spread_recalls(chunks=1)
        fresh = _reddened(codes) - known
        times += [_all_red(server, fresh)] if fresh else []
        known |= fresh
    setting.servers.stop(server)
    ordered = sorted(times)
    cells = {
        table.HEAD[4]: f"{statistics.median(ordered) * 1000:.0f} / {ordered[-1] * 1000:.0f} (of {len(ordered)})",
        table.HEAD[9]: f"≤ {RED_SECONDS:g} s: {'met' if ordered[-1] <= RED_SECONDS else 'NOT met'}",
    }
    return Row(f"the last page of a chunk of {PARTS} lots red on another process, after the chunk", cells)


def _family(farm: Farm) -> tuple[str, list[str]]:
    """A lot, and the codes of the certificates on the lots it was split into."""
    mother = farm.lot("batch-recall", 2)
    parts = [f"bench-part-{number:03}" for number in range(CHUNKS * PARTS)]
    for start in range(0, len(parts), PARTS):
        made = [{"client_id": one, "amount": "10", "unit": "kg"} for one in parts[start : start + PARTS]]
        said = {"kind": "split", "happened_on": ground.day(0), "outputs": made}
        taken = [{"lot_id": mother, "amount": str(10 * len(made)), "unit": "kg"}]
        owner = {"producer_id": farm.producer_id, "client_id": f"bench-split-{start:03}"}
        farm.post("/lots/conversions", owner | said | {"inputs": taken})
    named = [(f"{farm.producer_id}.{one}", f"certificate-{one}") for one in parts]
    return mother, [farm.post("/certificates", ground.certificate(*pair))["code"] for pair in named]


def _reddened(codes: list[str]) -> set[str]:
    rows = store.collection("public_traces").find({"_id": {"$in": codes}, "state": "recalled"}, {"_id": 1})
    return {row["_id"] for row in rows}


def _all_red(server: Server, codes: set[str]) -> float:
    """Seconds until every one of these pages is red on the server."""
    began, waiting = time.perf_counter(), list(codes)
    while waiting and time.perf_counter() - began < TOO_LONG:
        waiting = [code for code in waiting if not _is_red(server, code)]
    return time.perf_counter() - began


def _is_red(server: Server, code: str) -> bool:
    body, _ = server.get(f"/t/{code}", Accept="application/json")
    return bool(json.loads(body)["state"] == "recalled")
