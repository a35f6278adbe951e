"""What can go wrong, by what it means to the caller; the words are data in schemas/vocab/reasons.json.

Raise `RuleBroken("phi_not_over", days=3, until="2026-06-01")`: the reason is stable and machine-readable, the
parameters fill the sentence a person reads, in the language they asked for.
"""

from typing import Any


class Problem(Exception):  # noqa: N818 - most are answers, not errors; RFC 9457 calls them problems too
    """Base of all expected failures. `status` is HTTP's word for the kind of failure."""

    status = 500

    def __init__(self, reason: str, *, field: str | None = None, details: Any = None, **params: Any) -> None:
        super().__init__(reason, params)
        self.reason = reason
        self.field = field
        self.details = details
        self.params = params


class BadRequest(Problem):
    status = 400


class Unauthenticated(Problem):
    status = 401


class Forbidden(Problem):
    status = 403


class NotFound(Problem):
    """Also what a stranger gets for something that exists: its existence is not theirs to know."""

    status = 404

    def __init__(self, reason: str = "not_found", **params: Any) -> None:
        super().__init__(reason, **params)


class Conflict(Problem):
    status = 409


class StaleVersion(Problem):
    """The If-Match version is not the current one."""

    status = 412


class TooLarge(Problem):
    status = 413


class UnsupportedMedia(Problem):
    status = 415


class RuleBroken(Problem):
    """Well-formed, but a rule of law or of the platform says no."""

    status = 422


class TooMany(Problem):
    status = 429


class GatewayFailed(Problem):
    """An outside service failed; nothing was changed here, trying again is safe."""

    status = 502


class Unavailable(Problem):
    status = 503
