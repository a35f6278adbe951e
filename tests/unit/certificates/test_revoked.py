"""The coded set of revoked codes, and what a listed key's signature is worth, in any data."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.base import ids
from backend.domains.certificates import rules
from backend.domains.signing import rules as signing_rules
from backend.gateways.keys import jws
from backend.gateways.keys.algorithms import encode

CODES = st.text(alphabet=ids.CROCKFORD, min_size=12, max_size=12)
START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = st.integers(0, 1000).map(lambda days: START + timedelta(days=days))


@given(st.sets(CODES, max_size=300))
def test_what_was_coded_is_decoded_and_nothing_is_missing(codes: set[str]) -> None:
    count, rice, data = rules.coded(codes)
    assert rules.decoded(count, rice, data) == sorted({rules.hashed(code) for code in codes})


def test_a_hundred_thousand_codes_fit_200_kilobytes_and_hit_one_stranger_in_ten_thousand() -> None:
    codes = [ids.spelled(number * 1_000_003 + 7, 12) for number in range(100_000)]
    count, rice, data = rules.coded(codes)
    assert len(data) < 187_000 and count > 99_990
    listed = set(rules.decoded(count, rice, data))
    strangers = [ids.spelled(number * 999_983 + 1 << 30, 12) for number in range(200_000)]
    hits = sum(rules.hashed(code) in listed for code in strangers)
    assert hits < 60, "18.6 are to be expected of 200,000"


@given(since=DAYS, at=DAYS, until=st.none() | DAYS, revoked=st.none() | DAYS, fits=st.booleans())
def test_a_signature_is_good_only_by_a_trusted_key_in_its_time(
    since: datetime, at: datetime, until: datetime | None, revoked: datetime | None, fits: bool
) -> None:
    key = signing_rules.Standing("certificate", since, until, revoked)
    verdict = signing_rules.judge(key, "certificate", at, fits)
    in_time = since <= at and (until is None or at <= until)
    assert (verdict == "good") == (fits and revoked is None and in_time)
    assert signing_rules.judge(key, "checkpoint", at, fits) != "good"
    assert signing_rules.judge(None, "certificate", at, fits) == "unknown_key"


@given(header=st.binary(max_size=255), payload=st.binary(max_size=400), signature=st.binary(min_size=64, max_size=64))
def test_a_token_packed_into_digits_comes_out_the_same(header: bytes, payload: bytes, signature: bytes) -> None:
    token = ".".join(encode(part) for part in (header, payload, signature))
    assert jws.from_digits(jws.to_digits(token)) == token


@given(st.text(alphabet="0123456789", max_size=300) | st.text(max_size=40))
def test_any_number_is_a_token_or_a_value_error(digits: str) -> None:
    try:
        token = jws.from_digits(digits)
    except ValueError:
        return
    assert jws.to_digits(token) == digits.lstrip("0")
