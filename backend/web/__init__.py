"""Server-rendered pages: the public trace and its reader, the home page, scanning a photo, kind pages for failures."""

import functools
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask

from backend import gateways
from backend.base import store
from backend.domains.tracing import service as tracing
from backend.http import errors, headers, observe
from backend.web import (
    bulletin,
    failing,
    flags,
    links,
    notes,
    open_data,
    pages,
    phone,
    pushed,
    reading,
    recalls,
    reporting,
    rulebooks,
    site,
    verifying,
)
from backend.web.reader import Answer, TraceReader, Traces, made
from backend.web.scans import ScanCounter

__all__ = ["Web", "register"]
COLLECTION = "public_traces"
RENDITIONS = ("json", "html_zh", "html_en")


@dataclass(frozen=True, slots=True)
class Web:
    """What the reader and the Flask view share."""

    traces: Traces
    problems: Mapping[tuple[str, str, bool], Answer]
    counter: ScanCounter
    places: ScanCounter


def register(app: Flask, *, reader: bool = True) -> Web:
    """Add the pages to an app and, unless `reader` is False, mount the trace reader in front of it."""
    settings = gateways.current().settings
    tracing.render_with(pages.trace)
    parts = Web(
        traces=Traces(
            lambda: store.collection(COLLECTION),
            ttl=settings.trace_ttl_seconds,
            entries=settings.trace_cache_entries,
            security=headers.permitting(pages.first_frame()),
        ),
        problems=_problems(),
        counter=ScanCounter(tracing.count_scans),
        places=ScanCounter(tracing.count_places),
    )
    tracing.on_change(parts.traces.forget)
    app.extensions["longtrace.web"] = parts
    app.register_blueprint(site.blueprint)
    app.register_blueprint(links.blueprint)
    app.register_blueprint(reporting.blueprint)
    app.register_blueprint(recalls.blueprint)
    app.register_blueprint(flags.blueprint)
    app.register_blueprint(rulebooks.blueprint)
    app.register_blueprint(reading.blueprint)
    app.register_blueprint(bulletin.blueprint)
    app.register_blueprint(open_data.blueprint)
    app.register_blueprint(phone.blueprint)
    app.register_blueprint(pushed.blueprint)
    app.register_blueprint(verifying.blueprint)
    failing.install(app)
    if reader:
        mounted = TraceReader(
            parts.traces,
            app.wsgi_app,
            problems=parts.problems,
            count=parts.counter.note,
            place=parts.places.note,
            finished=_observed,
        )
        app.wsgi_app = mounted  # type: ignore[method-assign, assignment]
    return parts


def _problems() -> dict[tuple[str, str, bool], Answer]:
    """The finished answers for an unknown code and for a database out of reach, in every rendition."""
    found = {}
    for kind, status, reason in (("missing", 404, "trace_not_found"), ("unavailable", 503, "unavailable")):
        for name in RENDITIONS:
            body = _json(status, reason) if name == "json" else notes.page(reason, name[-2:]).encode()
            found[kind, name, False] = made(body, None, name, False, headers.SECURITY)
            found[kind, name, True] = made(gzip.compress(body, 9, mtime=0), None, name, True, headers.SECURITY)
    return found


def _json(status: int, reason: str) -> bytes:
    """The one error shape in Chinese; it names no request, because every unknown code must get the same bytes."""
    message, hint = errors.words(reason, {}, "zh")
    shape: dict[str, Any] = {"code": status, "reason": reason, "message": message, "hint": hint}
    return json.dumps(shape, ensure_ascii=False).encode()


@functools.cache
def _counted(status: int) -> Any:
    return observe.REQUESTS.labels("/t/<code>", "GET", status)


def _observed(status: int) -> None:
    _counted(status).inc()
