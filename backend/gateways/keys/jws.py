"""Compact JWS (RFC 7515): the form in which everything that is signed travels; any JOSE library verifies it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.gateways.keys.algorithms import decode, encode

MAX_LENGTH = 8192


@dataclass(frozen=True, slots=True)
class Parsed:
    """A token taken apart and not yet believed. `message` is what the signature covers."""

    header: Mapping[str, Any]
    payload: bytes
    message: bytes
    signature: bytes


def message_of(header: Mapping[str, Any], payload: bytes) -> bytes:
    """What is signed. The header is written without spaces: it goes into QR codes."""
    return f"{encode(json.dumps(dict(header), separators=(',', ':')).encode())}.{encode(payload)}".encode()


def compact(message: bytes, signature: bytes) -> str:
    return f"{message.decode()}.{encode(signature)}"


def parse(token: str) -> Parsed:
    """Raises ValueError for anything that is no compact JWS with a header that names `alg` and `kid`."""
    if len(token) > MAX_LENGTH or not token.isascii():
        raise ValueError("too long, or not ASCII")
    head, payload, signature = token.split(".")
    header = json.loads(decode(head))
    if not isinstance(header, dict) or not all(isinstance(header.get(name), str) for name in ("alg", "kid")):
        raise ValueError("header without alg and kid")
    return Parsed(header, decode(payload), f"{head}.{payload}".encode(), decode(signature))
