"""wrk as the client of a single address, where it is installed: it needs a third of the CPU that ours does."""

import re
import shutil
import subprocess

from bench.client import Job, Load

UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def found() -> bool:
    return shutil.which("wrk") is not None


def run(job: Job) -> Load:
    """Send the first request of a job on as many connections as it has."""
    head = job.connections[0][0].split("\r\n")
    path = head[0].split()[1]
    headers = [word for line in head[1:] if line for word in ("-H", line)]
    command = ["wrk", "-t1", f"-c{len(job.connections)}", f"-d{max(1, round(job.seconds))}s", "--latency", *headers]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{job.port}{path}"], check=True, capture_output=True, text=True
    ).stdout
    counted = re.search(r"(\d+) requests in ([\d.]+)s", done)
    assert counted, done
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done) or re.search(r"Socket errors: (.*)", done)
    statuses = {f"bad: {bad[1]}": 1} if bad else {"200": int(counted[1])}
    p50, p99 = (_milliseconds(done, part) for part in ("50%", "99%"))
    return Load(int(counted[1]), float(counted[2]), statuses, 0, p50, p99)


def _milliseconds(said: str, part: str) -> float:
    match = re.search(rf"{part}\s+([\d.]+)(us|ms|s)", said)
    assert match, said
    return float(match[1]) * UNITS[match[2]]
