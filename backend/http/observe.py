"""Request ids, structured logs and metrics. Routes are named by their rule, never by their path: no codes, no ids,
no addresses and no personal data in a log line."""

import hmac
import logging
import re
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, has_request_context, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

from backend.base import ids
from backend.base.errors import NotFound

log = structlog.get_logger("http")
REQUEST_ID = re.compile(r"[0-9A-Za-z_-]{8,64}\Z")
REQUESTS = Counter("http_requests_total", "Requests by route and status", ["route", "method", "status"])
SECONDS = Histogram("http_request_seconds", "Time to answer, by route", ["route", "method"])


def configure(log_format: str) -> None:
    """JSON lines for machines, or readable lines for people (`console`)."""
    renderer: Any = (
        structlog.dev.ConsoleRenderer()
        if log_format == "console"
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def request_id() -> str:
    return str(g.get("request_id", "")) if has_request_context() else ""


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "unmatched"


def begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if REQUEST_ID.match(given) else ids.token(16)
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def end(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    REQUESTS.labels(_route(), request.method, response.status_code).inc()
    SECONDS.labels(_route(), request.method).observe(seconds)
    response.headers["X-Request-ID"] = request_id()
    log.info("request", method=request.method, route=_route(), status=response.status_code, ms=round(seconds * 1000, 1))
    return response


def metrics(token: str) -> Response:
    """Prometheus text; for the holder of the token, or without one for the loopback interface alone."""
    given = request.headers.get("Authorization", "")
    local = request.remote_addr in ("127.0.0.1", "::1") and "X-Forwarded-For" not in request.headers
    if not (hmac.compare_digest(given.encode(), f"Bearer {token}".encode()) if token else local):
        raise NotFound
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def install(app: Flask, metrics_token: str) -> None:
    app.before_request(begin)
    app.after_request(end)
    app.add_url_rule("/metrics", "metrics", lambda: metrics(metrics_token))
