"""Making a stranger's photo safe: judged by its content, and nothing of the original file is kept but pixels.

Re-encoding drops EXIF (position, phone, owner), colour profiles, thumbnails and anything appended or hidden.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from backend.base.errors import RuleBroken, TooLarge, UnsupportedMedia

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000  # phones of today reach 50 million; more is a decompression bomb
FULL_SIDE, FULL_QUALITY = 1600, 82
THUMB_SIDE, THUMB_QUALITY = 320, 70
ACCEPTED = ("JPEG", "PNG", "WEBP")
CONTENT_TYPE = "image/jpeg"
HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
FOREIGN = (b"%PDF-", b"PK\x03\x04", b"<script", b"<?php", b"<html", b"<svg", b"\x7fELF", b"MZ\x90\x00")


@dataclass(frozen=True, slots=True)
class CleanImage:
    """Two JPEG renditions without metadata."""

    full: bytes
    thumb: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.full).hexdigest()


def clean(data: bytes) -> CleanImage:
    """Raises TooLarge, UnsupportedMedia `image_heic` or `image_unreadable`, RuleBroken `image_polyglot`."""
    if len(data) > MAX_BYTES:
        raise TooLarge("image_too_large", limit=MAX_BYTES // 1024 // 1024)
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise UnsupportedMedia("image_heic")
    picture = _decoded(data)
    _refuse_polyglot(data)
    full = _fitted(picture, FULL_SIDE)
    thumb = _fitted(picture, THUMB_SIDE)
    return CleanImage(_encoded(full, FULL_QUALITY), _encoded(thumb, THUMB_QUALITY), *full.size)


def _decoded(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=ACCEPTED) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise TooLarge("image_too_many_pixels", limit=MAX_PIXELS // 1_000_000)
                opened.load()
                turned = ImageOps.exif_transpose(opened)
                return _flattened(turned)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge("image_too_many_pixels", limit=MAX_PIXELS // 1_000_000) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, OverflowError) as error:
        raise UnsupportedMedia("image_unreadable") from error


def _flattened(picture: Image.Image) -> Image.Image:
    """RGB on white: JPEG knows no transparency."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _refuse_polyglot(data: bytes) -> None:
    """Re-encoding would drop a hidden second file anyway; a file made to be two things is an attack and is told so.

    Looked for at the start and in the last 64 KB, where appended content lies; compressed pixels match these words
    by an accident of one in millions.
    """
    places = data[:1024].lower() + b"|" + data[-65536:].lower()
    if any(mark.lower() in places for mark in FOREIGN if len(mark) > 4) or data[-22:-18] == b"PK\x05\x06":
        raise RuleBroken("image_polyglot")


def _fitted(picture: Image.Image, side: int) -> Image.Image:
    fitted = picture.copy()
    fitted.thumbnail((side, side), Image.Resampling.LANCZOS)
    return fitted


def _encoded(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
