"""Keeping a private image in one of a few places: refused before it is stored, kept once, opened by short links."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, Protocol, TypeVar

from backend import gateways
from backend.base import clock, store
from backend.base.documents import Duplicate
from backend.base.errors import Unavailable
from backend.gateways import files

LINK_MINUTES = 15


class Placed(Protocol):
    """A stored row about an image: no two rows of one thing have one `place`."""

    place: int
    file_id: str


Row = TypeVar("Row", bound=Placed)


@dataclass(frozen=True)
class Frame(Generic[Row]):
    """What keeping needs to know of one image: the row `there` already, if it is the actor's own; the next free `place`
    (raises when there is none); the row `made` of a stored image; what to `keep` with it in the transaction; and how
    many may reach for a place at once."""

    there: Callable[[], Row | None]
    place: Callable[[], int]
    made: Callable[[files.StoredImage], Row]
    keep: Callable[[Row], None]
    races: int


def keep_private(data: bytes, frame: Frame[Row]) -> Row:
    """The same id gives the same row. Raises what the frame raises, and what the files gateway says of a bad image."""
    if there := frame.there():
        return there
    frame.place()  # refused before anything is kept
    image = gateways.current().files.keep_image(data, public=False)
    try:
        kept = _settled(frame, frame.made(image))
    except Exception:
        gateways.current().files.delete(image.id)
        raise
    if kept.file_id != image.id:  # the same file twice at once: drop this one, answer with the other
        gateways.current().files.delete(image.id)
    return kept


def _settled(frame: Frame[Row], made: Row) -> Row:
    """Two images at once may reach for one place; the slower takes the next, while there is one."""
    for _ in range(frame.races):
        made.place = frame.place()
        try:
            store.transaction(lambda: frame.keep(made))
        except Duplicate:
            if there := frame.there():
                return there
        else:
            return made
    raise Unavailable("files_unavailable")


def link(file_id: str, rendition: str) -> str:
    """Opens a private image for LINK_MINUTES, without a login."""
    secret, until = gateways.current().settings.link_secret, clock.now() + timedelta(minutes=LINK_MINUTES)
    suffix = ".t" if rendition == "thumb" else ""
    return f"/f/{file_id}{suffix}?{files.signed_query(file_id, rendition, expires_at=until, secret=secret)}"
