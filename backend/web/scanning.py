"""Reads a QR code from a photo, and says what the code means to us; nothing it says is ever followed elsewhere."""

import io
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import zxingcpp
from PIL import Image, UnidentifiedImageError

from backend.base.errors import BadRequest, RuleBroken, TooLarge
from backend.base.ids import CROCKFORD, TRACE_CODE_LENGTH, normal_trace_code

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 50_000_000
EDGE = 2000  # a phone photo shrunk to this still shows a 15 mm code held at arm's length
FORMATS = ("JPEG", "PNG", "WEBP")
CODE = re.compile(rf"[{CROCKFORD}]{{{TRACE_CODE_LENGTH}}}\Z")
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
PACKS = zxingcpp.barcode_formats_from_str("QRCode|DataMatrix|EAN13|EAN8|Code128")  # what stands on a bag or a bottle
MOST_CODES = 20
LONGEST = 4500  # the second code of a certificate: at most 4,000 digits behind an address
LINK = re.compile(r"/01/[0-9]{8,14}/10/[^/?#\s]{1,60}\Z")
UNREADABLE = (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a code leads on this site (`path`), or what a foreign one says (`foreign`)."""

    path: str | None = None
    foreign: str = ""


def texts_in(data: bytes, formats: zxingcpp.BarcodeFormats = QR) -> list[str]:
    """The texts of all codes in a photo. Raises BadRequest without one, TooLarge, RuleBroken `image_unreadable`."""
    if not data:
        raise BadRequest("image_missing", field="photo")
    if len(data) > MAX_BYTES:
        raise TooLarge("image_too_large", field="photo", limit=MAX_BYTES >> 20)
    try:
        picture = _grey(data)
    except (*UNREADABLE, OSError, ValueError, SyntaxError) as error:
        raise RuleBroken("image_unreadable", field="photo") from error
    return [code.text for code in zxingcpp.read_barcodes(picture, formats=formats) if code.text]


def _grey(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        picture.draft("L", (EDGE, EDGE))
        picture.thumbnail((EDGE, EDGE))
        return picture.convert("L")


def meaning(text: str, hosts: frozenset[str]) -> Found:
    """A bare trace code, an address of ours (`hosts` are our names), or something foreign."""
    bare = normal_trace_code(text)
    if CODE.match(bare):
        return Found(path=f"/t/{bare}")
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return Found(foreign=shown(text))
    if parts.scheme in ("http", "https") and parts.netloc.lower() in hosts:
        code = normal_trace_code(unquote(parts.path.removeprefix("/t/")))
        if parts.path.startswith("/t/") and CODE.match(code):
            return Found(path=f"/t/{code}")
        if LINK.match(parts.path):
            return Found(path=parts.path)
    return Found(foreign=shown(text))


def shown(text: str, most: int = 120) -> str:
    """A foreign text cut short and freed of what could disturb the line it is shown on."""
    clean = "".join(letter if letter.isprintable() else " " for letter in text[: 2 * most]).strip()
    return clean if len(clean) <= most else clean[: most - 1] + "…"
