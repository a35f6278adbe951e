"""Photos of QR codes, drawn as a phone would take them."""

import io

import qrcode
from PIL import Image


def photo(text: str, *, kind: str = "JPEG", tilt: float = 0.0, edge: int = 600) -> bytes:
    """A code on brown cardboard, tilted by some degrees."""
    picture = qrcode.make(text).get_image().convert("RGB").resize((edge, edge))
    scene = Image.new("RGB", (edge * 2, edge * 3), (196, 180, 150))
    scene.paste(picture, (edge // 2, edge))
    out = io.BytesIO()
    scene.rotate(tilt, fillcolor=(196, 180, 150)).save(out, kind)
    return out.getvalue()
