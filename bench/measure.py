"""One load on one server, with the CPU it cost; and rounds of them, interleaved: a noisy minute hits all alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench import client, machine
from bench.client import Job, Load
from bench.servers import Server
from scripts.database import RunningDatabase

GOOD = {"200", "201"}


@dataclass(frozen=True)
class Sample:
    """One round of one target. CPU is that of the server's processes and of the database's, for each request."""

    rate: float
    cpu_us: float
    database_us: float
    p50_ms: float
    p99_ms: float
    times_ms: Sequence[float]


@dataclass
class Measured:
    """A target with all its rounds."""

    name: str
    server: Server
    samples: list[Sample] = field(default_factory=list)

    def of(self, name: str) -> list[float]:
        return [getattr(sample, name) for sample in self.samples]

    def median(self, name: str) -> float:
        return median(self.of(name))


def once(server: Server, job: Job, database: RunningDatabase, send: Callable[[Job], Load] = client.run) -> Sample:
    """Send a job. Raises RuntimeError when an answer is not a good one: errors are fast and would flatter."""
    pids = machine.tree(database.process.pid) if database.process else []
    before, database_before = server.cpu_seconds(), machine.cpu_seconds(pids)
    load = send(job)
    cpu, database_cpu = server.cpu_seconds() - before, machine.cpu_seconds(pids) - database_before
    if not set(load.statuses) <= GOOD:
        raise RuntimeError(f"{server.name} answered {load.statuses}")
    each = 1e6 / load.requests
    return Sample(load.rate, cpu * each, database_cpu * each, load.p50_ms, load.p99_ms, load.times_ms)


def interleaved(
    targets: Mapping[str, tuple[Server, Job]],
    rounds: int,
    database: RunningDatabase,
    send: Callable[[Job], Load] = client.run,
) -> dict[str, Measured]:
    """Every target once a round, each round beginning with another; one unmeasured round before."""
    measured = {name: Measured(name, server) for name, (server, _) in targets.items()}
    names = list(targets)
    for number in range(-1, rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            sample = once(*targets[name], database, send)
            if number >= 0:
                measured[name].samples.append(sample)
    return measured


def times(ours: Measured, other: Measured) -> tuple[float, float]:
    """How many times the other's (rate, requests a CPU second) ours has: medians of the rounds' own ratios."""
    rounds = list(zip(ours.samples, other.samples, strict=True))
    rate = median(mine.rate / its.rate for mine, its in rounds)
    return rate, median(its.cpu_us / max(mine.cpu_us, 0.1) for mine, its in rounds)
