"""Site visits 实地核验: when one can have been, where the officer stood, and how far that is from the declared land."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from math import asin, cos, hypot, radians, sin, sqrt
from typing import Any

from shapely.affinity import scale
from shapely.geometry import Point, shape
from shapely.ops import nearest_points

from backend.base.errors import RuleBroken
from backend.domains.producers.rules.land import in_china

EARTH_METRES = 6_371_008.8  # mean radius, IUGG
CLOCK_AHEAD = timedelta(days=1)  # a phone's clock may run ahead, as for farming records
MAX_VISIT_PHOTOS = 9
FILE_ROLES = ("photo", "signature")
PLACES: Mapping[str, int] = {"photo": MAX_VISIT_PHOTOS, "signature": 1}


def check_visited(visited_on: date, *, today: date) -> None:
    """Raises RuleBroken `visit_in_future`."""
    if visited_on > today + CLOCK_AHEAD:
        raise RuleBroken("visit_in_future", field="visited_on", day=visited_on.isoformat())


def standpoint(lon: float, lat: float) -> tuple[float, float]:
    """Longitude and latitude (WGS 84) to 7 decimals. Raises RuleBroken `coordinates_*`."""
    if in_china(lon, lat):
        return round(lon, 7), round(lat, 7)
    raise RuleBroken("coordinates_swapped" if in_china(lat, lon) else "coordinates_outside_china", field="position")


def free_place(role: str, taken: Iterable[int]) -> int:
    """The place of the next file of a visit. Raises RuleBroken: nine photos, one signature, and the first one stays."""
    place = first_free(PLACES[role], taken)
    if place is not None:
        return place
    if role == "signature":
        raise RuleBroken("visit_signed_already", field="role")
    raise RuleBroken("too_many_visit_photos", field="role", limit=MAX_VISIT_PHOTOS)


def first_free(places: int, taken: Iterable[int]) -> int | None:
    """The first of so many places that nobody took; None when all are."""
    used = set(taken)
    return next((one for one in range(places) if one not in used), None)


def distance_m(lon: float, lat: float, lands: Iterable[Mapping[str, Any]]) -> int | None:
    """Metres from a standpoint to the nearest of these GeoJSON points and polygons, 0 on one of them; None without any.

    The nearest point of an outline is found in a plane around the standpoint, the way there is measured on a sphere:
    half a percent off at worst, less than a phone's own error for any land within reach.
    """
    squeeze = cos(radians(lat))
    here = Point(lon * squeeze, lat)
    found: list[float] = []
    for land in lands:
        near = nearest_points(scale(shape(land), xfact=squeeze, origin=(0, 0)), here)[0]
        found.append(haversine_m(lon, lat, near.x / squeeze, near.y))
    return round(min(found)) if found else None


def haversine_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """The great circle between two positions in degrees, in metres."""
    up, along = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    chord = hypot(sin(up), sqrt(cos(radians(lat)) * cos(radians(other_lat))) * sin(along))
    return 2 * EARTH_METRES * asin(min(1.0, chord))
