"""Point 1: a trace that many scan, against the same bytes from a bare WSGI function and from a Flask view."""

import json
import time

from bench import client, measure, table, wrk
from bench.client import Job
from bench.servers import Server
from bench.setting import CONNECTIONS, Setting, words

BROWSER = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
}
NOT_OURS = {"server", "date", "connection"}  # of the server or of this one connection
FLUSH_SECONDS = 4  # scans are handed over every three


def run(setting: Setting) -> None:
    servers = setting.servers
    ours = servers.granian("LongTrace, /t/{code}")
    body = _same_bytes(setting, ours)
    extra = {"BENCH_BODY": str(setting.scratch / "body"), "BENCH_HEADERS": str(setting.scratch / "headers.json")}
    raw = servers.granian("constant bytes, bare WSGI", "bench.apps.constant:raw", **extra)
    view = servers.granian("constant bytes, Flask view", "bench.apps.constant:view", **extra)
    send = wrk.run if wrk.found() else client.run
    jobs = {server.name: (server, _job(setting, server)) for server in (ours, raw, view)}
    done = measure.interleaved(jobs, setting.effort.rounds, setting.database, send)
    servers.stop(ours, raw, view)
    commands, size = _counts(setting)
    setting.rows += [
        table.heading(
            f"1. Hot trace: gzipped page, {CONNECTIONS} connections, client {send.__module__.split('.')[-1]}"
        ),
        table.row(done[ours.name], commands=commands, database_bytes=size, body=body),
        table.against(table.row(done[raw.name], commands="0", body=body), done[ours.name], done[raw.name], 0.85),
        table.against(table.row(done[view.name], commands="0", body=body), done[ours.name], done[view.name], 4),
    ]


def _job(setting: Setting, server: Server) -> Job:
    one = client.request("GET", f"/t/{setting.codes[0]}", BROWSER)
    return Job(server.port, [[one]] * CONNECTIONS, setting.effort.seconds)


def _same_bytes(setting: Setting, ours: Server) -> int:
    """Keep the very answer that LongTrace gives for the constant applications; its length."""
    body, headers = ours.get(f"/t/{setting.codes[0]}", **BROWSER)
    assert headers["Content-Encoding"] == "gzip", "the reader did not send its gzipped page"
    kept = [(name, value) for name, value in headers.items() if name.lower() not in NOT_OURS]
    (setting.scratch / "body").write_bytes(body)
    (setting.scratch / "headers.json").write_text(json.dumps(kept), "utf-8")
    return len(body)


def _counts(setting: Setting) -> tuple[str, str]:
    """Commands and bytes over a while of full load, with the reads of expired entries and the kept scans."""
    server = setting.servers.counting("hot")
    job = _job(setting, server)
    client.run(job)
    time.sleep(FLUSH_SECONDS)
    server.counts()
    load = client.run(job)
    time.sleep(FLUSH_SECONDS)
    told = server.counts()
    setting.servers.stop(server)
    commands = {name: count / load.requests for name, count in told["commands"].items()}
    return words(commands), f"{(told['sent'] + told['received']) / load.requests:,.1f}"
