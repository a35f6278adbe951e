"""Point 2: a trace that the cache does not know, against the normalised read and against peers with the same bytes."""

import json
import shutil
import subprocess

from backend.base import store
from bench import measure, table
from bench.apps import normalised
from bench.measure import Measured
from bench.servers import Server
from bench.setting import CONNECTIONS, Setting, counted, words
from scripts.environment import ROOT

JSON = {"Accept": "application/json", "Accept-Encoding": "identity"}
EXPRESS = ROOT / "bench" / "peers" / "express"
NORMALISED, STORED = "/n/{}", "/t/{}"
NO_MEMORY = {"TRACE_TTL_SECONDS": "0"}


def run(setting: Setting) -> None:
    normalised.fill(store.database(), setting.story, setting.codes)
    missing = why_no_express()
    if missing:
        setting.notes.append(f"SKIPPED: the Express peer was not measured, because {missing}.")
    timed = _targets(setting, express=not missing, counting=False)
    _check(setting, timed)
    jobs = {name: (server, setting.spread_reads(server.port, path, JSON)) for name, (server, path) in timed.items()}
    done = measure.interleaved(jobs, setting.effort.rounds, setting.database)
    sizes = {name: len(server.get(path.format(setting.codes[0]), **JSON)[0]) for name, (server, path) in timed.items()}
    setting.servers.stop(*{id(server): server for server, _ in timed.values()}.values())
    _report(setting, done, _counts(setting, express=not missing), sizes)


OURS = "LongTrace, stored bytes, no cache"
OWN = "Flask-Smorest + MongoEngine, normalised"
EXPRESS_NORMALISED = "Express + Mongoose (lean), normalised"
EXPRESS_STORED = "Express, the same stored bytes"
FASTAPI_STORED = "FastAPI, the same stored bytes"
GOALS = {OWN: 10.0, EXPRESS_NORMALISED: 8.0, EXPRESS_STORED: 1.0, FASTAPI_STORED: 1.0}


def _targets(setting: Setting, *, express: bool, counting: bool) -> dict[str, tuple[Server, str]]:
    """Name → (server, path). A server that counts is never timed."""
    servers, own = setting.servers, {"BENCH_NORMALISED": setting.database.uri}
    start = servers.counting if counting else servers.granian
    count = {"BENCH_COUNT": "1" if counting else "0"}
    found = {
        OURS: (start(OURS, **NO_MEMORY), STORED),
        OWN: (start(OWN, "bench.apps.normalised:app", **own), NORMALISED),
        FASTAPI_STORED: (servers.uvicorn(FASTAPI_STORED, "bench.peers.fastapi_app:app", **count), STORED),
    }
    if express:
        node = servers.node("Express", EXPRESS / "server.js", **count)
        found |= {EXPRESS_NORMALISED: (node, NORMALISED), EXPRESS_STORED: (node, STORED)}
    return found


def why_no_express() -> str:
    """Why the Express peer cannot run; empty once its exact packages are installed."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "node or npm is not on PATH"
    stamp, lock = EXPRESS / "node_modules" / ".package-lock.json", EXPRESS / "package-lock.json"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return ""
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    done = subprocess.run(command, cwd=EXPRESS, check=False, capture_output=True, text=True)
    return f"npm ci failed (exit {done.returncode})" if done.returncode else ""


def _check(setting: Setting, targets: dict[str, tuple[Server, str]]) -> None:
    """All must give the same story, the stored ones the same bytes: nobody is fast by telling less."""
    expected, _ = targets[OURS][0].get(STORED.format(setting.codes[1]), **JSON)
    for name, (server, path) in targets.items():
        body, _ = server.get(path.format(setting.codes[1]), **JSON)
        told = json.loads(body)
        if path == STORED and body != expected:
            raise RuntimeError(f"{name} sends other bytes")
        if told != json.loads(expected) | {"code": told["code"]}:
            raise RuntimeError(f"{name} tells another story")


def _counts(setting: Setting, *, express: bool) -> dict[str, tuple[str, str]]:
    targets = _targets(setting, express=express, counting=True)
    found = {}
    for name, (server, path) in targets.items():
        commands, size = counted(server, setting.spread_reads(server.port, path, JSON))
        found[name] = words(commands), f"{size:,.0f}"
    setting.servers.stop(*{id(server): server for server, _ in targets.values()}.values())
    return found


def _report(
    setting: Setting, done: dict[str, Measured], counts: dict[str, tuple[str, str]], sizes: dict[str, int]
) -> None:
    setting.rows.append(table.heading(f"2. Cache miss: JSON, {CONNECTIONS} connections, codes of their own"))
    for name in (OURS, *(name for name in GOALS if name in done)):
        commands, size = counts[name]
        line = table.row(done[name], commands=commands, database_bytes=size, body=sizes[name])
        setting.rows.append(table.against(line, done[OURS], done[name], GOALS[name]) if name in GOALS else line)
