"""Runs the points on a real database and prints the one table. Called by `bench/run`."""

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pymongo

from backend.base import store
from bench import ground, report, table, wrk
from bench.points import hot, issue, memory, miss, recall, sync, tree
from bench.servers import Servers
from bench.setting import FULL, QUICK, Setting
from scripts.database import RunningDatabase, start_embedded
from scripts.environment import say

POINTS = {
    "hot": hot.run,
    "miss": miss.run,
    "sync": sync.run,
    "issue": issue.run,
    "tree": tree.run,
    "memory": memory.run,
    "recall": recall.run,
}


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run of under a minute; its figures mean little")
    parser.add_argument("--points", default=",".join(POINTS), help="some of them, by comma (default: %(default)s)")
    parser.add_argument("--farms", type=int, default=8, help="how many write at once (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="put the table into bench/RESULTS.md")
    chosen = parser.parse_args(arguments)
    chosen.points = chosen.points.split(",")
    if unknown := set(chosen.points) - set(POINTS):
        parser.error(f"no such point: {', '.join(sorted(unknown))}")
    return chosen


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = parse(arguments)
    began, load_before = time.monotonic(), report.busy()
    with tempfile.TemporaryDirectory(prefix="longtrace-bench-") as scratch:
        database = _given() or start_embedded(Path(scratch) / "db")
        try:
            setting = _measured(chosen, database, Path(scratch))
        finally:
            _drop_given(database)
            store.close()
            database.stop()
    printed = table.markdown(setting.rows)
    print(f"\n{printed}\n")
    for note in setting.notes:
        print(f"!!! {note}")
    say(f"{time.monotonic() - began:.0f} s")
    failed = any("FAILED" in note for note in setting.notes)
    if chosen.write and not failed:
        report.write(printed, setting.notes, load_before, quick=chosen.quick)
    return int(failed)


def _given() -> RunningDatabase | None:
    """A database of our own name on the server that BENCH_MONGODB_URI names (without a database name), if it does."""
    uri = os.environ.get(report.GIVEN)
    if not uri:
        return None
    parts = urlsplit(uri)
    return RunningDatabase(urlunsplit(parts._replace(path=f"/longtrace_bench_{os.getpid()}")))


def _drop_given(database: RunningDatabase) -> None:
    if database.process is None:
        with pymongo.MongoClient(database.uri) as client:
            client.drop_database(client.get_default_database().name)


def _measured(chosen: argparse.Namespace, database: RunningDatabase, scratch: Path) -> Setting:
    effort = QUICK if chosen.quick else FULL
    environ = ground.environment(database.uri) | {"KEYS_DIR": str(scratch / "keys")}
    say(f"filling the database: {chosen.farms} farms, {effort.copies} traces")
    app = ground.connect(environ)
    farms = ground.farms(app, chosen.farms)
    codes = ground.traces(farms[0], effort.copies)
    for farm in farms[1:]:
        farm.batch("batch-first")
    servers = Servers(report.clean_environ() | environ | {"LONGTRACE_VAR": str(scratch)}, scratch)
    setting = Setting(effort, database, servers, farms, codes, ground.story(codes[0]), scratch)
    if not wrk.found():
        setting.notes.append(
            "wrk is not on PATH: the client of point 1 is a Python process and may be the slower side."
        )
    try:
        for name in chosen.points:
            say(f"measuring: {name}")
            try:
                POINTS[name](setting)
            except Exception as error:
                traceback.print_exc()
                setting.notes.append(f"point {name} FAILED: {error}")
    finally:
        servers.stop()
    return setting


if __name__ == "__main__":
    sys.exit(main())
