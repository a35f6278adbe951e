"""Rate limits on what strangers can call, kept in MongoDB; the keys are keyed hashes, so no address is stored."""

import hashlib
import hmac
import json
from collections.abc import Callable

from flask import Flask, request
from flask_limiter import Limiter
from limits import RateLimitItemPerMinute

from backend.base import salts
from backend.base.errors import TooMany
from backend.config import Settings

DEVICE_COOKIE = "device"
DEVICE_LENGTH = 16
_hash: Callable[[str], str] = str


def by_address() -> str:
    return _hash("address:" + (request.remote_addr or ""))


def by_body(field: str) -> Callable[[], str]:
    """A key from one field of the JSON body (a login name, say), so that one address may serve a training room."""

    def key() -> str:
        try:
            body = json.loads(request.get_data(cache=True) or b"{}")
            value = str(body.get(field, ""))[:200]
        except (ValueError, AttributeError, RecursionError):
            value = ""
        return _hash(f"{field}:{value}")

    return key


def by_bearer() -> str:
    return _hash("bearer:" + request.headers.get("Authorization", request.remote_addr or ""))


def by_device() -> str:
    """A device by the id it carries (a cookie of our pages, or a header), else its address; hashed under a salt that
    lives half a day, so that afterwards nobody can tell who asked. A training room at one address is many devices."""
    carried = request.cookies.get(DEVICE_COOKIE) or request.headers.get("X-Device-Id") or ""
    name = f"device:{carried[:64]}" if len(carried) >= DEVICE_LENGTH else f"address:{request.remote_addr}"
    return "day:" + hmac.new(salts.current(), name.encode(), hashlib.sha256).hexdigest()[:32]


def spend(who: str, *, per_minute: int) -> None:
    """Count one request of this caller. Raises TooMany when the minute's are spent."""
    if limiter.enabled and not limiter.limiter.hit(RateLimitItemPerMinute(per_minute), _hash(who)):
        raise TooMany("too_many_requests")


limiter = Limiter(key_func=by_address, headers_enabled=False, strategy="fixed-window")


def install(app: Flask, settings: Settings, keyed_hash: Callable[[str, str], str]) -> None:
    global _hash  # noqa: PLW0603 - the limiter is one per process, so is its key
    _hash = lambda value: keyed_hash("rate-limit", value)[:32]  # noqa: E731 - a partial would hide the cut
    app.config.update(
        RATELIMIT_STORAGE_URI=settings.mongodb_uri if settings.rate_limits else "memory://",
        RATELIMIT_ENABLED=True,
    )
    limiter.init_app(app)
    limiter.enabled = settings.rate_limits
