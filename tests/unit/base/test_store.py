"""Transactions, pages, events and leases on the real database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from mongoengine import DateTimeField, IntField, StringField

from backend.base import clock, documents, events, leases, store
from backend.base.documents import Document, Duplicate
from backend.base.errors import BadRequest

START = datetime(2026, 5, 1, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("database")


class Note(Document):
    """A document of these tests."""

    id = StringField(primary_key=True)
    owner = StringField(required=True)
    number = IntField()
    created_at = DateTimeField(required=True)

    meta = {"collection": "test_notes", "shard_key": ("id",), "indexes": [("owner", "created_at")]}


@dataclass(frozen=True)
class Written(events.Event):
    """News of these tests."""

    note_id: str


def notes(count: int, *, apart: timedelta = timedelta(seconds=1)) -> list[Note]:
    return [Note(id=f"n{i:04}", owner="o", number=i, created_at=START + i * apart) for i in range(count)]


def test_a_failed_transaction_leaves_nothing() -> None:
    def body() -> None:
        Note.insert(notes(3))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.transaction(body)
    assert Note.find({"owner": "o"}, limit=10) == []


def test_a_nested_transaction_is_part_of_the_outer_one() -> None:
    def outer() -> None:
        store.transaction(lambda: Note.insert(notes(1)))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.transaction(outer)
    assert Note.find_one({"_id": "n0000"}) is None


def test_hooks_run_after_the_commit_and_not_after_a_failure() -> None:
    seen: list[str] = []

    def works() -> None:
        store.after_commit(lambda: seen.append("done"))
        assert seen == []

    def fails() -> None:
        store.after_commit(lambda: seen.append("never"))
        raise ValueError("no")

    store.transaction(works)
    with pytest.raises(ValueError, match="no"):
        store.transaction(fails)
    store.after_commit(lambda: seen.append("at once"))
    assert seen == ["done", "at once"]


def test_inserting_what_is_there_names_the_duplicates_and_keeps_the_others() -> None:
    Note.insert(notes(2))
    with pytest.raises(Duplicate) as raised:
        Note.insert(notes(4))
    assert raised.value.ids == ("n0000", "n0001")
    assert len(Note.find({"owner": "o"}, limit=10)) == 4


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("apart", [timedelta(seconds=1), timedelta(0)])
def test_pages_give_every_document_once_in_order_even_when_all_are_of_one_instant(
    descending: bool, apart: timedelta
) -> None:
    Note.insert(notes(137, apart=apart))
    seen: list[str] = []
    cursor = None
    while True:
        page = Note.page({"owner": "o"}, cursor=cursor, size=10, descending=descending)
        seen += [note.id for note in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == sorted(seen, reverse=descending)
    assert len(seen) == len(set(seen)) == 137


@pytest.mark.parametrize("cursor", ["x", "AAAA", "W10", "WyIyMDI2LTAxLTAxIiwgImEiXQ", "eyJhIjoxfQ", "[" * 500])
def test_a_malformed_cursor_is_a_bad_request(cursor: str) -> None:
    with pytest.raises(BadRequest, match="cursor_malformed"):
        Note.page({"owner": "o"}, cursor=cursor)


@pytest.fixture
def wiring(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fresh event wiring, and what the `after` handler heard."""
    heard: list[str] = []
    for name in ("_within", "_after"):
        monkeypatch.setattr(events, name, type(getattr(events, name))(list))
    monkeypatch.setattr(events, "_handlers", {})

    def listener(batch: Sequence[Written]) -> None:
        heard.extend(event.note_id for event in batch)

    events.after(Written, listener)
    return heard


def test_news_is_delivered_once_the_transaction_is_in(wiring: list[str]) -> None:
    store.transaction(lambda: events.publish(Written("a"), Written("b")))
    assert wiring == []
    assert events.deliver() == 2
    assert sorted(wiring) == ["a", "b"]
    assert events.deliver() == 0


def test_no_news_goes_out_of_a_failed_transaction(wiring: list[str]) -> None:
    def body() -> None:
        events.publish(Written("a"))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.transaction(body)
    assert events.deliver() == 0
    assert wiring == []


def test_a_handler_within_can_abort_the_publisher(wiring: list[str]) -> None:
    def veto(_batch: Sequence[Written]) -> None:
        raise ValueError("veto")

    events.within(Written, veto)

    def body() -> None:
        Note.insert(notes(1))
        events.publish(Written("a"))

    with pytest.raises(ValueError, match="veto"):
        store.transaction(body)
    assert Note.find_one({"_id": "n0000"}) is None


def test_a_failing_delivery_waits_longer_each_time_and_is_given_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_within", "_after"):
        monkeypatch.setattr(events, name, type(getattr(events, name))(list))

    def broken(_batch: Sequence[Written]) -> None:
        raise RuntimeError("down")

    events.after(Written, broken)
    moment = [START]
    monkeypatch.setattr(clock, "source", lambda: moment[0])
    store.transaction(lambda: events.publish(Written("a")))
    waits = []
    for _ in range(events.MAX_ATTEMPTS):
        assert events.deliver() == 0
        item = events.OutboxItem.find({}, limit=1)[0]
        waits.append(item.due_at - moment[0])
        moment[0] = item.due_at + timedelta(seconds=1)
    assert waits[:3] == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]
    assert item.state == "dead"
    assert item.last_error == "RuntimeError"


def test_of_two_holders_one_has_the_lease_until_it_runs_out_or_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [START]
    monkeypatch.setattr(clock, "source", lambda: moment[0])
    assert leases.take("job", "a", 60)
    assert leases.take("job", "a", 60)
    assert not leases.take("job", "b", 60)
    moment[0] += timedelta(seconds=61)
    assert leases.take("job", "b", 60)
    leases.give_back("job", "b")
    assert leases.take("job", "a", 60)


def test_a_heartbeat_tells_how_long_the_worker_has_been_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert leases.silence() is None
    monkeypatch.setattr(clock, "source", lambda: START)
    leases.beat("w")
    monkeypatch.setattr(clock, "source", lambda: START + timedelta(seconds=9))
    assert leases.silence() == timedelta(seconds=9)


def test_a_filter_names_its_ids_first_but_leaves_ranges_where_they_are() -> None:
    ordered = documents._ordered
    assert list(ordered({"producer_id": "p", "_id": "a"})) == ["_id", "producer_id"]
    assert list(ordered({"producer_id": "p", "_id": {"$in": ["a"]}})) == ["_id", "producer_id"]
    assert list(ordered({"lot_id": "l", "_id": {"$gt": "a"}})) == ["lot_id", "_id"]
    assert ordered({"producer_id": "p"}) == {"producer_id": "p"}
