"""/healthz: this process runs. /readyz: the database answers and the worker is alive."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import Flask, Response, jsonify

log = structlog.get_logger(__name__)
Probe = Callable[[], Mapping[str, Any]]


def _ready(probes: Mapping[str, Probe]) -> Response:
    report: dict[str, Any] = {}
    for name, probe in probes.items():
        try:
            report[name] = {"ok": True, **probe()}
        except Exception as error:
            log.warning("not_ready", part=name, error=type(error).__name__)
            report[name] = {"ok": False, "error": type(error).__name__}
    ready = all(part["ok"] for part in report.values())
    response = jsonify({"ready": ready, "parts": report})
    response.status_code = 200 if ready else 503
    response.headers["Cache-Control"] = "no-store"
    return response


def install(app: Flask, probes: Mapping[str, Probe]) -> None:
    """A probe returns details, `ok` False among them or an exception when its part is not ready."""
    app.add_url_rule("/healthz", "healthz", lambda: {"alive": True})
    app.add_url_rule("/readyz", "readyz", lambda: _ready(probes))
