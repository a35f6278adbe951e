"""Kind pages for browsers where no blueprint answers: unknown addresses, wrong methods, our own failures."""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from backend.http import errors
from backend.web import negotiate, notes
from backend.web.site import html, lang

STATUSES = (404, 405, 413, 429, 500, 503)
FOR_MACHINES = ("/api", "/metrics", "/healthz", "/readyz")


def _answer(error: HTTPException) -> Response:
    page = not request.path.startswith(FOR_MACHINES) and not negotiate.wants_json(request.headers.get("Accept", ""))
    if not page:
        return errors.on_http_exception(error)
    status = error.code or 500
    response = html(notes.page(errors.HTTP_REASONS.get(status, "internal_error"), lang()), status)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def install(app: Flask) -> None:
    for status in STATUSES:
        app.register_error_handler(status, _answer)
