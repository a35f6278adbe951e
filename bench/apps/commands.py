"""Counts what an application asks of its database and how many bytes go to and fro."""

import threading
from collections import Counter
from typing import Any

import bson
from pymongo import monitoring

QUIET = {"hello", "ismaster", "ping", "endSessions", "killCursors"}


class Commands(monitoring.CommandListener):
    """Commands by name, and the bytes of what was asked and answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear()

    def _clear(self) -> None:
        self.names: Counter[str] = Counter()
        self.sent = self.received = 0

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name not in QUIET:
            size = len(bson.encode(event.command))
            with self._lock:
                self.names[event.command_name] += 1
                self.sent += size

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        if event.command_name not in QUIET:
            size = len(bson.encode(event.reply))
            with self._lock:
                self.received += size

    def failed(self, event: Any) -> None:
        """Its reply is an error, which a measurement must not contain anyway."""

    def take(self) -> dict[str, Any]:
        """What was counted since the last call."""
        with self._lock:
            taken = {"commands": dict(self.names), "sent": self.sent, "received": self.received}
            self._clear()
        return taken
