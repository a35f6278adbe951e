"""The worker's turn: news is told to receivers, receivers are served side by side, and a slow one is not waited for."""

import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

import structlog

from backend.base import ids, leases
from backend.domains.exchange.models import DeliveryLine
from backend.domains.exchange.service import deliveries, national, webhooks_news, webhooks_sending
from backend.domains.exchange.service.deliveries_serving import Send, serve

log = structlog.get_logger(__name__)
AT_ONCE = 8
LINES_A_TURN = 50
LINE_SECONDS = 5.0  # of one receiver in one turn, and one request more
LEASE_SECONDS = 60  # longer than a line can take: two workers never serve the same receiver
SENDERS: Mapping[str, Send] = {"webhook": webhooks_sending.send, "national": national.send}

_holder = ids.token(12)
_running: dict[str, Future[int]] = {}
_lock = threading.Lock()
_pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="deliveries")


def deliver(patience: float = 1.0) -> int:
    """A turn: tell the news, start on every receiver for whom something is due, and wait at most `patience` seconds:
    whoever is slow goes on beside the next turns. Returns how many messages were taken within the turn."""
    told = serve(deliveries.NEWS, webhooks_news.tell, seconds=LINE_SECONDS)
    national.keep_line()
    with _lock:
        for target in [target for target, one in _running.items() if one.done()]:
            del _running[target]
    started = [_started(line) for line in deliveries.due_lines(LINES_A_TURN) if line.id not in _running]
    wait(started, timeout=patience)
    return told + sum(one.result() for one in started if one.done())


def _started(line: DeliveryLine) -> Future[int]:
    with _lock:
        future = _pool.submit(_serve_leased, str(line.id), SENDERS[line.channel])
        _running[str(line.id)] = future
    return future


def _serve_leased(target: str, send: Send) -> int:
    lease = f"delivery:{target}"
    try:
        if not leases.take(lease, _holder, LEASE_SECONDS):
            return 0
        try:
            return serve(target, send, seconds=LINE_SECONDS)
        finally:
            leases.give_back(lease, _holder)
    except Exception:
        log.exception("delivery.line_failed", target=target)
        return 0
