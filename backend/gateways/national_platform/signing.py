"""Signed requests: a keyed hash over method, path, time and the digest of the body. Names are the mapping's data."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

ALGORITHMS = {"hmac-sha256": hashlib.sha256, "hmac-sha512": hashlib.sha512}
CLOCK_SECONDS = 300  # how far two clocks may lie apart


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def signature(spec: Mapping[str, Any], secret: bytes, *, method: str, path: str, timestamp: str, body: bytes) -> str:
    """In hexadecimal, over the parts that `spec` names, a line each."""
    parts = {"method": method.upper(), "path": path, "timestamp": timestamp, "digest": digest(body)}
    text = "\n".join(parts[name] for name in spec["covers"])
    return hmac.new(secret, text.encode(), ALGORITHMS[spec["algorithm"]]).hexdigest()


def headers(
    spec: Mapping[str, Any], *, key_id: str, secret: bytes, path: str, timestamp: str, body: bytes, message_id: str
) -> dict[str, str]:
    """What goes with a POST of this body."""
    names = spec["headers"]
    return {
        names["key"]: key_id,
        names["timestamp"]: timestamp,
        names["digest"]: digest(body),
        names["message"]: message_id,
        names["signature"]: signature(spec, secret, method="POST", path=path, timestamp=timestamp, body=body),
    }


def fits(
    spec: Mapping[str, Any],
    given: Mapping[str, str],
    *,
    key_id: str,
    secret: bytes,
    path: str,
    body: bytes,
    now: float,
) -> bool:
    """Whether a request is signed by who knows the secret, of this body, and just now: the receiving side's check."""
    names = spec["headers"]
    timestamp = given.get(names["timestamp"], "")
    if not timestamp.isascii() or not timestamp.isdigit() or abs(now - int(timestamp)) > CLOCK_SECONDS:
        return False
    expected = signature(spec, secret, method="POST", path=path, timestamp=timestamp, body=body)
    known = hmac.compare_digest(given.get(names["key"], "").encode(), key_id.encode())
    whole = hmac.compare_digest(given.get(names["digest"], "").encode(), digest(body).encode())
    return hmac.compare_digest(given.get(names["signature"], "").encode(), expected.encode()) and known and whole
