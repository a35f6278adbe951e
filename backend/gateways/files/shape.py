"""The one shape of a file store, whatever lies behind it."""

from dataclasses import dataclass
from typing import Protocol

RENDITIONS = ("full", "thumb")
PICTURE_RENDITIONS = ("thumb.jpg", "480.jpg", "480.webp", "960.jpg", "960.webp")  # by the width they fit into


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A kept photo: pixels of the full rendition, bytes kept, SHA-256 of the full rendition in hex."""

    id: str
    width: int
    height: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    data: bytes
    content_type: str
    etag: str


class Files(Protocol):
    """What a service may ask of a store."""

    def keep_image(self, data: bytes, *, public: bool) -> StoredImage:
        """Clean the image and keep both renditions. Raises RuleBroken, TooLarge, UnsupportedMedia."""

    def keep_bytes(self, file_id: str, data: bytes) -> None:
        """Keep what the platform made itself, under an id of `new_id`; whoever reads it knows what it is."""

    def keep_picture(self, data: bytes) -> StoredImage:
        """Clean an article's picture and keep all its renditions, public. Raises as `keep_image`."""

    def read(self, file_id: str, rendition: str = "full") -> StoredFile:
        """Raises NotFound."""

    def delete(self, file_id: str) -> None:
        """All renditions; what is not there is no error."""
