"""A set of trace codes in few bytes: sorted 30-bit hashes, their differences Golomb-Rice coded.

A Bloom filter of the same error takes a third more. A code in the set is always found; one that is not is found
once in 2^30 / count look-ups, so a hit means "ask online", never "void".
"""

import hashlib
import math
from collections.abc import Iterable

BITS = 30
PREFIX = "longtrace-revoked/1:"


def hashed(code: str) -> int:
    """The first 30 bits of SHA-256 over the prefix and the code."""
    return int.from_bytes(hashlib.sha256((PREFIX + code).encode()).digest()[:4]) >> (32 - BITS)


def rice_of(count: int) -> int:
    """The parameter that wastes least: log2 of the mean difference times ln 2."""
    return max(0, round(math.log2((1 << BITS) / count * math.log(2)))) if count else 0


def coded(codes: Iterable[str]) -> tuple[int, int, bytes]:
    """(count of different hashes, Rice parameter, bytes). Each difference is its quotient in ones, a zero, and `rice`
    bits of remainder, highest bit first; zeros fill the last byte."""
    values = sorted({hashed(code) for code in codes})
    rice = rice_of(len(values))
    bits, last = [], 0
    for value in values:
        quotient, rest = divmod(value - last, 1 << rice)
        bits.append("1" * quotient + "0" + (format(rest, f"0{rice}b") if rice else ""))
        last = value
    text = "".join(bits)
    text += "0" * (-len(text) % 8)
    return len(values), rice, int(text, 2).to_bytes(len(text) // 8) if text else b""


def decoded(count: int, rice: int, data: bytes) -> list[int]:
    """The hashes again, ascending. Raises ValueError when the bytes end too soon."""
    text = format(int.from_bytes(data), f"0{len(data) * 8}b") if data else ""
    values, at, last = [], 0, 0
    for _ in range(count):
        stop = text.index("0", at)
        rest = text[stop + 1 : stop + 1 + rice]
        last += (stop - at << rice) + (int(rest, 2) if rice else 0)
        values.append(last)
        at = stop + 1 + rice
    return values
