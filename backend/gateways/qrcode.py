"""QR codes as PNG, SVG and terminal text: level M, four quiet modules, no logos, so that a worn print still decodes."""

import io

import qrcode
import qrcode.constants
import segno
from PIL import Image
from qrcode.util import MODE_8BIT_BYTE, MODE_NUMBER, QRData

QUIET_MODULES = 4
MASK = 4  # a fixed mask is about three times as fast as trying all eight, and decodes as well


def modules(url: str) -> int:
    """How many modules wide the code is, quiet zone not counted (25 is version 2, 29 version 3)."""
    return int(segno.make_qr(url, error="m", boost_error=False).symbol_size(border=0)[0])


def image(url: str, *, box: int = 10) -> Image.Image:
    """A 1-bit picture, `box` pixels a module, quiet zone included."""
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=box, border=QUIET_MODULES, mask_pattern=MASK
    )
    code.add_data(url)
    code.make(fit=True)
    drawn: Image.Image = code.make_image().get_image()
    return drawn.convert("1")


def proof_image(address: str, *, box: int = 4) -> Image.Image:
    """As `image`, for an address that ends in `#` and a long number: the number is written ten bits to three digits."""
    prefix, digits = address.rsplit("#", 1)
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=box, border=QUIET_MODULES, mask_pattern=MASK
    )
    code.add_data(QRData(f"{prefix}#".encode(), MODE_8BIT_BYTE))
    code.add_data(QRData(digits, MODE_NUMBER))
    code.make(fit=True)
    drawn: Image.Image = code.make_image().get_image()
    return drawn.convert("1")


def png(url: str, *, box: int = 10) -> bytes:
    out = io.BytesIO()
    image(url, box=box).save(out, "PNG", optimize=True)
    return out.getvalue()


def svg(url: str) -> bytes:
    """A small scalable file without a fixed size."""
    out = io.BytesIO()
    code = segno.make_qr(url, error="m", boost_error=False)
    code.save(out, kind="svg", border=QUIET_MODULES, omitsize=True, xmldecl=False, title="承诺达标合格证")
    return out.getvalue()


def terminal(url: str) -> str:
    """For a terminal of dark or light ground, half a line a module."""
    out = io.StringIO()
    segno.make_qr(url, error="m", boost_error=False).terminal(out, border=2, compact=True)
    return out.getvalue()
