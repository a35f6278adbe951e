"""Making a stranger's photo safe: judged by its content, and nothing of the original file is kept but pixels.

Re-encoding drops EXIF (position, phone, owner), colour profiles, thumbnails and anything appended or hidden.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from backend.base.errors import RuleBroken, TooLarge, UnsupportedMedia

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000  # phones of today reach 50 million; more is a decompression bomb
FULL_SIDE, FULL_QUALITY = 1600, 82
THUMB_SIDE, THUMB_QUALITY = 320, 70
ACCEPTED = ("JPEG", "PNG", "WEBP")
CONTENT_TYPE = "image/jpeg"
PICTURE_WIDTHS = (480, 960)  # a phone's column, and the same for a screen twice as sharp
PICTURE_THUMB, PICTURE_TALLEST = 240, 2  # how much taller than wide a picture may stay
PICTURE_QUALITY = {"jpg": 82, "webp": 80}
FORMATS = {"jpg": "JPEG", "webp": "WEBP"}
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


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """An article's picture without metadata: bytes by rendition, pixels of the widest, SHA-256 of that one's JPEG."""

    renditions: Mapping[str, bytes]
    width: int
    height: int
    sha256: str


def content_type(rendition: str) -> str:
    return "image/webp" if rendition.endswith(".webp") else CONTENT_TYPE


def clean(data: bytes) -> CleanImage:
    """Raises TooLarge, UnsupportedMedia `image_heic` or `image_unreadable`, RuleBroken `image_polyglot`."""
    picture = _judged(data)
    full = _fitted(picture, FULL_SIDE)
    thumb = _fitted(picture, THUMB_SIDE)
    return CleanImage(_encoded(full, FULL_QUALITY), _encoded(thumb, THUMB_QUALITY), *full.size)


def clean_picture(data: bytes) -> CleanPicture:
    """Raises as `clean`, and RuleBroken `picture_too_small`: what is narrower than a phone's column is not legible."""
    picture = _judged(data)
    if picture.width < PICTURE_WIDTHS[0]:
        raise RuleBroken("picture_too_small", limit=PICTURE_WIDTHS[0])
    renditions = {"thumb.jpg": _encoded(_fitted(picture, PICTURE_THUMB), PICTURE_QUALITY["jpg"])}
    for width in PICTURE_WIDTHS:
        fitted = picture.copy()
        fitted.thumbnail((width, width * PICTURE_TALLEST), Image.Resampling.LANCZOS)
        for kind, quality in PICTURE_QUALITY.items():
            renditions[f"{width}.{kind}"] = _encoded(fitted, quality, FORMATS[kind])
    return CleanPicture(renditions, *fitted.size, hashlib.sha256(renditions[f"{width}.jpg"]).hexdigest())


def _judged(data: bytes) -> Image.Image:
    if len(data) > MAX_BYTES:
        raise TooLarge("image_too_large", limit=MAX_BYTES // 1024 // 1024)
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise UnsupportedMedia("image_heic")
    picture = _decoded(data)
    _refuse_polyglot(data)
    return picture


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


def _encoded(picture: Image.Image, quality: int, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    how = {"method": 4} if kind == "WEBP" else {"optimize": True, "progressive": True}
    picture.save(out, kind, quality=quality, **how)
    return out.getvalue()
