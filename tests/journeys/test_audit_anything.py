"""Whatever single thing is changed in the register, in what it binds or what the gate obeys, the auditor finds it."""

import copy
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backend import config
from backend.base import store
from scripts.audit import __main__ as command
from scripts.audit import documents
from scripts.audit.sources import REGISTER
from tests.factories.http import Api
from tests.factories.kept import Kept
from tests.journeys.test_audit_states import build

Rows = Mapping[str, list[dict[str, Any]]]
Path = tuple[str | int, ...]
# What binds nothing: the row's own name, an index, and a time that only its neighbours bound (to ten minutes).
FREE = {"evidence_leaves": {"_id", "producer_id", "created_at"}}
OBEYED = {
    "lots": {"hold"},
    "recall_marks": {"_id", "key", "recall_id", "reason", "since", "until"},
    "recall_ends": {"_id"},
    "active_rulebook": {"_id", "version"},
    "signing_keys": {"_id", "purpose", "alg", "jwk", "state", "until", "revoked"},
    "current_keys": {"_id", "kid"},
}
REGISTERED = ("evidence_leaves", "evidence_tiles", "evidence_checkpoints", "evidence_log", "evidence_days")
unhurried = hypothesis_settings(deadline=None, suppress_health_check=list(HealthCheck))

_kept: Kept[object] = Kept()


class Memory:
    """The rows of a database, read once."""

    documents, live = True, False

    def __init__(self, held: Rows) -> None:
        self._held = held

    def rows(self, collection: str) -> Iterator[dict[str, Any]]:
        yield from self._held.get(collection, ())


@pytest.fixture
def held(
    api: Api, login: Callable[..., str], travel: Callable[[datetime], None], settings: config.Settings
) -> dict[str, list[dict[str, Any]]]:
    _kept.get(lambda: build(api, login, travel, settings))
    names = {*REGISTER, *documents.collections()}
    return {name: list(store.collection(name).find({})) for name in sorted(names)}


def found(rows: Rows) -> list[str]:
    report = command.audit(Memory(rows), keys=None, kept=(), progress=lambda _: None)
    return [one.code for one in report.findings]


def bound(rows: Rows) -> dict[str, list[tuple[int, Path]]]:
    """By collection, every place (row, path to a value) that something binds."""
    forms = documents.forms()
    places: dict[str, list[tuple[int, Path]]] = {}
    for name in (*REGISTERED, *OBEYED, *{form["collection"] for form in forms if "collection" in form}):
        for at, row in enumerate(rows[name]):
            mine = [form for form in forms if form.get("collection") == name and documents._applies(form, row)]
            free = FREE.get(name, set())
            fields = {*row} - free if name in REGISTERED else {path for form in mine for path in form["fields"]}
            fields |= OBEYED.get(name, set())
            for path in sorted(fields):
                places.setdefault(name, []).extend((at, one) for one in leaves_of(row, tuple(path.split("."))))
    return places


def leaves_of(row: Any, path: Path) -> Iterator[Path]:
    value: Any = row
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else value[step] if value is not None else None
    if isinstance(value, Mapping) and value:
        for name in value:
            yield from leaves_of(row, (*path, name))
    elif isinstance(value, list) and value:
        for at in range(len(value)):
            yield from leaves_of(row, (*path, at))
    elif value is not None:
        yield path


def other(value: Any, data: st.DataObject) -> Any:
    """Another value of the same type, as near as can be."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, bytes):
        at = data.draw(st.integers(0, len(value) - 1))
        return value[:at] + bytes([value[at] ^ 1 << data.draw(st.integers(0, 7))]) + value[at + 1 :]
    if isinstance(value, str):
        at = data.draw(st.integers(0, len(value)))
        cut = data.draw(st.integers(0, 1))
        put = data.draw(st.sampled_from(["", "0", "A", "a", "=", "\n", "一"]))
        changed = value[:at] + put + value[at + cut :]
        return changed if changed != value else value + "x"
    if isinstance(value, datetime):
        return value + data.draw(st.sampled_from([1, -1])) * timedelta(milliseconds=data.draw(st.integers(1, 10**7)))
    if isinstance(value, int | float):
        return value + data.draw(st.sampled_from([1, -1]))
    return {"x": 1} if isinstance(value, dict) else ["x"]


def changed(rows: Rows, name: str, at: int, path: Path, data: st.DataObject) -> Rows:
    row = copy.deepcopy(rows[name][at])
    inner: Any = row
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = other(inner[path[-1]], data)
    return {**rows, name: [*rows[name][:at], row, *rows[name][at + 1 :]]}


def test_any_single_changed_value_is_found(held: Rows) -> None:
    places = bound(held)
    assert {*REGISTERED, *OBEYED} < set(places) and len(places) >= 19
    assert found(held) == []

    @hypothesis_settings(unhurried, max_examples=100)
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(places)))
        at, path = data.draw(st.sampled_from(places[name]))
        assert found(changed(held, name, at, path, data)), (name, path)

    holds()


def test_every_bit_of_a_leaf_a_root_a_tile_and_a_signature_is_found(held: Rows) -> None:
    """Not by chance: each byte of what the proofs rest on is turned once."""
    for name, field in (("evidence_leaves", "hash"), ("evidence_leaves", "salt"), ("evidence_checkpoints", "root")):
        value = held[name][1][field]
        for at in range(len(value)):
            turned = value[:at] + bytes([value[at] ^ 1 << at % 8]) + value[at + 1 :]
            assert found({**held, name: [held[name][0], {**held[name][1], field: turned}, *held[name][2:]]}), (name, at)
    signed = held["evidence_checkpoints"][1]
    for field in ("text", "signature"):
        for at, letter in enumerate(signed[field]):
            turned = signed[field][:at] + ("A" if letter != "A" else "B") + signed[field][at + 1 :]
            rows = [held["evidence_checkpoints"][0], {**signed, field: turned}, *held["evidence_checkpoints"][2:]]
            assert found({**held, "evidence_checkpoints": rows}), (field, at)


def test_any_row_that_is_taken_away_put_in_twice_or_changes_its_place_is_found(held: Rows) -> None:
    rows = {name: sorted({at for at, _ in places}) for name, places in bound(held).items()}

    @hypothesis_settings(unhurried, max_examples=40)  # three audits each
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(rows)))
        at = data.draw(st.sampled_from(rows[name]))
        row = held[name][at]
        assert found({**held, name: held[name][:at] + held[name][at + 1 :]}), (name, "taken away")
        if name != "evidence_tiles":
            twice = {**row, "_id": f"{row['_id']}x"}
            assert found({**held, name: [*held[name], twice]}), (name, "twice")
        leaves = held["evidence_leaves"]
        one, two = data.draw(st.lists(st.integers(0, len(leaves) - 1), min_size=2, max_size=2, unique=True))
        moved = list(leaves)
        moved[one] = {**leaves[one], "position": leaves[two]["position"]}
        moved[two] = {**leaves[two], "position": leaves[one]["position"]}
        assert found({**held, "evidence_leaves": moved}), "changed places"

    holds()
