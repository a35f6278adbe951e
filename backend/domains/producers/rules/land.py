"""Land as GeoJSON: what a site's geometry must be, and how large it is.

Areas are geodesic on WGS 84 (no projection to choose), in mu: 1 mu = 666.67 m².
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pyproj import Geod
from shapely.geometry import Polygon

from backend.base.errors import RuleBroken

SQUARE_METRES_PER_MU = Decimal("666.67")
CENT = Decimal("0.01")
MAX_VERTICES = 500
MAX_MU = Decimal(150_000)  # 100 km²: more than any single base, less than a slip of a digit
MIN_MU = CENT
DIFFERS_FROM = Decimal("0.2")  # typed against measured: more than a fifth apart is worth a second look
CHINA = (73.4, 3.8, 135.1, 53.6)  # west, south, east, north
ELLIPSOID = Geod(ellps="WGS84")

Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Land:
    """`geometry` as it is kept; `measured_mu` is None for a point; `area_mu` the measured area, else the typed one."""

    geometry: dict[str, Any]
    area_mu: Decimal
    measured_mu: Decimal | None
    area_differs: bool


def land(geometry: Mapping[str, Any], *, typed_mu: Decimal | None) -> Land:
    """Check a GeoJSON Point or Polygon (WGS 84, longitude first) and measure it.

    A typed area more than a fifth off the measured one is marked, not refused. Raises RuleBroken `geometry_*`,
    `coordinates_*`, `polygon_*`, `area_*`.
    """
    if typed_mu is not None and not MIN_MU <= typed_mu <= MAX_MU:
        raise RuleBroken("area_out_of_range", field="typed_area_mu", most=str(MAX_MU))
    if geometry.get("type") == "Point":
        if typed_mu is None:
            raise RuleBroken("area_missing", field="typed_area_mu")
        return Land(
            {"type": "Point", "coordinates": list(_position(geometry.get("coordinates")))}, typed_mu, None, False
        )
    if geometry.get("type") != "Polygon":
        raise RuleBroken("geometry_type", field="geometry")
    rings = _rings(geometry.get("coordinates"))
    measured = _mu(_simple(rings))
    differs = typed_mu is not None and abs(typed_mu - measured) > DIFFERS_FROM * measured
    kept = {"type": "Polygon", "coordinates": [[list(position) for position in ring] for ring in rings]}
    return Land(kept, measured, measured, differs)


def _rings(coordinates: Any) -> list[Ring]:
    if not isinstance(coordinates, Sequence) or isinstance(coordinates, str) or not coordinates:
        raise RuleBroken("geometry_malformed", field="geometry")
    if not all(isinstance(ring, Sequence) and not isinstance(ring, str) for ring in coordinates):
        raise RuleBroken("geometry_malformed", field="geometry")
    if sum(len(ring) for ring in coordinates) > MAX_VERTICES:
        raise RuleBroken("polygon_too_many_vertices", field="geometry", most=MAX_VERTICES)
    rings = [[_position(position) for position in ring] for ring in coordinates]
    if any(len(ring) < 4 or ring[0] != ring[-1] for ring in rings):
        raise RuleBroken("polygon_not_closed", field="geometry")
    return rings


def _position(position: Any) -> tuple[float, float]:
    """Longitude and latitude to 7 decimals (a centimetre); an altitude is dropped."""
    if not isinstance(position, Sequence) or isinstance(position, str) or len(position) not in (2, 3):
        raise RuleBroken("geometry_malformed", field="geometry")
    if not all(isinstance(part, int | float) and not isinstance(part, bool) for part in position):
        raise RuleBroken("geometry_malformed", field="geometry")
    if any(abs(part) > 180 for part in position[:2]):  # before float(): a JSON integer may be larger than any float
        raise RuleBroken("coordinates_outside_china", field="geometry")
    longitude, latitude = round(float(position[0]), 7), round(float(position[1]), 7)
    if in_china(longitude, latitude):
        return longitude, latitude
    raise RuleBroken(
        "coordinates_swapped" if in_china(latitude, longitude) else "coordinates_outside_china", field="geometry"
    )


def in_china(longitude: float, latitude: float) -> bool:
    """Within the rectangle around the country, which is enough to tell a slip."""
    west, south, east, north = CHINA
    return west <= longitude <= east and south <= latitude <= north


def _simple(rings: list[Ring]) -> Polygon:
    polygon = Polygon(rings[0], rings[1:])
    if not polygon.is_valid or polygon.is_empty:
        raise RuleBroken("polygon_crosses_itself", field="geometry")
    return polygon


def square_metres(polygon: Polygon) -> float:
    """Geodesic area whatever the direction of the rings; holes count off."""
    rings = (polygon.exterior, *polygon.interiors)
    outer, *holes = (abs(ELLIPSOID.polygon_area_perimeter(*ring.coords.xy)[0]) for ring in rings)
    return float(outer - sum(holes))


def _mu(polygon: Polygon) -> Decimal:
    area = (Decimal(str(square_metres(polygon))) / SQUARE_METRES_PER_MU).quantize(CENT, ROUND_HALF_UP)
    if area < MIN_MU:
        raise RuleBroken("polygon_too_small", field="geometry")
    if area > MAX_MU:
        raise RuleBroken("polygon_too_large", field="geometry", most=str(MAX_MU))
    return area
