"""The periodic and queued jobs, each one call into a service: `python -m backend.worker`.

Any number of workers may run: each job is taken by lease, so that two never do the same one at the same time, and a
dead worker's lease runs out.
"""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from backend import config
from backend.app import create_app
from backend.base import events, ids, leases, salts
from backend.domains.certificates import service as certificates
from backend.domains.complaints import service as complaints
from backend.domains.evidence import service as evidence
from backend.domains.exchange import service as exchange
from backend.domains.farming import service as farming
from backend.domains.inbox import service as inbox
from backend.domains.inputs import service as inputs
from backend.domains.producers import service as producers
from backend.domains.tracing import service as tracing

log = structlog.get_logger(__name__)
BEAT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Job:
    """`run` is called every `seconds` by one worker at a time; it returns how many things it did."""

    name: str
    seconds: float
    run: Callable[[], int]
    lease_seconds: int = 120


JOBS: tuple[Job, ...] = (
    Job("outbox", 0.5, events.deliver),
    Job("outbox-dead", 60, events.deliver_dead_again),
    Job("seal", 10, evidence.seal),
    Job("timestamps", 60, evidence.stamp),  # never within "seal": who is asked may be slow, or gone
    Job("scan-summaries", 30, tracing.refresh_scan_summaries),
    Job("recalls", 0.5, tracing.spread_recalls),
    Job("notices", 5, inbox.send_due),
    Job("related-reading", 5, tracing.retell_related),
    Job("complaints-waiting", 300, complaints.release_waiting),
    Job("photo-checks", 300, complaints.give_up_photo_checks),
    Job("complaint-clocks", 3600, complaints.recount),
    Job("complaint-digests", 60, complaints.send_digests),
    Job("harvest-days", 60, farming.tell_harvests),
    Job("declaration-reminders", 60, producers.remind_of_declarations),
    Job("holiday-years", 3600, complaints.warn_of_missing_years),
    Job("revocations", 30, certificates.publish_revocations),
    Job("rulebook-catalogues", 2, inputs.copy_products),
    Job("rulebook-impacts", 1, certificates.walk_impacts),
    Job("rulebook-days", 60, inputs.activate_due),
    Job("deliveries", 1, exchange.deliver),
    Job("delivery-log", 3600, exchange.tidy_deliveries),
    Job("webhooks-ended", 60, exchange.sweep_webhooks),
    Job("open-data", 15, exchange.build_dumps, lease_seconds=600),
    Job("salts", 600, salts.forget),
)


def run_job(job: Job, holder: str) -> int:
    """Run the job if its lease can be had; a failure is logged and the next turn tries again."""
    try:
        if not leases.take(job.name, holder, job.lease_seconds):
            return 0
        done = job.run()
    except Exception:
        log.exception("job.failed", job=job.name)
        return 0
    if done:
        log.info("job.done", job=job.name, count=done)
    return done


def schedule(holder: str) -> BackgroundScheduler:
    """A scheduler with every job and the heartbeat; one run of a job at a time, missed turns are run once."""
    defaults = {"coalesce": True, "max_instances": 1}
    scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(4)}, job_defaults=defaults, timezone=UTC)
    soon = datetime.now(UTC)
    scheduler.add_job(leases.beat, "interval", args=[holder], seconds=BEAT_SECONDS, id="heartbeat", next_run_time=soon)
    for job in JOBS:
        scheduler.add_job(run_job, "interval", args=[job, holder], seconds=job.seconds, id=job.name, next_run_time=soon)
    return scheduler


def main() -> int:
    """Run until SIGTERM or SIGINT; running jobs are finished first and their leases given back."""
    create_app(replace(config.load(), rate_limits=False))  # nobody calls a worker
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a turn that is skipped while one runs is no news
    holder = f"{socket.gethostname()}:{os.getpid()}:{ids.token(6)}"
    stop = threading.Event()

    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, asked)
    signal.signal(signal.SIGINT, asked)
    scheduler = schedule(holder)
    scheduler.start()
    log.info("worker.started", jobs=[job.name for job in JOBS])
    stop.wait()
    scheduler.shutdown(wait=True)
    for job in JOBS:
        leases.give_back(job.name, holder)
    log.info("worker.stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
