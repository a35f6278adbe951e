"""Making a stranger's photo safe: judged by its content, and nothing of the original file is kept but pixels.

Re-encoding drops EXIF (position, phone, owner), colour profiles, thumbnails and anything appended or hidden.
"""

import hashlib
import io
import zipfile
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from backend.base.errors import RuleBroken, TooLarge, UnsupportedMedia

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000  # phones of today reach 50 million; more is a decompression bomb
FULL_SIDE, FULL_QUALITY = 1600, 82
THUMB_SIDE, THUMB_QUALITY = 320, 70
ACCEPTED = ("JPEG", "PNG", "WEBP")
CONTENT_TYPE = "image/jpeg"
HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"heis", b"avif")
FOREIGN = (b"%pdf-", b"<script", b"<?php", b"<html", b"<svg")  # lower case: compared without regard to it
Image.MAX_IMAGE_PIXELS = None  # judged here, before a pixel is decoded, and not by a warning


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
        with Image.open(io.BytesIO(data), formats=ACCEPTED) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise TooLarge("image_too_many_pixels", limit=MAX_PIXELS // 1_000_000)
            opened.load()
            return _flattened(ImageOps.exif_transpose(opened))
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
    """A file made to be two things is an attack and told so where it can be seen: an archive, or a document, page or
    script at the start or in the last 64 KB. Whatever hides better is dropped all the same, by re-encoding."""
    places = data[:1024].lower() + b"|" + data[-65536:].lower()
    if zipfile.is_zipfile(io.BytesIO(data)) or any(mark in places for mark in FOREIGN):
        raise RuleBroken("image_polyglot")


def _fitted(picture: Image.Image, side: int) -> Image.Image:
    fitted = picture.copy()
    fitted.thumbnail((side, side), Image.Resampling.LANCZOS)
    return fitted


def _encoded(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
