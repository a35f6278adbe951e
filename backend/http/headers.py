"""Security headers of every answer; the trace reader in front of Flask sends the same."""

from flask import Flask, Response, request

CONTENT_POLICY = (
    "default-src 'none'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'; worker-src 'self'"
)
SECURITY: tuple[tuple[str, str], ...] = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Content-Security-Policy", CONTENT_POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()"),
)
STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def _add(response: Response) -> Response:
    for name, value in SECURITY:
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault(*STRICT_TRANSPORT)
    return response


def install(app: Flask) -> None:
    app.after_request(_add)
