"""The database connection and its transactions; every read and write of a service joins the running transaction."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

import pymongo
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

Result = TypeVar("Result")
MAJORITY = WriteConcern("majority", j=True)

_database: Database[dict[str, Any]] | None = None
_session: ContextVar[ClientSession | None] = ContextVar("session", default=None)
_after_commit: ContextVar[list[Callable[[], None]] | None] = ContextVar("after_commit", default=None)


def connect(uri: str, **options: Any) -> Database[dict[str, Any]]:
    """Open the one client of this process. `uri` names the database; majority writes unless the uri says otherwise."""
    global _database  # noqa: PLW0603 - one process, one client: pymongo pools inside it
    defaults: dict[str, Any] = {"tz_aware": True, "serverSelectionTimeoutMS": 8000, "w": "majority", "journal": True}
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(uri, **{**defaults, **options})
    if _database is not None:
        _database.client.close()
    _database = client.get_default_database("longtrace")
    return _database


def close() -> None:
    global _database  # noqa: PLW0603 - see connect
    if _database is not None:
        _database.client.close()
        _database = None


def database() -> Database[dict[str, Any]]:
    """The connected database. Raises RuntimeError before `connect`."""
    if _database is None:
        raise RuntimeError("store.connect(uri) has not been called")
    return _database


def collection(name: str) -> Collection[dict[str, Any]]:
    return database()[name]


def session() -> ClientSession | None:
    """The session of the running transaction, to be passed to every driver call; None outside of one."""
    return _session.get()


def transaction(body: Callable[[], Result]) -> Result:
    """Run `body` in one multi-document transaction and return its result; a call inside another joins it.

    `body` may run again when the server reports a transient conflict, so it must have no effect but database writes.
    What `after_commit` collected runs once, after the commit that counted.
    """
    if _session.get() is not None:
        return body()
    hooks: list[Callable[[], None]] = []
    with database().client.start_session() as active:
        result = active.with_transaction(
            lambda current: _run(body, current, hooks), read_concern=ReadConcern("snapshot"), write_concern=MAJORITY
        )
    for hook in hooks:
        hook()
    return result


def _run(body: Callable[[], Result], active: ClientSession, hooks: list[Callable[[], None]]) -> Result:
    hooks.clear()
    session_token, hooks_token = _session.set(active), _after_commit.set(hooks)
    try:
        return body()
    finally:
        _session.reset(session_token)
        _after_commit.reset(hooks_token)


def after_commit(hook: Callable[[], None]) -> None:
    """Run `hook` once the running transaction is committed; at once when there is none."""
    hooks = _after_commit.get()
    if hooks is None:
        hook()
    else:
        hooks.append(hook)
