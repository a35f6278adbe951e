"""Counting what is sent to the database."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import monitoring

QUIET = {"hello", "ismaster", "ping", "endSessions", "killCursors"}


class Commands(monitoring.CommandListener):
    """A listener that counts commands by name while it is switched on."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.on = False

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self.on and event.command_name not in QUIET:
            self.counts[event.command_name] += 1

    def succeeded(self, event: Any) -> None:
        """Nothing to do."""

    def failed(self, event: Any) -> None:
        """Nothing to do."""

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
