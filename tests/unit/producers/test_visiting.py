"""Site visits: when one can have been, where the officer stood, how far that is from the declared land."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from backend.base.errors import RuleBroken
from backend.domains.producers import rules
from backend.domains.producers.rules.visiting import haversine_m

GEOD = Geod(ellps="WGS84")
LON, LAT = 102.64, 37.93
FIELD = {"type": "Polygon", "coordinates": [[[LON, LAT], [LON + 0.004, LAT], [LON + 0.004, LAT + 0.003],
                                             [LON, LAT + 0.003], [LON, LAT]]]}  # fmt: skip


def point(lon: float, lat: float) -> dict:
    return {"type": "Point", "coordinates": [lon, lat]}


def test_on_the_land_is_no_distance_and_without_land_there_is_none() -> None:
    assert rules.distance_m(LON + 0.002, LAT + 0.001, [FIELD]) == 0
    assert rules.distance_m(LON, LAT, []) is None


def test_beside_an_outline_the_distance_is_to_its_edge_and_not_to_a_corner() -> None:
    lon, lat, _ = GEOD.fwd(LON + 0.002, LAT, 180, 300)  # 300 m south of the middle of the southern edge
    assert rules.distance_m(lon, lat, [FIELD]) == pytest.approx(300, abs=3)


def test_the_nearest_of_several_counts() -> None:
    far, near = GEOD.fwd(LON, LAT, 90, 5000), GEOD.fwd(LON, LAT, 0, 120)
    assert rules.distance_m(LON, LAT, [point(*far[:2]), point(*near[:2])]) == pytest.approx(120, abs=1)


@given(st.floats(75, 134), st.floats(18, 53), st.floats(0, 360), st.floats(1, 20_000))
def test_points_are_as_far_as_the_ellipsoid_says_to_half_a_percent(
    lon: float, lat: float, azimuth: float, metres: float
) -> None:
    there_lon, there_lat, _ = GEOD.fwd(lon, lat, azimuth, metres)
    assert haversine_m(lon, lat, there_lon, there_lat) == pytest.approx(metres, rel=0.006)
    assert rules.distance_m(lon, lat, [point(there_lon, there_lat)]) == pytest.approx(metres, rel=0.006, abs=1)


@given(st.floats(-10, 10), st.floats(-10, 10))
def test_an_outline_is_never_farther_than_any_of_its_corners(east: float, north: float) -> None:
    lon, lat = LON + east / 100, LAT + north / 100
    found = rules.distance_m(lon, lat, [FIELD])
    corners = [haversine_m(lon, lat, *corner) for corner in FIELD["coordinates"][0]]
    assert found is not None
    assert 0 <= found <= min(corners) + 1


def test_a_visit_may_lie_one_day_ahead_and_no_more() -> None:
    rules.check_visited(date(2026, 7, 2), today=date(2026, 7, 1))
    with pytest.raises(RuleBroken) as broken:
        rules.check_visited(date(2026, 7, 3), today=date(2026, 7, 1))
    assert broken.value.reason == "visit_in_future"


@pytest.mark.parametrize(
    ("place", "reason"), [((37.9, 102.6), "coordinates_swapped"), ((0, 0), "coordinates_outside_china")]
)
def test_a_position_lies_in_china_longitude_first(place: tuple[float, float], reason: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        rules.standpoint(*place)
    assert broken.value.reason == reason


def test_nine_photos_and_one_signature_have_places() -> None:
    assert rules.free_place("photo", [0, 1, 3]) == 2
    assert rules.free_place("signature", []) == 0
    for role, taken, reason in (
        ("photo", range(9), "too_many_visit_photos"),
        ("signature", [0], "visit_signed_already"),
    ):
        with pytest.raises(RuleBroken) as broken:
            rules.free_place(role, taken)
        assert broken.value.reason == reason
