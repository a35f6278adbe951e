"""What is strange about look-ups, and what is not."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.base import vocab
from backend.domains.tracing.rules import Looks, signs

TERMS = {term.code: term for term in vocab.get("clone_signs")}
NOON = datetime(2026, 10, 1, 4, tzinfo=UTC)
KG = 1000


@pytest.mark.parametrize(
    ("count", "base", "strange"),
    [(200, 5 * KG, False), (201, 5 * KG, True), (4000, 400 * KG, False), (4001, 400 * KG, True)],
)
def test_a_large_lot_explains_many_looks(count: int, base: int, strange: bool) -> None:
    found = [sign.code for sign in signs(Looks(count, {}), base, "mass", TERMS)]
    assert found == (["too_many"] if strange else [])


@pytest.mark.parametrize(
    ("other", "minutes", "base", "strange"),
    [
        ("440103", 30, 10 * KG, True),
        ("440103", 61, 10 * KG, False),
        ("620723", 30, 10 * KG, False),
        ("440103", 30, 400 * KG, False),
    ],
)
def test_only_a_small_package_cannot_be_in_two_provinces_at_once(
    other: str, minutes: int, base: int, strange: bool
) -> None:
    places = {"620602": NOON, other: NOON + timedelta(minutes=minutes)}
    found = list(signs(Looks(2, places), base, "mass", TERMS))
    assert [sign.told for sign in found] == ([{"places": sorted(places)}] if strange else [])
