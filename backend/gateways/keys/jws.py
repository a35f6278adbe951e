"""Compact JWS (RFC 7515): the form in which everything that is signed travels; any JOSE library verifies it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.gateways.keys.algorithms import decode, encode

MAX_LENGTH = 8192
PACKED = 1
SIGNATURE_BYTES = 64  # of EdDSA, ES256 and SM2 alike
MAX_DIGITS = 4000  # Python refuses to read longer numbers anyway


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


def to_digits(token: str) -> str:
    """The token as one decimal number, for a QR code's numeric mode: 41 % fewer modules than its text, and harmless in
    an address. The number's bytes are 1, the header's length, header, payload, and the 64 bytes of the signature."""
    header, payload, signature = (decode(part) for part in token.split("."))
    if len(header) > 255 or len(signature) != SIGNATURE_BYTES:
        raise ValueError("not a token of ours")
    return str(int.from_bytes(bytes([PACKED, len(header)]) + header + payload + signature))


def from_digits(digits: str) -> str:
    """The token that `to_digits` packed. Raises ValueError."""
    if not (digits.isascii() and digits.isdigit()) or len(digits) > MAX_DIGITS:
        raise ValueError("not a number of ours")
    number = int(digits)
    packed = number.to_bytes((number.bit_length() + 7) // 8)
    if len(packed) < 2 + SIGNATURE_BYTES or packed[0] != PACKED or len(packed) < 2 + packed[1] + SIGNATURE_BYTES:
        raise ValueError("not packed")
    start = 2 + packed[1]
    parts = packed[2:start], packed[start:-SIGNATURE_BYTES], packed[-SIGNATURE_BYTES:]
    return ".".join(encode(part) for part in parts)
