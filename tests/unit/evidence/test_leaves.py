"""A leaf binds its record: any change of content is a different leaf."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base import store
from backend.domains.evidence import rules
from backend.domains.evidence import service as evidence

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
bodies = st.dictionaries(st.text(max_size=6), values, max_size=5)


@given(bodies, st.binary(min_size=16, max_size=16))
def test_the_order_of_keys_does_not_matter(body: dict[str, object], salt: bytes) -> None:
    assert rules.leaf_hash(salt, body) == rules.leaf_hash(salt, dict(reversed(list(body.items()))))


@given(bodies, st.text(min_size=1, max_size=6), st.integers())
def test_any_added_or_changed_field_changes_the_leaf(body: dict[str, object], key: str, value: int) -> None:
    changed = {**body, key: f"changed {value}"}
    assert changed == body or rules.leaf_hash(b"s" * 16, changed) != rules.leaf_hash(b"s" * 16, body)


def test_the_salt_hides_equal_records_from_one_another() -> None:
    assert rules.leaf_hash(b"a" * 16, {"x": 1}) != rules.leaf_hash(b"b" * 16, {"x": 1})


@pytest.mark.usefixtures("database")
def test_the_register_proves_what_was_written_and_nothing_else() -> None:
    body = {"kind": "pesticide", "amount": "1.5"}
    store.transaction(
        lambda: evidence.append([evidence.Leaf("farming.record", "P000000001.record-1", "P000000001", body)])
    )
    assert evidence.proves("P000000001.record-1", body)
    assert not evidence.proves("P000000001.record-1", {**body, "amount": "1.6"})
    assert not evidence.proves("P000000001.record-2", body)
    (entry,) = evidence.entries("P000000001.record-1")
    assert (entry.kind, entry.sealed, len(entry.hash)) == ("farming.record", False, 64)
