"""Counts the commands that one thread sends to the database: a background writer does not disturb the count."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pymongo import monitoring

_heard: dict[int, list[str]] = {}


class _Listener(monitoring.CommandListener):
    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if (heard := _heard.get(threading.get_ident())) is not None:
            heard.append(event.command_name)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing more to learn."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Nothing more to learn."""


monitoring.register(_Listener())


@contextmanager
def counted() -> Iterator[list[str]]:
    """The names of the commands sent by this thread inside the block."""
    me = threading.get_ident()
    _heard[me] = heard = []
    try:
        yield heard
    finally:
        del _heard[me]
