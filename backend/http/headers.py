"""Security headers of every answer; the trace reader in front of Flask sends the same."""

import base64
import hashlib

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


def permitting(script: str) -> tuple[tuple[str, str], ...]:
    """`SECURITY` for a page with this one script in itself: the policy names its hash (CSP level 3, 2.3.1)."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = CONTENT_POLICY.replace("script-src 'self'", f"script-src 'self' 'sha256-{digest}'")
    return tuple((name, policy if value is CONTENT_POLICY else value) for name, value in SECURITY)


def _add(response: Response) -> Response:
    for name, value in SECURITY:
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault(*STRICT_TRANSPORT)
    return response


def install(app: Flask) -> None:
    app.after_request(_add)
