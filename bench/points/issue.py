"""Point 4: certificates. The gate reads the whole log of a lot; its length must not change the number of commands."""

import json
from collections.abc import Mapping

from bench import client, measure, table
from bench.client import Job
from bench.ground import API, Farm, certificate
from bench.measure import Measured
from bench.servers import Server
from bench.setting import Setting, counted, words

PATH = f"{API}/certificates"
RECORDS = 12
SIZES = (6, 12, 100)
NAME = f"LongTrace, a lot with {RECORDS} records"


def run(setting: Setting) -> None:
    lots = {farm.producer_id: farm.lot("batch-issue", RECORDS) for farm in setting.farms}
    server = setting.servers.granian(NAME, RATE_LIMITS="0")  # nobody issues as fast as this, and nobody may
    done = Measured(NAME, server)
    for number in range(-1, setting.effort.rounds):
        sample = measure.once(server, _job(setting, server, lots, number + 1), setting.database)
        if number >= 0:
            done.samples.append(sample)
    setting.servers.stop(server)
    commands, size = _counts(setting)
    line = table.row(done, commands=commands, database_bytes=size)
    every = sorted(one for sample in done.samples for one in sample.times_ms)
    p50, p99 = (every[int(len(every) * part)] for part in (0.5, 0.99))
    line.cells[table.HEAD[4]] = f"{table.short(p50)} / {table.short(p99)} (of {len(every)})"
    setting.rows += [table.heading(f"4. Certificate issue, {len(setting.farms)} farms at once"), line]


def _job(setting: Setting, server: Server, lots: Mapping[str, str], number: int) -> Job:
    bodies = [
        [_body(lots[farm.producer_id], f"issue-{number:02}-{each:04}") for each in range(setting.effort.writes)]
        for farm in setting.farms
    ]
    return setting.writes(server.port, PATH, bodies)


def _body(lot_id: str, client_id: str) -> bytes:
    return json.dumps(certificate(lot_id, client_id)).encode()


def _counts(setting: Setting) -> tuple[str, str]:
    """The commands in words for RECORDS records, and their number for shorter and longer logs."""
    server, farm = setting.servers.counting("issue"), setting.farms[0]
    warm = farm.lot("batch-warm", 2)
    counted(server, _one(server, farm, warm))
    found = {size: counted(server, _one(server, farm, farm.lot(f"batch-{size:04}", size))) for size in SIZES}
    setting.servers.stop(server)
    totals = ", ".join(f"{size} records: {sum(commands.values()):g}" for size, (commands, _) in found.items())
    commands, size = found[RECORDS]
    return f"{words(commands)}; {totals}", f"{size:,.0f}"


def _one(server: Server, farm: Farm, lot_id: str) -> Job:
    headers = {"Authorization": f"Bearer {farm.token}"}
    return Job(server.port, [[client.request("POST", PATH, headers, _body(lot_id, lot_id.partition(".")[2]))]])
