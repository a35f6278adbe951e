"""Watching what is sent to the database: counting commands, and remembering which collections were written to."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import monitoring

from backend import migrations

QUIET = {"hello", "ismaster", "ping", "endSessions", "killCursors"}
WRITES = {"insert", "update", "delete", "findAndModify"}
MANY = 1000  # documents in a collection from which on dropping it is cheaper than emptying it


class Commands(monitoring.CommandListener):
    """A listener that counts commands by name while it is switched on. `written` is what is not empty any more."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.on = False
        self.written: Counter[tuple[str, str]] = Counter()  # (database, collection): documents put in, and one

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name in WRITES:
            place = event.database_name, event.command[event.command_name]
            self.written[place] += 1 + len(event.command.get("documents", ()))
        if self.on and event.command_name not in QUIET:
            self.counts[event.command_name] += 1

    def succeeded(self, event: Any) -> None:
        """Nothing to do."""

    def failed(self, event: Any) -> None:
        """Nothing to do."""

    def clean(self, database: Any) -> None:
        """Empties every collection of this database that was written to since it was last empty."""
        mine = [(place, count) for place, count in self.written.items() if place[0] == database.name]
        for place, count in mine:
            if count < MANY:
                database[place[1]].delete_many({})
            else:
                database.drop_collection(place[1])
            del self.written[place]
        migrations.ensure_indexes({place[1] for place, count in mine if count >= MANY})

    @contextmanager
    def counting(self) -> Iterator[Counter[str]]:
        self.counts = Counter()
        self.on = True
        try:
            yield self.counts
        finally:
            self.on = False


COMMANDS = Commands()
monitoring.register(COMMANDS)
