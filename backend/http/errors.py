"""One JSON shape for everything that goes wrong, in the caller's language, with a stable `reason` word.

`{"code", "status", "message", "reason", "hint"?, "field"?, "errors"?, "details"?, "request_id"}`: flask-smorest's own
shape and what a phone needs to show the right sentence and to mark the right field.
"""

import http as standard
from collections.abc import Mapping
from functools import cache
from typing import Any

import structlog
from flask import Response, jsonify
from pymongo.errors import ConnectionFailure, ExecutionTimeout
from werkzeug.exceptions import HTTPException

from backend.base import vocab
from backend.base.errors import Problem
from backend.http import language, messages, observe

log = structlog.get_logger(__name__)
HTTP_REASONS = {
    400: "bad_request",
    401: "login_required",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    408: "request_timeout",
    411: "length_required",
    413: "too_large",
    414: "too_large",
    415: "unsupported_media",
    422: "invalid_input",
    428: "version_required",
    429: "too_many_requests",
    431: "too_large",
    503: "unavailable",
}


@cache
def _reasons() -> Mapping[str, vocab.Term]:
    names = sorted(path.stem for path in vocab.DIRECTORY.glob("reasons_*.json"))
    return {term.code: term for name in names for term in vocab.get(name)}


def words(reason: str, params: Mapping[str, Any], lang: str) -> tuple[str, str | None]:
    """The sentence and the hint for a reason. A parameter the text wants and nobody gave is left as `…`."""
    term = _reasons().get(reason)
    if term is None:
        return reason, None
    filled = _Filled({name: _said(value, lang) for name, value in params.items()})
    hint = term.get(f"hint_{lang}") or term.get("hint_zh")
    return term.label(lang).format_map(filled), hint.format_map(filled) if hint else None


def _said(value: Any, lang: str) -> Any:
    """A vocabulary's term in the reader's language; a problem inside a problem as its sentence."""
    if isinstance(value, vocab.Term):
        return value.label(lang)
    return words(value.reason, value.params, lang)[0] if isinstance(value, Problem) else value


class _Filled(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def describe(problem: Problem, lang: str | None = None) -> dict[str, Any]:
    """The parts of the error shape that a problem itself decides; also used per item of a batch."""
    wanted = lang or language.wanted()
    message, hint = words(problem.reason, problem.params, wanted)
    parts = {
        "reason": problem.reason,
        "message": message,
        "hint": hint,
        "field": problem.field,
        "details": _detailed(problem.details, wanted),
    }
    return {key: value for key, value in parts.items() if value is not None}


def _detailed(details: Any, lang: str) -> Any:
    """Problems among the details are described like the problem that carries them."""
    if isinstance(details, list | tuple):
        return [describe(one, lang) if isinstance(one, Problem) else one for one in details]
    return details


def respond(status: int, parts: Mapping[str, Any]) -> Response:
    body = {"code": status, "status": standard.HTTPStatus(status).phrase, **parts, "request_id": observe.request_id()}
    response = jsonify(body)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def on_problem(problem: Problem) -> Response:
    if problem.status >= 500:
        log.warning("gateway.failed", reason=problem.reason)
    response = respond(problem.status, describe(problem))
    if problem.status in (429, 503):
        response.headers["Retry-After"] = str(problem.params.get("retry_after", 60))
    return response


def on_http_exception(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()  # type: ignore[return-value]
    reason = HTTP_REASONS.get(status, "internal_error" if status >= 500 else "bad_request")
    message, hint = words(reason, {}, language.wanted())
    parts: dict[str, Any] = {"reason": reason, "message": message} | ({"hint": hint} if hint else {})
    data = getattr(error, "data", None) or {}
    if found := data.get("messages") or data.get("errors"):
        parts["errors"] = messages.translated(found, language.wanted())
    response = respond(status, parts)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def on_database_failure(error: Exception) -> Response:
    log.error("database.unreachable", error=type(error).__name__)
    message, hint = words("unavailable", {}, language.wanted())
    response = respond(503, {"reason": "unavailable", "message": message, "hint": hint})
    response.headers["Retry-After"] = "5"
    return response


DATABASE_FAILURES = (ConnectionFailure, ExecutionTimeout)
