"""Canonical JSON (RFC 8785), leaf hashes, and the tree of RFC 6962 with its proofs, written apart from the platform."""

import base64
import datetime
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

SAFE = 2**53


def canonical(value: Any) -> str:
    """RFC 8785 text. Raises TypeError for what JSON does not know, ValueError for what a double cannot hold."""
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) >= SAFE:
            raise ValueError(f"{value} is no exact double")
        return str(int(value))
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    raise TypeError(type(value).__name__)


def _number(value: float) -> str:
    """A double as ECMAScript writes it (RFC 8785 section 3.2.2.3)."""
    if not math.isfinite(value):
        raise ValueError("not finite")
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0")
    point = len(digits) + int(exponent)  # the value is 0.text × 10^point
    if 0 < point <= 21:
        body = text.ljust(point, "0") if len(text) <= point else f"{text[:point]}.{text[point:]}"
    elif -6 < point <= 0:
        body = "0." + "0" * -point + text
    else:
        mantissa = text[0] + (f".{text[1:]}" if len(text) > 1 else "")
        body = f"{mantissa}e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return ("-" if sign else "") + body


def stated(form: Mapping[str, Any], document: Mapping[str, Any], origin: str | None) -> dict[str, Any]:
    """What a leaf of this form binds of a stored document, or of a statement that the leaf keeps itself."""
    named = form.get("fields")
    said = document if named is None else {path: found(document, path) for path in named}
    whole = {"kind": form["kind"], "form": form["form"], "said": plain(said)}
    return whole if origin is None else {**whole, "origin": origin}


def found(value: Any, path: str) -> Any:
    """What stands at a path like `void.at`; None when nothing does."""
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
    return value


def plain(value: Any) -> Any:
    """The conversions of forms.json: nulls left out, instants in UTC with milliseconds, bytes in hex."""
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, datetime.datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
        return aware.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value.hex() if isinstance(value, bytes) else value


def leaf(salt: bytes, whole: Mapping[str, Any]) -> bytes:
    return sha256(salt + canonical(whole).encode()).digest()


def entry_node(entry: bytes) -> bytes:
    return sha256(b"\0" + entry).digest()


def pair(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def joined(nodes: Iterable[bytes]) -> bytes:
    """One hash of several, for comparing."""
    return sha256(b"".join(nodes)).digest()


class Log:
    """A tree that only grows: a stack of complete subtrees, and every complete node that a tile holds."""

    def __init__(self) -> None:
        self.size = 0
        self._stack: list[tuple[int, bytes]] = []
        self.nodes: dict[tuple[int, int], bytes] = {}  # (tile level, index): nodes of tree level 0, 8, 16, …

    def add(self, entry: bytes) -> None:
        node, level = entry_node(entry), 0
        self.nodes[0, self.size] = node
        self.size += 1
        while self._stack and self._stack[-1][0] == level:
            node, level = pair(self._stack.pop()[1], node), level + 1
            if level % 8 == 0:
                self.nodes[level // 8, (self.size >> level) - 1] = node
        self._stack.append((level, node))

    def peaks(self) -> list[bytes]:
        """The roots of the complete subtrees, the largest first."""
        return [node for _, node in self._stack]

    def root(self) -> bytes:
        if not self._stack:
            return sha256(b"").digest()
        *rest, (_, top) = self._stack
        for _, node in reversed(rest):
            top = pair(node, top)
        return top


def root_from_inclusion(node: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that an audit path leads to (RFC 9162 section 2.1.3.2); None for a path of the wrong length."""
    if not 0 <= index < size:
        return None
    last = size - 1
    for one in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            node = pair(one, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = pair(node, one)
        index, last = index >> 1, last >> 1
    return node if last == 0 else None


def consistent(first: int, second: int, old: bytes, new: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree with root `new` begins with the one with root `old` (RFC 9162 section 2.1.4.2)."""
    if first == second:
        return old == new and not path
    if first == 0:
        return not path
    steps = [old, *path] if first & (first - 1) == 0 else list(path)
    if first > second or not steps:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old_side = new_side = steps[0]
    for one in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old_side, new_side = pair(one, old_side), pair(one, new_side)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new_side = pair(new_side, one)
        at, last = at >> 1, last >> 1
    return last == 0 and old_side == old and new_side == new


def unbase(text: str) -> bytes:
    """Base64url without padding, as in a JWK."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
