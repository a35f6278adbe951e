"""A file and the row that names it are kept together or not at all."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from backend.base import store
from backend.base.documents import Duplicate
from backend.gateways.files.shape import Files


class Named(Protocol):
    """A row about one stored file."""

    file_id: str


Row = TypeVar("Row", bound=Named)


def keep_with_row(files: Files, made: Row, *, keep: Callable[[Row], None], there: Callable[[], Row | None]) -> Row:
    """Run `keep` in a transaction. When the same came twice at once the file is dropped and the row `there` answers;
    when anything else goes wrong the file is dropped and the error rises."""
    try:
        store.transaction(lambda: keep(made))
    except Duplicate:
        files.delete(made.file_id)
        return there() or made
    except Exception:
        files.delete(made.file_id)
        raise
    return made
