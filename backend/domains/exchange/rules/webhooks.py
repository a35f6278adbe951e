"""Webhooks as the Standard Webhooks convention has them (standardwebhooks.com, version 1.0.0): the signature, and what
an address must look like."""

import base64
import hashlib
import hmac
import ipaddress
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from backend.base.errors import RuleBroken

MARK = "whsec_"
SECRET_BYTES = 32
TOLERANCE_SECONDS = 300
HOME_NAMES = (".localhost", ".local", ".internal", ".home.arpa")


def secret_of(raw: bytes) -> str:
    """A secret as a receiver keeps it."""
    return MARK + base64.b64encode(raw).decode()


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and HMAC-SHA-256 over `id.timestamp.body` under the secret's bytes, in base64."""
    key = base64.b64decode(secret.removeprefix(MARK))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(secrets: Sequence[str], *, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What goes with a message; while a secret is being changed, one signature for each."""
    signed = [signature(one, message_id=message_id, timestamp=timestamp, body=body) for one in secrets]
    return {
        "content-type": "application/json; charset=utf-8",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signed),
    }


def is_signed(secret: str, given: Mapping[str, str], body: bytes, *, now: int) -> bool:
    """The receiver's side: whether a message is ours, whole and recent. Every signature is compared."""
    timestamp = given.get("webhook-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    message_id = given.get("webhook-id", "")
    expected = signature(secret, message_id=message_id, timestamp=int(timestamp), body=body).encode()
    offered = given.get("webhook-signature", "").split(" ")
    return any([hmac.compare_digest(one.encode(), expected) for one in offered])  # noqa: C419 - no early end


def check_url(url: str, *, private: bool) -> None:
    """Raises RuleBroken `webhook_url_wrong`, `webhook_url_private`. A name is looked up when something is sent."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise RuleBroken("webhook_url_wrong", field="url") from None
    schemes = ("https", "http") if private else ("https",)
    named = parts.username is None and parts.password is None and not parts.fragment
    if parts.scheme not in schemes or not host or not named or port == 0 or not url.isascii() or " " in url:
        raise RuleBroken("webhook_url_wrong", field="url")
    if not private and _is_home(host):
        raise RuleBroken("webhook_url_private", field="url")


def _is_home(host: str) -> bool:
    """An address written out that is not of the open internet, or a name that never is."""
    name = f".{host.lower().rstrip('.')}"
    try:
        return not ipaddress.ip_address(host.partition("%")[0]).is_global
    except ValueError:
        return name.endswith(HOME_NAMES) or "." not in name[1:]


def payload(kind: str, moment: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    """The body: what happened, when, and to what; who wants more asks for it with its key."""
    return {"type": kind, "timestamp": moment, "data": dict(shown)}


def written(body: Mapping[str, Any]) -> str:
    """The bytes that are signed and sent, the same at every attempt."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def host_of(url: str) -> str:
    """Where it goes, for people: without path and query, which may hold a receiver's own secret."""
    return urlsplit(url).hostname or ""
