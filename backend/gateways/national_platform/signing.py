"""Signed requests: a keyed hash over method, path, time, digest of the body and message id. Names are data."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

ALGORITHMS = {"hmac-sha256": hashlib.sha256, "hmac-sha512": hashlib.sha512}
CLOCK_SECONDS = 300  # how far two clocks may lie apart


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def signature(
    spec: Mapping[str, Any], secret: bytes, *, path: str, timestamp: str, body: bytes, message_id: str
) -> str:
    """Of a POST, in hexadecimal, over the parts that `spec` names, a line each."""
    parts = {"method": "POST", "path": path, "timestamp": timestamp, "digest": digest(body), "message": message_id}
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
        names["signature"]: signature(spec, secret, path=path, timestamp=timestamp, body=body, message_id=message_id),
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
    message_id = given.get(names["message"], "")
    expected = signature(spec, secret, path=path, timestamp=timestamp, body=body, message_id=message_id)
    known = hmac.compare_digest(given.get(names["key"], "").encode(), key_id.encode())
    whole = hmac.compare_digest(given.get(names["digest"], "").encode(), digest(body).encode())
    return hmac.compare_digest(given.get(names["signature"], "").encode(), expected.encode()) and known and whole
