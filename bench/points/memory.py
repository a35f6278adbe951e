"""Point 5: what four workers hold in memory while they read, miss and write."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from statistics import median

from bench import client, machine, table
from bench.client import Job, Load
from bench.points import sync
from bench.points.hot import BROWSER
from bench.servers import Server
from bench.setting import CONNECTIONS, Setting

WORKERS = 4


def run(setting: Setting) -> None:
    server = setting.servers.granian(f"{WORKERS} workers", workers=WORKERS)
    time.sleep(1)
    idle = sum(_each(server))
    bodies = [
        [sync.body(farm, batch, sync.RECORDS) for batch in sync.copied_batches(farm, "memory", setting.effort.writes)]
        for farm in setting.farms
    ]
    jobs = [_reads(setting, server), setting.writes(server.port, sync.PATH, bodies)]
    held, loads = _under(server, jobs)
    setting.servers.stop(server)
    most = max(held, key=sum)
    workers = sorted(most)[-WORKERS:]
    spread = f"{median(workers):,.0f} ({min(workers):,.0f}–{max(workers):,.0f})"
    text = f"{sum(most):,.0f} MiB PSS in all (idle {idle:,.0f}); a worker {spread}"
    line = table.Row(f"{WORKERS} workers: {text}")
    line.cells[table.HEAD[1]] = " + ".join(table.short(load.rate) for load in loads) + " (pages + syncs)"
    setting.rows += [table.heading("5. Memory under traffic"), line]


def _reads(setting: Setting, server: Server) -> Job:
    """Pages of all codes, so that every worker fills its cache; twice as long as a round."""
    reads = [client.request("GET", f"/t/{code}", BROWSER) for code in setting.codes]
    return Job(server.port, [reads[number::CONNECTIONS] for number in range(CONNECTIONS)], 2 * setting.effort.seconds)


def _under(server: Server, jobs: Sequence[Job]) -> tuple[list[list[float]], list[Load]]:
    """The PSS of each process, again and again while the jobs run; and the loads."""
    held = []
    with ThreadPoolExecutor(len(jobs)) as pool:
        running: list[Future[Load]] = [pool.submit(client.run, job) for job in jobs]
        while not all(one.done() for one in running):
            held.append(_each(server))
            time.sleep(0.25)
        loads = [one.result() for one in running]
    if any(not set(load.statuses) <= {"200", "201"} for load in loads):
        raise RuntimeError(f"{server.name} answered {[load.statuses for load in loads]}")
    held.append(_each(server))
    return held, loads


def _each(server: Server) -> list[float]:
    return [machine.pss_mib(pid) for pid in machine.tree(server.process.pid)]
