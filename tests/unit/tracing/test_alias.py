"""GS1 Digital Link aliases: only a GTIN with its right check digit is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.tracing.rules import alias, gtin14


@pytest.mark.parametrize("text", ["6901234567892", "06901234567892", "96385074", "036000291452"])
def test_a_right_gtin_of_any_length_becomes_fourteen_digits(text: str) -> None:
    assert gtin14(text) == text.zfill(14)


@pytest.mark.parametrize(
    "text", ["", "6901234567890", "690123456789", "69012345678925", "６901234567892", "69012345678x2"]
)
def test_a_wrong_gtin_is_none(text: str) -> None:
    assert gtin14(text) is None


@given(st.text("0123456789", min_size=13, max_size=13))
def test_exactly_one_check_digit_is_right(body: str) -> None:
    assert sum(gtin14(body + str(digit)) is not None for digit in range(10)) == 1


@pytest.mark.parametrize("lot", ["", "a" * 21, "a b", "批次", "a\n"])
def test_a_lot_outside_the_gs1_set_has_no_alias(lot: str) -> None:
    assert alias("6901234567892", lot) is None


def test_an_alias_joins_both() -> None:
    assert alias("6901234567892", "7K3M-1") == "06901234567892/7K3M-1"
