"""Signs that a code was copied: more look-ups than the goods explain, or one package in two far places at once.

They accuse nobody: they are for an officer to look at. The thresholds are data (`clone_signs`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

PROVINCE = 2  # digits of a region's code (GB/T 2260)


@dataclass(frozen=True, slots=True)
class Looks:
    """Look-ups of one code: how many in all, and when each county was last heard of."""

    count: int
    places: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Sign:
    """`code` is one of `clone_signs`; `told` are the numbers and places behind it."""

    code: str
    told: Mapping[str, Any]


def signs(looks: Looks, base: int, dimension: str, terms: Mapping[str, Mapping[str, Any]]) -> Iterator[Sign]:
    """What is strange about these look-ups of a certificate on `base` grams or pieces."""
    many = terms["too_many"]
    packages = max(1, base // int(many["grams_a_package"])) if dimension == "mass" else max(1, base)
    allowed = max(int(many["least"]), packages * int(many["looks_a_package"]))
    if looks.count > allowed:
        yield Sign("too_many", {"count": looks.count, "explained": allowed})
    far = terms["far_apart"]
    if packages <= int(far["most_packages"]) and (pair := _far_apart(looks.places, int(far["minutes"]))):
        yield Sign("far_apart", {"places": list(pair)})


def _far_apart(places: Mapping[str, datetime], minutes: int) -> tuple[str, str] | None:
    for one, other in combinations(sorted(places), 2):
        apart = abs(places[one] - places[other])
        if one[:PROVINCE] != other[:PROVINCE] and apart <= timedelta(minutes=minutes):
            return one, other
    return None
