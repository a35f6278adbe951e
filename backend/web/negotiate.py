"""Which rendition a request wants: pure reading of its headers, remembered, as browsers send few different ones."""

import re
from functools import lru_cache
from urllib.parse import parse_qs

MAX_HEADER = 1000
QUALITY = re.compile(r"q=([0-9.]+)\Z")
HTML, JSON = ("text", "html"), ("application", "json")


def weights(header: str) -> list[tuple[str, float]]:
    """`a;q=0.5, b` → [("a", 0.5), ("b", 1.0)], lower case; what cannot be read weighs nothing."""
    found = []
    for part in header[:MAX_HEADER].lower().split(","):
        name, *rest = (piece.strip() for piece in part.split(";"))
        quality = next((match[1] for piece in rest if (match := QUALITY.match(piece))), "1")
        try:
            found.append((name, min(float(quality), 1.0)))
        except ValueError:
            found.append((name, 0.0))
    return [(name, weight) for name, weight in found if name]


def wants_json(accept: str) -> bool:
    """Whether JSON is preferred; a tie between equally specific wishes, or no wish at all, means the page."""
    ranges = weights(accept)
    page, data = _wish(ranges, HTML), _wish(ranges, JSON)
    return data[0] > 0 and data > page


def _wish(ranges: list[tuple[str, float]], kind: tuple[str, str]) -> tuple[float, int]:
    """(weight, how specific) of the most specific range that names this kind (RFC 9110, 12.5.1)."""
    best = (0.0, -1)
    for name, weight in ranges:
        if name == "/".join(kind):
            place = 2
        elif name == f"{kind[0]}/*":
            place = 1
        elif name in ("*/*", "*"):
            place = 0
        else:
            continue
        if place > best[1]:
            best = (weight, place)
    return best


def language(accept_language: str, query: str) -> str:
    """`zh` or `en`: `?lang=` if it says one of them, else the better liked, else Chinese."""
    if "lang=" in query:
        asked = parse_qs(query[:MAX_HEADER]).get("lang", [""])[-1]
        if asked in ("zh", "en"):
            return asked
    liked = weights(accept_language)
    chinese = max((weight for name, weight in liked if name.split("-")[0] in ("zh", "*")), default=0.0)
    english = max((weight for name, weight in liked if name.split("-")[0] == "en"), default=0.0)
    if english == chinese and english > 0:
        first = next(name for name, _ in liked if name.split("-")[0] in ("zh", "en", "*"))
        return "en" if first.startswith("en") else "zh"
    return "en" if english > chinese else "zh"


def takes(accept_encoding: str, coding: str) -> bool:
    """Whether a content coding (`gzip`, `br`) may be sent (RFC 9110, 12.5.3)."""
    wishes = dict(weights(accept_encoding))
    return wishes.get(coding, wishes.get("*", 0.0)) > 0


@lru_cache(maxsize=1024)
def rendition(accept: str, accept_language: str, accept_encoding: str, query: str) -> tuple[str, bool]:
    """The stored rendition (json, html_zh, html_en) and whether its gzipped bytes."""
    name = "json" if wants_json(accept) else "html_" + language(accept_language, query)
    return name, takes(accept_encoding, "gzip")


def matches(if_none_match: str, etag: str) -> bool:
    """Weak comparison of If-None-Match with our ETag (RFC 9110, 13.1.2)."""
    given = if_none_match[:MAX_HEADER].split(",")
    return any(one.strip().removeprefix("W/") in (etag, "*") for one in given)
