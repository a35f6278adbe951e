"""Sites: what an outline must be, and how many mu it holds."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from backend.base.errors import RuleBroken
from backend.domains.producers import rules

GEOD = Geod(ellps="WGS84")
ORIGIN = (102.64, 37.93)  # 凉州区


def rectangle(width: float, height: float, origin: tuple[float, float] = ORIGIN) -> list[list[float]]:
    """A rectangle of so many metres, drawn with forward geodesics."""
    west, south = origin
    east, _, _ = GEOD.fwd(west, south, 90, width)
    _, north, _ = GEOD.fwd(west, south, 0, height)
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(*rings: list[list[float]]) -> dict:
    return {"type": "Polygon", "coordinates": list(rings)}


def reason_of(geometry, typed_mu=None) -> str:
    with pytest.raises(RuleBroken) as broken:
        rules.land(geometry, typed_mu=typed_mu)
    return broken.value.reason


@given(st.floats(20, 3000), st.floats(20, 3000))
def test_a_rectangle_measures_its_sides_product(width, height):
    measured = rules.land(polygon(rectangle(width, height)), typed_mu=None).measured_mu
    assert float(measured) == pytest.approx(width * height / 666.67, rel=2e-3, abs=0.02)


@given(st.integers(0, 3), st.booleans())
def test_where_and_which_way_the_outline_starts_does_not_matter(start, backwards):
    corners = rectangle(300, 200)[:-1]
    turned = corners[start:] + corners[:start]
    turned = turned[::-1] if backwards else turned
    measured = rules.land(polygon([*turned, turned[0]]), typed_mu=None).measured_mu
    assert measured == rules.land(polygon(rectangle(300, 200)), typed_mu=None).measured_mu


def test_a_hole_counts_off():
    inner = rectangle(100, 100, (102.641, 37.9305))
    whole = rules.land(polygon(rectangle(300, 200)), typed_mu=None).measured_mu
    with_hole = rules.land(polygon(rectangle(300, 200), inner), typed_mu=None).measured_mu
    assert float(whole - with_hole) == pytest.approx(10000 / 666.67, rel=2e-3)


def test_a_typed_area_a_fifth_off_is_marked_and_not_refused():
    square = polygon(rectangle(258.2, 258.2))  # 100 mu
    assert not rules.land(square, typed_mu=Decimal("119")).area_differs
    found = rules.land(square, typed_mu=Decimal("121"))
    assert found.area_differs
    assert found.area_mu == found.measured_mu


def test_a_point_keeps_the_typed_area():
    found = rules.land({"type": "Point", "coordinates": [102.64, 37.93, 1500.0]}, typed_mu=Decimal("12.5"))
    assert (found.area_mu, found.measured_mu, found.area_differs) == (Decimal("12.5"), None, False)
    assert found.geometry == {"type": "Point", "coordinates": [102.64, 37.93]}


def test_a_point_without_an_area_is_refused():
    assert reason_of({"type": "Point", "coordinates": [102.64, 37.93]}) == "area_missing"


@pytest.mark.parametrize("typed", ["0", "-1", "150001"])
def test_an_area_of_nothing_or_of_a_county_is_refused(typed):
    assert reason_of({"type": "Point", "coordinates": [102.64, 37.93]}, Decimal(typed)) == "area_out_of_range"


def test_a_bow_tie_is_refused():
    a, b, c, d, _ = rectangle(100, 100)
    assert reason_of(polygon([a, c, b, d, a])) == "polygon_crosses_itself"


def test_a_hole_outside_is_refused():
    assert reason_of(polygon(rectangle(100, 100), rectangle(50, 50, (103, 37)))) == "polygon_crosses_itself"


def test_an_open_outline_is_refused():
    assert reason_of(polygon(rectangle(100, 100)[:-1])) == "polygon_not_closed"
    assert reason_of(polygon([ORIGIN, ORIGIN])) == "polygon_not_closed"


def test_land_outside_china_and_swapped_coordinates_are_told_apart():
    assert reason_of({"type": "Point", "coordinates": [37.93, 102.64]}, Decimal(1)) == "coordinates_swapped"
    assert reason_of({"type": "Point", "coordinates": [2.35, 48.85]}, Decimal(1)) == "coordinates_outside_china"
    for odd in (float("nan"), float("inf"), 10**400):
        assert reason_of({"type": "Point", "coordinates": [odd, 48.85]}, Decimal(1)) == "coordinates_outside_china"


def test_too_much_land_or_none_is_refused():
    assert reason_of(polygon(rectangle(20000, 20000))) == "polygon_too_large"
    assert reason_of(polygon(rectangle(1, 1))) == "polygon_too_small"


def test_too_many_corners_are_refused():
    assert reason_of(polygon([[102.64, 37.93]] * 501)) == "polygon_too_many_vertices"


@pytest.mark.parametrize(
    "coordinates",
    [None, [], "text", 5, [[]], ["abc"], [[["a", "b"]] * 4], [[[True, False]] * 4], [[[102.6]] * 4], [5], {}],
)
def test_malformed_coordinates_are_refused_by_a_reason(coordinates):
    assert reason_of({"type": "Polygon", "coordinates": coordinates}) in ("geometry_malformed", "polygon_not_closed")


def test_other_geometries_are_refused():
    assert reason_of({"type": "MultiPolygon", "coordinates": []}) == "geometry_type"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=20,
)


@given(st.sampled_from(["Point", "Polygon"]), json_values)
def test_whatever_stands_for_coordinates_the_answer_is_a_reason(kind, coordinates):
    with pytest.raises(RuleBroken):
        rules.land({"type": kind, "coordinates": coordinates}, typed_mu=None)
