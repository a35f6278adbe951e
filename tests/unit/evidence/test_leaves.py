"""A leaf binds its record: any change of content is a different leaf, and the auditor's own code agrees on each."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.base import documents, register, store
from backend.base.actor import system
from backend.domains.evidence import service as evidence
from scripts.audit import hashing
from scripts.audit.documents import forms

FIRST, LAST = datetime(1990, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10) | st.binary(max_size=6)
    | st.datetimes(timezones=st.just(UTC), min_value=FIRST, max_value=LAST),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
bodies = st.dictionaries(st.text(max_size=6), values, max_size=5)
HOLD = "lot.hold"
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(bodies, st.binary(min_size=16, max_size=16))
def test_the_order_of_keys_does_not_matter(body: dict[str, Any], salt: bytes) -> None:
    turned = dict(reversed(list(body.items())))
    assert register.leaf_hash(salt, register.statement(HOLD, body)) == register.leaf_hash(
        salt, register.statement(HOLD, turned)
    )


@unhurried
@given(bodies, st.text(min_size=1, max_size=6), st.integers())
def test_any_added_or_changed_field_changes_the_leaf(body: dict[str, Any], key: str, value: int) -> None:
    changed = {**body, key: f"changed {value}"}
    hashes = {register.leaf_hash(b"s" * 16, register.statement(HOLD, one)) for one in (body, changed)}
    assert changed == body or len(hashes) == 2


@unhurried
@given(bodies, st.sampled_from(["migration", None]))
def test_the_auditor_hashes_the_same_by_its_own_code(body: dict[str, Any], origin: str | None) -> None:
    (form,) = [one for one in forms() if one["kind"] == HOLD]
    ours = register.statement(HOLD, body, origin)
    theirs = hashing.stated(form, body, origin)
    assert register.leaf_hash(b"s", ours) == hashing.leaf(b"s", theirs)


names = st.text(max_size=5) | st.sampled_from(["\U0001f600", "\ufb01", "é", "a\u2028", "\x7f", "\x00", '"'])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8) | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


@settings(unhurried, max_examples=300)
@given(json_values)
def test_the_quick_way_writes_the_very_bytes_of_rfc_8785(value: Any) -> None:
    assert register.canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800", {"a": float("nan")}, {1: "a"}, {"a": b"x"}])
def test_what_rfc_8785_refuses_is_refused_by_the_quick_way_too(value: Any) -> None:
    for one in (rfc8785.dumps, register.canonical):
        with pytest.raises((rfc8785.CanonicalizationError, UnicodeEncodeError)):
            one(value)


@unhurried
@given(values)
def test_the_auditors_canonical_json_is_that_of_rfc_8785(value: Any) -> None:
    plain = register.plain(value)
    assert hashing.canonical(plain).encode() == rfc8785.dumps(plain)


def test_canonical_json_follows_the_examples_of_rfc_8785() -> None:
    numbers = [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001]
    assert hashing.canonical(numbers) == "[333333333.3333333,1e+30,4.5,0.002,1e-27]"
    names = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert [json.loads(hashing.canonical(names))[name] for name in json.loads(hashing.canonical(names))] == [
        2, 4, 6, 7, 1, 5, 3,
    ]  # fmt: skip
    assert hashing.canonical('\u20ac$\u000f\nA\'B"\\\\"/') == '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


def test_values_are_written_in_one_way_whatever_zone_or_type_they_came_in() -> None:
    moment = datetime(2026, 10, 1, 10, 0, 0, 123456, timezone(timedelta(hours=8)))
    said = {"at": moment, "amount": Decimal("1.50"), "sealed": b"\x01\xff", "none": None, "deep": [{"none": None}]}
    plain = {"at": "2026-10-01T02:00:00.123Z", "amount": "1.50", "sealed": "01ff", "deep": [{}]}
    assert register.plain(said) == plain


def test_the_salt_hides_equal_records_from_one_another() -> None:
    said = register.statement(HOLD, {"x": 1})
    assert register.leaf_hash(b"a" * 16, said) != register.leaf_hash(b"b" * 16, said)


def test_a_kind_without_a_form_is_refused_rather_than_hashed_so_that_nobody_can_repeat_it() -> None:
    with pytest.raises(register.UnknownForm, match="nowhere"):
        register.statement("nowhere.to.be.found", {})


def test_every_field_of_a_registered_document_is_bound_or_left_out_for_a_reason(app: Any) -> None:
    models = {model._meta["collection"]: model for model in documents.registry()}
    for form in register.forms().values():
        if form.collection is None:
            continue
        stored = {field.db_field for field in models[form.collection]._fields.values()}
        bound = {path.split(".")[0] for path in form.fields}
        assert bound <= stored, (form.kind, bound - stored)
        assert not bound & set(form.left_out), form.kind
        assert stored == bound | set(form.left_out), (form.kind, stored ^ (bound | set(form.left_out)))
        assert all(form.left_out.values()), form.kind


TIMELESS = {"lab.accreditation_end", "recall.marks", "recall.close", "inputs.rulebook_active", "evidence.before"}


def test_every_form_names_the_time_that_it_binds_but_those_that_bind_none() -> None:
    assert {form["kind"] for form in forms() if "time" not in form} == TIMELESS
    assert all(form["time"] in form.get("fields", [form["time"]]) for form in forms() if "time" in form)


@pytest.mark.usefixtures("database")
def test_the_register_proves_what_was_written_and_nothing_else() -> None:
    body = {"kind": "pesticide", "amount": "1.5"}
    leaf = evidence.Leaf(HOLD, "P000000001.record-1", "P000000001", body)
    store.transaction(lambda: evidence.append([leaf]))
    assert evidence.proves("P000000001.record-1", HOLD, body)
    assert not evidence.proves("P000000001.record-1", HOLD, {**body, "amount": "1.6"})
    assert not evidence.proves("P000000001.record-2", HOLD, body)
    (entry,) = evidence.entries("P000000001.record-1")
    assert (entry.kind, entry.sealed, len(entry.hash)) == (HOLD, False, 64)


@pytest.mark.usefixtures("database")
def test_an_erasure_takes_the_salt_and_is_itself_registered() -> None:
    body = {"worker": "某人"}
    store.transaction(lambda: evidence.append([evidence.Leaf(HOLD, "P000000001.record-1", "P000000001", body)]))
    assert evidence.erase(system("test"), ["P000000001.record-1"], reason="person_asked") == 1
    assert not evidence.proves("P000000001.record-1", HOLD, body)
    assert [entry.kind for entry in evidence.entries("P000000001.record-1")] == [HOLD, "evidence.erasure"]
    assert evidence.erase(system("test"), ["P000000001.record-1"], reason="person_asked") == 0
