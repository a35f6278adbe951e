"""Starting and stopping the servers that tests need."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.database import start_embedded


@contextmanager
def embedded_database(directory: Path) -> Iterator[str]:
    """The URI of an embedded server on its own directory; killed at the end, nothing in it is worth keeping."""
    running = start_embedded(directory, durable=False)
    try:
        yield running.uri
    finally:
        running.kill()
