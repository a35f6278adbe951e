"""The few words of DER (X.690) that a timestamp is written in."""

from datetime import UTC, datetime

SEQUENCE, SET, INTEGER, OCTETS, TIME, NULL = b"\x30", b"\x31", 0x02, 0x04, 0x18, b"\x05\x00"


def wrap(tag: int | bytes, *parts: bytes) -> bytes:
    """A value under its tag with its length."""
    held = b"".join(parts)
    size = len(held)
    long = size.to_bytes((size.bit_length() + 7) // 8) if size > 127 else b""
    head = bytes([0x80 | len(long)]) + long if long else bytes([size])
    return (tag if isinstance(tag, bytes) else bytes([tag])) + head + held


def sequence(*parts: bytes) -> bytes:
    return wrap(SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """In the order that DER wants: by their bytes."""
    return wrap(SET, *sorted(parts))


def integer(value: int) -> bytes:
    return wrap(INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def octets(value: bytes) -> bytes:
    return wrap(OCTETS, value)


def time(moment: datetime) -> bytes:
    return wrap(TIME, f"{moment.astimezone(UTC):%Y%m%d%H%M%SZ}".encode())


def tagged(number: int, *parts: bytes) -> bytes:
    """[number], constructed: explicit around a whole value, implicit in place of its tag."""
    return wrap(0xA0 + number, *parts)


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    return wrap(0x06, *(_base128(number) for number in (first * 40 + second, *rest)))


def _base128(number: int) -> bytes:
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(0x80 | number & 0x7F)
    return bytes(reversed(digits))
