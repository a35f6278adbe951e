"""What every point is given: the database, the servers, the farms, how long to measure, and where the rows go."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import client
from bench.client import Job
from bench.ground import Farm
from bench.servers import Server, Servers
from bench.table import Row
from scripts.database import RunningDatabase

CONNECTIONS = 32


@dataclass(frozen=True)
class Effort:
    """How much to measure."""

    rounds: int
    seconds: float  # of one round of a read
    writes: int  # of one round of a write, on each connection
    copies: int  # of the trace


FULL = Effort(rounds=6, seconds=3, writes=20, copies=960)
QUICK = Effort(rounds=1, seconds=0.5, writes=2, copies=96)


@dataclass
class Setting:
    effort: Effort
    database: RunningDatabase
    servers: Servers
    farms: Sequence[Farm]
    codes: Sequence[str]
    story: dict[str, Any]
    scratch: Path
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def spread_reads(self, port: int, template: str, headers: dict[str, str] | None = None) -> Job:
        """Every connection reads codes of its own, so that no two share one read of the database."""
        reads = [client.request("GET", template.format(code), headers) for code in self.codes]
        return Job(port, [reads[number::CONNECTIONS] for number in range(CONNECTIONS)], self.effort.seconds)

    def writes(self, port: int, path: str, bodies: Sequence[Sequence[bytes]]) -> Job:
        """Each farm's own connection sends its own bodies once, one after the other."""
        return Job(
            port,
            [
                [client.request("POST", path, {"Authorization": f"Bearer {farm.token}"}, body) for body in own]
                for farm, own in zip(self.farms, bodies, strict=True)
            ],
        )


def counted(server: Server, job: Job) -> tuple[dict[str, float], float]:
    """(database commands, database bytes) of each request of a job that a counting server answers."""
    server.counts()
    load = client.run(job)
    if not set(load.statuses) <= {"200", "201"}:
        raise RuntimeError(f"{server.name} answered {load.statuses}")
    told = server.counts()
    total = told["sent"] + told["received"]
    return {name: count / load.requests for name, count in told["commands"].items()}, total / load.requests


def words(commands: dict[str, float]) -> str:
    """`5 (find 4, insert 1)`."""
    parts = ", ".join(f"{name} {count:.3g}" for name, count in sorted(commands.items()))
    return f"{sum(commands.values()):.3g} ({parts})" if parts else "0"
