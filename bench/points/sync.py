"""Point 3: a phone sends twenty records, sends them again, and a plain program saves the same twenty."""

import json
from collections.abc import Sequence
from typing import Any

from backend.base import store
from bench import measure, table
from bench.client import Job
from bench.ground import API, Farm
from bench.measure import Measured
from bench.servers import Server
from bench.setting import Setting, counted, words

RECORDS = 20
SIZES = (5, 20, 100)
PATH, PLAIN_PATH = f"{API}/farming/records:sync", "/plain/records:sync"
FIRST, AGAIN, PLAIN = "LongTrace, first send", "LongTrace, the same again", "marshmallow + save() each"


def run(setting: Setting) -> None:
    server = setting.servers.granian("LongTrace")
    plain = setting.servers.granian(PLAIN, "bench.apps.plain_sync:app")
    done = {name: Measured(name, one) for name, one in ((FIRST, server), (AGAIN, server), (PLAIN, plain))}
    for number in range(-1, setting.effort.rounds):
        jobs = _jobs(setting, server, plain, f"round{number + 1:02}")
        order = [PLAIN, FIRST, AGAIN] if number % 2 else [FIRST, AGAIN, PLAIN]
        for name in order:
            sample = measure.once(*jobs[name], setting.database)
            if number >= 0:
                done[name].samples.append(sample)
    setting.servers.stop(server, plain)
    _report(setting, done)


def _jobs(setting: Setting, server: Server, plain: Server, prefix: str) -> dict[str, tuple[Server, Job]]:
    """Every request has a batch of its own: what a batch already holds would make later ones dearer."""
    bodies = []
    for farm in setting.farms:
        batches = copied_batches(farm, prefix, setting.effort.writes)
        bodies.append([body(farm, batch, RECORDS) for batch in batches])
    ours = setting.writes(server.port, PATH, bodies)
    return {
        FIRST: (server, ours),
        AGAIN: (server, ours),
        PLAIN: (plain, setting.writes(plain.port, PLAIN_PATH, bodies)),
    }


def copied_batches(farm: Farm, prefix: str, count: int) -> list[str]:
    """Copies of the farm's first batch under new names."""
    batches = store.collection("production_batches")
    original: dict[str, Any] | None = batches.find_one({"producer_id": farm.producer_id, "state": "open"})
    assert original is not None
    names = [f"{farm.producer_id}.{prefix}-{number:04}" for number in range(count)]
    batches.insert_many([original | {"_id": name} for name in names])
    return names


def body(farm: Farm, batch_id: str, records: int) -> bytes:
    items = [farm.record(batch_id, number) for number in range(records)]
    return json.dumps({"items": items}, ensure_ascii=False).encode()


def _report(setting: Setting, done: dict[str, Measured]) -> None:
    (first, first_bytes), (again, again_bytes), by_size = _counts(setting)
    plain_commands, plain_bytes = _plain_counts(setting)
    first_row = table.row(done[FIRST], commands=f"{first}; {by_size}", database_bytes=first_bytes)
    retry = table.row(done[AGAIN], commands=again, database_bytes=again_bytes)
    dearer = [1 / ratio for ratio in measure.times(done[AGAIN], done[FIRST])]
    met = {2: "met", 1: "by one of the two", 0: "NOT met"}[sum(one <= 1.3 for one in dearer)]
    retry.cells[table.HEAD[8]] = f"a retry costs {dearer[0]:.2f}× the time / {dearer[1]:.2f}× the CPU"
    retry.cells[table.HEAD[9]] = f"≤ 1.3×: {met}"
    plain = table.row(done[PLAIN], commands=plain_commands, database_bytes=plain_bytes)
    setting.rows += [
        table.heading(f"3. Sync of {RECORDS} records, {len(setting.farms)} farms at once"),
        first_row,
        retry,
        table.against(plain, done[FIRST], done[PLAIN], 4),
    ]


def _counts(setting: Setting) -> tuple[tuple[str, str], tuple[str, str], str]:
    """Commands and bytes of a first send and of a retry, and the number of commands by the number of records."""
    server = setting.servers.counting("sync")
    farm = setting.farms[0]
    batches = copied_batches(farm, "counted", len(SIZES) + 1)
    counted(server, _one(setting, server, farm, batches[-1], RECORDS))  # what a process reads but once
    firsts = {
        size: counted(server, _one(setting, server, farm, batch, size))
        for size, batch in zip(SIZES, batches, strict=False)
    }
    again = counted(server, _one(setting, server, farm, batches[SIZES.index(RECORDS)], RECORDS))
    setting.servers.stop(server)
    totals = ", ".join(f"{size} records: {sum(commands.values()):g}" for size, (commands, _) in firsts.items())
    commands, size = firsts[RECORDS]
    return (words(commands), f"{size:,.0f}"), (words(again[0]), f"{again[1]:,.0f}"), totals


def _one(setting: Setting, server: Server, farm: Farm, batch: str, records: int) -> Job:
    return Job(
        server.port,
        setting.writes(server.port, PATH, _alone(setting.farms, farm, body(farm, batch, records))).connections[:1],
    )


def _alone(farms: Sequence[Farm], farm: Farm, only: bytes) -> list[list[bytes]]:
    return [[only] if one is farm else [] for one in farms]


def _plain_counts(setting: Setting) -> tuple[str, str]:
    server = setting.servers.counting(PLAIN, "bench.apps.plain_sync:app")
    farm = setting.farms[0]
    batch = copied_batches(farm, "plainly", 1)[0]
    job = setting.writes(server.port, PLAIN_PATH, _alone(setting.farms, farm, body(farm, batch, RECORDS)))
    commands, size = counted(server, Job(server.port, job.connections[:1]))
    setting.servers.stop(server)
    return words(commands), f"{size:,.0f}"
