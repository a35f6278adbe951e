"""File ids, the addresses of pictures, and the short signed links that open private files."""

import hashlib
import hmac
from datetime import datetime

from backend.base import ids
from backend.gateways.files.shape import PICTURE_RENDITIONS, RENDITIONS

PUBLIC, PRIVATE, PICTURE = "p", "s", "i"


def new_id(*, public: bool) -> str:
    """130 random bits after the letter that says who may open it."""
    return (PUBLIC if public else PRIVATE) + ids.token(26)


def new_picture_id() -> str:
    return PICTURE + ids.token(26)


def is_picture(file_id: str) -> bool:
    """A picture of an article: public, with renditions of its own."""
    return file_id.startswith(PICTURE)


def renditions_of(file_id: str) -> tuple[str, ...]:
    return PICTURE_RENDITIONS if is_picture(file_id) else RENDITIONS


def picture_path(file_id: str, rendition: str) -> str:
    """Where everybody reads it, for good: the bytes behind an address never change."""
    return f"/p/{file_id}-{rendition}"


def is_public(file_id: str) -> bool:
    return file_id.startswith(PUBLIC)


def _signature(file_id: str, rendition: str, expires: int, secret: bytes) -> str:
    return hmac.new(secret, f"{file_id}/{rendition}/{expires}".encode(), hashlib.sha256).hexdigest()[:40]


def signed_query(file_id: str, rendition: str, *, expires_at: datetime, secret: bytes) -> str:
    """`e=…&s=…` for a link that opens the file until then."""
    expires = int(expires_at.timestamp())
    return f"e={expires}&s={_signature(file_id, rendition, expires, secret)}"


def link_opens(file_id: str, rendition: str, *, expires: str, signature: str, now: datetime, secret: bytes) -> bool:
    """Whether the signature is ours and still good; compared in constant time whatever is wrong with it."""
    number = int(expires) if expires.isascii() and expires.isdigit() and len(expires) < 12 else 0
    right = hmac.compare_digest(
        _signature(file_id, rendition, number, secret).encode(), signature.encode("utf-8", "replace")
    )
    return right and number > now.timestamp()
