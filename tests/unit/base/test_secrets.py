"""Sealed values open only as they were sealed; keyed hashes of one purpose say nothing in another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.gateways.secrets import Secrets

BOX = Secrets(b"s" * 32)


@given(st.text(max_size=50))
def test_what_is_sealed_opens_again(value: str) -> None:
    assert BOX.unseal("phone", BOX.seal("phone", value)) == value


@given(st.integers(0, 30), st.integers(1, 255))
def test_any_changed_byte_keeps_it_shut(place: int, change: int) -> None:
    sealed = bytearray(BOX.seal("phone", "13800000000"))
    sealed[place] ^= change
    with pytest.raises(ValueError, match="cannot be opened"):
        BOX.unseal("phone", bytes(sealed))


def test_another_purpose_or_secret_does_not_open_it() -> None:
    sealed = BOX.seal("phone", "13800000000")
    for box, purpose in ((BOX, "openid"), (Secrets(b"t" * 32), "phone")):
        with pytest.raises(ValueError, match="cannot be opened"):
            box.unseal(purpose, sealed)


def test_the_same_value_hashes_alike_for_one_purpose_and_otherwise_for_another() -> None:
    assert BOX.keyed_hash("login", "a") == BOX.keyed_hash("login", "a")
    assert BOX.keyed_hash("login", "a") != BOX.keyed_hash("wechat", "a")
