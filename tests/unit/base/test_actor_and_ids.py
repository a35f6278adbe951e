"""The scope arithmetic and the identifiers everything else relies on."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base import ids
from backend.base.actor import ANONYMOUS, Actor, Grant, region_path, region_prefix, system
from backend.base.errors import BadRequest, NotFound

OFFICER = Actor("staff", "a1", grants=(Grant("county_officer", frozenset({"producer:read"}), region="620602"),))
FARMER = Actor("person", "a2", grants=(Grant("farmer", frozenset({"producer:read"}), producer_id="P000000001"),))


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("620000", "62"),
        ("620600", "6206"),
        ("620602", "620602"),
        ("620602100", "620602100"),
        ("620602100203", "620602100203"),
    ],
)
def test_a_region_code_is_cut_to_the_digits_all_its_places_share(code: str, prefix: str) -> None:
    assert region_prefix(code) == prefix


def test_a_place_lies_under_every_prefix_of_its_code() -> None:
    assert region_path("620602100") == ["62", "6206", "620602", "620602100"]
    assert region_path("620602100203")[-1] == "620602100203"
    assert region_path("620000") == ["62"]


def test_an_officer_reaches_their_county_and_nothing_beside_or_above_it() -> None:
    assert OFFICER.may("producer:read", region="620602100")
    assert OFFICER.may("producer:read", region="620602")
    assert not OFFICER.may("producer:read", region="620723101")
    assert not OFFICER.may("producer:read", region="620600")
    assert not OFFICER.may("producer:write", region="620602100")
    assert not OFFICER.may("producer:read")


def test_a_farmer_reaches_their_producer_only() -> None:
    assert FARMER.may("producer:read", producer_id="P000000001", region="620602100")
    assert not FARMER.may("producer:read", producer_id="P000000002", region="620602100")
    assert FARMER.producers("producer:read") == ("P000000001",)
    assert FARMER.regions("producer:read") == ()


def test_a_grant_without_a_scope_reaches_nothing_in_particular() -> None:
    everyone = Actor("person", "a", grants=(Grant("everyone", frozenset({"producer:register"})),))
    assert everyone.holds("producer:register")
    assert not everyone.may("producer:register", producer_id=None, region="620602")


def test_nobody_may_do_nothing_and_the_system_may_do_all() -> None:
    assert not ANONYMOUS.holds("producer:read")
    assert system("worker").may("anything", region="620602")


@given(st.text(min_size=0, max_size=80))
def test_any_typed_trace_code_normalises_without_failing_and_once_is_enough(typed: str) -> None:
    once = ids.normal_trace_code(typed)
    assert ids.normal_trace_code(once) == once


def test_look_alikes_and_dashes_in_a_typed_code_are_forgiven() -> None:
    assert ids.normal_trace_code(" o1il-abcd 2345 ") == "0111ABCD2345"


def test_trace_codes_are_twelve_crockford_characters() -> None:
    code = ids.trace_code()
    assert len(code) == 12
    assert set(code) <= set(ids.CROCKFORD)


@given(st.from_regex(ids.CLIENT_ID, fullmatch=True))
def test_an_owned_id_gives_back_its_producer(client_id: str) -> None:
    producer = ids.producer_id()
    owned = ids.owned(producer, client_id)
    assert ids.owner_of(owned) == producer
    assert ids.client_part(owned) == client_id


@given(st.text(max_size=60))
def test_no_text_makes_owner_of_fail_otherwise_than_by_not_found(text: str) -> None:
    with contextlib.suppress(NotFound):
        assert len(ids.owner_of(text)) == ids.PRODUCER_ID_LENGTH


@pytest.mark.parametrize(
    "client_id", ["", "short", "has space here", "dot.inside.it", "x" * 41, "../../etc/passwd", "ünïcode-id"]
)
def test_a_malformed_client_id_is_refused(client_id: str) -> None:
    with pytest.raises(BadRequest, match="client_id_malformed"):
        ids.owned("P000000001", client_id)
