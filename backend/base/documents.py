"""The base of every stored document: MongoEngine declares fields, indexes and shard keys; the driver does the work.

MongoEngine's own querysets do not take part in transactions, so services use the verbs below and never `.objects`.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Self, TypeVar

import mongoengine
from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError

from backend.base import store
from backend.base.errors import BadRequest

Item = TypeVar("Item")
Result = TypeVar("Result")
MAX_FOUND = 1000  # no service reads more at once; what may grow past it is paged
TIES = 50
ATTEMPTS = 4
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)


class Duplicate(Exception):  # noqa: N818 - a finding the caller handles, as often as not no error
    """Some of the inserted ids or unique values were there already; inside a transaction it aborts the whole."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(f"{len(ids)} duplicate(s)")
        self.ids = tuple(ids)


def settled(body: Callable[[], Result]) -> Result:
    """Run `body` in a transaction, again when another request inserted the same id meanwhile. What asks whether a
    request came before belongs into `body`: its first sending may be committed at any moment, and what was used up by
    it must not be refused to its second. Raises Duplicate when an id keeps standing for something else."""
    for _ in range(ATTEMPTS - 1):
        try:
            return store.transaction(body)
        except Duplicate:
            continue
    return store.transaction(body)


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list; `next_cursor` is None on the last."""

    items: Sequence[Item]
    next_cursor: str | None = None


class Document(mongoengine.Document):
    """Abstract base. `meta` gives `collection`, `shard_key` (tuple of field names) and `indexes`."""

    meta: dict[str, Any] = {"abstract": True, "auto_create_index": False, "auto_create_index_on_save": False}

    @classmethod
    def collection(cls) -> Collection[dict[str, Any]]:
        return store.collection(cls._meta["collection"])

    @classmethod
    def insert(cls, documents: Iterable[Self]) -> None:
        """Validate and insert all with one command. Raises Duplicate; outside a transaction the others are kept."""
        cls.insert_rows([document.checked() for document in documents])

    @classmethod
    def insert_rows(cls, rows: Sequence[dict[str, Any]]) -> None:
        """Insert what is checked already, with one command. Raises as `insert` does."""
        if not rows:
            return
        try:
            cls.collection().insert_many(rows, ordered=False, session=store.session())
        except BulkWriteError as error:
            raise _duplicate(error, rows) from error
        except DuplicateKeyError as error:  # pragma: no cover - servers differ in how they report one document
            raise Duplicate([row["_id"] for row in rows]) from error

    def checked(self) -> dict[str, Any]:
        """The row as it is stored. Raises mongoengine's ValidationError."""
        self.validate()
        row: dict[str, Any] = self.to_mongo().to_dict()
        return row

    @classmethod
    def find(cls, where: Mapping[str, Any], *, limit: int, sort: Sequence[tuple[str, int]] | None = None) -> list[Self]:
        return [cls._from_son(row) for row in cls.rows(where, limit=limit, sort=sort)]

    @classmethod
    def find_one(cls, where: Mapping[str, Any]) -> Self | None:
        row = cls.collection().find_one(_ordered(where), session=store.session())
        return None if row is None else cls._from_son(row)

    @classmethod
    def rows(
        cls,
        where: Mapping[str, Any],
        projection: Sequence[str] | Mapping[str, Any] | None = None,
        *,
        limit: int,
        sort: Sequence[tuple[str, int]] | None = None,
    ) -> list[dict[str, Any]]:
        """Raw rows, several times cheaper than documents; at most MAX_FOUND."""
        cursor = cls.collection().find(_ordered(where), projection, session=store.session())
        if sort:
            cursor = cursor.sort(list(sort))
        wanted = min(limit, MAX_FOUND)
        return list(cursor.limit(wanted).batch_size(wanted))  # one round trip, whatever is found

    @classmethod
    def every(
        cls,
        where: Mapping[str, Any],
        projection: Sequence[str] | Mapping[str, Any] | None = None,
        *,
        sort: Sequence[tuple[str, int]] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """All rows there are, MAX_FOUND a round trip: for walks as long as their answer, never for a list."""
        cursor = cls.collection().find(_ordered(where), projection, session=store.session())
        yield from (cursor.sort(list(sort)) if sort else cursor).batch_size(MAX_FOUND)

    @classmethod
    def update_one(cls, where: Mapping[str, Any], update: Mapping[str, Any], *, upsert: bool = False) -> bool:
        """Whether a document matched (or was made); the guard of a guarded update is its filter."""
        result = cls.collection().update_one(_ordered(where), dict(update), upsert=upsert, session=store.session())
        return result.matched_count > 0 or result.upserted_id is not None

    @classmethod
    def update_many(cls, where: Mapping[str, Any], update: Mapping[str, Any]) -> int:
        """For at most about 100 documents: larger writes go in chunks (a wide one can stall a small server)."""
        return int(cls.collection().update_many(_ordered(where), dict(update), session=store.session()).matched_count)

    @classmethod
    def upsert_many(cls, changes: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> None:
        """Change each document or make it, all with one command; each is (filter naming its `_id`, update). Raises
        Duplicate when somebody else made one at the same moment."""
        if not changes:
            return
        writes = [UpdateOne(_ordered(where), dict(update), upsert=True) for where, update in changes]
        try:
            cls.collection().bulk_write(writes, ordered=False, session=store.session())
        except BulkWriteError as error:  # pragma: no cover - servers differ: most report a conflict, and it runs again
            raise _duplicate(error, [where for where, _ in changes]) from error

    @classmethod
    def write_many(cls, writes: Sequence[UpdateOne]) -> int:
        """Many updates of single documents with one command; each names its document by `_id` and shard. Returns how
        many matched."""
        return int(cls.collection().bulk_write(list(writes), ordered=False, session=store.session()).matched_count)

    @classmethod
    def delete_many(cls, where: Mapping[str, Any]) -> int:
        return int(cls.collection().delete_many(_ordered(where), session=store.session()).deleted_count)

    @classmethod
    def page(
        cls,
        where: Mapping[str, Any],
        *,
        cursor: str | None = None,
        size: int = 50,
        key: str = "created_at",
        descending: bool = True,
    ) -> Page[Self]:
        """A page ordered by (key, _id). The range on `key` bounds the scan; documents of one instant are told apart
        here and not by `$or`, which some servers answer by reading the whole collection. Raises BadRequest."""
        after = _decode(cursor) if cursor else None
        edge = after[0] if after else (FAR_FUTURE if descending else EPOCH)
        bounded = {**where, key: {"$lte" if descending else "$gte": edge}}
        order = [(key, -1), ("_id", -1)] if descending else [(key, 1), ("_id", 1)]
        ties = TIES if after else 0
        while True:
            wanted = size + 1 + ties
            rows = cls.rows(bounded, limit=wanted, sort=order)
            fresh = [row for row in rows if after is None or _beyond(row, key, after, descending)]
            if len(fresh) > size or len(rows) < min(wanted, MAX_FOUND) or wanted >= MAX_FOUND:
                break
            ties *= 4
        shown = fresh[:size]
        more = _encode(shown[-1][key], shown[-1]["_id"]) if len(fresh) > size else None
        return Page([cls._from_son(row) for row in shown], more)


def _ordered(where: Mapping[str, Any]) -> dict[str, Any]:
    """The filter with the ids it names first: some servers plan by the first indexed field they meet, and would read
    everything a producer owns to find one document. A range of ids stays where it is: it names none."""
    named = where.get("_id")
    ranged = isinstance(named, Mapping) and "$in" not in named
    return dict(where) if named is None or ranged else {"_id": named, **where}


def _duplicate(error: BulkWriteError, rows: Sequence[Mapping[str, Any]]) -> Exception:
    problems = (error.details or {}).get("writeErrors", [])
    if not problems or any(problem.get("code") != 11000 for problem in problems):
        return error
    return Duplicate([str(rows[problem["index"]]["_id"]) for problem in problems])


def _beyond(row: Mapping[str, Any], key: str, after: tuple[datetime, str], descending: bool) -> bool:
    place = (row[key], row["_id"])
    return place < after if descending else place > after


def _encode(instant: datetime, identity: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([instant.isoformat(), identity]).encode()).decode().rstrip("=")


def cursor_at(instant: datetime, identity: str) -> str:
    """A cursor whose page of newest first begins with this document, whatever is inserted meanwhile."""
    return _encode(instant, identity + "\0")


def _decode(cursor: str) -> tuple[datetime, str]:
    try:
        instant, identity = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = datetime.fromisoformat(instant)
        if moment.tzinfo is None or not isinstance(identity, str):
            raise ValueError(cursor)
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise BadRequest("cursor_malformed", field="cursor") from error
    return moment, identity


def registry() -> list[type[Document]]:
    """Every concrete document class that has been imported, by collection name."""
    found: dict[str, type[Document]] = {}
    pending: list[type[Document]] = [Document]
    while pending:
        for child in pending.pop().__subclasses__():
            pending.append(child)
            if not child._meta.get("abstract"):
                found[child._meta["collection"]] = child
    return [found[name] for name in sorted(found)]
