"""Watching what is sent to the database: counting commands, and remembering which collections were written to."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import monitoring

QUIET = {"hello", "ismaster", "ping", "endSessions", "killCursors"}
WRITES = {"insert", "update", "delete", "findAndModify"}


class Commands(monitoring.CommandListener):
    """A listener that counts commands by name while it is switched on. `written` is what is not empty any more."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.on = False
        self.written: set[tuple[str, str]] = set()  # database, collection

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name in WRITES:
            self.written.add((event.database_name, event.command[event.command_name]))
        if self.on and event.command_name not in QUIET:
            self.counts[event.command_name] += 1

    def succeeded(self, event: Any) -> None:
        """Nothing to do."""

    def failed(self, event: Any) -> None:
        """Nothing to do."""

    def clean(self, database: Any) -> None:
        """Empties every collection of this database that was written to since it was last empty."""
        for name, collection in [one for one in self.written if one[0] == database.name]:
            database[collection].delete_many({})
            self.written.discard((name, collection))

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
