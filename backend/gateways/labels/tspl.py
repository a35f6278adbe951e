"""Bytes for thermal label printers that speak TSPL (203 dpi, 8 dots a millimetre), Chinese text in GB18030.

Commands, not pictures: a label is a few hundred bytes, which matters where a phone writes them twenty at a time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from backend.gateways import qrcode
from backend.gateways.labels.paper import Card

DOTS = 8
CELL = 4  # dots a module; fewer smear on cheap paper
LARGE, SMALL = 24, 16
MAX_COPIES = 500
UNSHOWABLE = "〓"  # the sign for a character the printer's font lacks


@dataclass(frozen=True, slots=True)
class Size:
    width: int  # mm
    height: int


SIZES: Mapping[str, Size] = {"40x30": Size(40, 30), "60x40": Size(60, 40)}


def tspl(card: Card, size: str = "40x30", copies: int = 1) -> bytes:
    """The whole print job: set-up, one label, how many copies (1 to 500)."""
    return _job(SIZES[size], list(_label(card, SIZES[size])), max(1, min(copies, MAX_COPIES)))


def tspl_test_page(size: str = "40x30") -> bytes:
    """A label that shows whether paper, heat and Chinese font are right."""
    lines = [_text(16, 16, LARGE, "打印测试"), _text(16, 56, SMALL, "字迹清楚、位置居中即可使用")]
    return _job(SIZES[size], lines, 1)


def _job(size: Size, lines: list[bytes], copies: int) -> bytes:
    head = [f"SIZE {size.width} mm,{size.height} mm", "GAP 2 mm,0 mm", "DIRECTION 1", "CLS"]
    return b"\r\n".join([*(line.encode("ascii") for line in head), *lines, f"PRINT 1,{copies}".encode("ascii"), b""])


def _label(card: Card, size: Size) -> Iterator[bytes]:
    width, height = size.width * DOTS, size.height * DOTS
    code = qrcode.modules(card.url) * CELL
    yield _text((width - _width(card.title, LARGE)) // 2, 10, LARGE, card.title)
    top = 10 + LARGE + CELL * 3
    yield f'QRCODE {CELL * 4},{top},M,{CELL},A,0,"{card.url}"'.encode("ascii")
    x = CELL * 4 + code + CELL * 3
    font = LARGE if width - x >= LARGE * 9 else SMALL
    step = min(font + 12, (height - top - 4) // max(len(card.brief), 1))
    for number, line in enumerate(card.brief):
        y = top + number * step
        if y + font <= height:
            yield _text(x, y, font, trimmed(line, width - x - 6, font))


def _width(text: str, font: int) -> int:
    return sum(font if ord(character) > 0xFF else font // 2 for character in text)


def trimmed(text: str, width: int, font: int) -> str:
    """As many whole characters as fit `width` dots."""
    while text and _width(text, font) > width:
        text = text[:-1]
    return text


def _text(x: int, y: int, font: int, text: str) -> bytes:
    return f'TEXT {x},{y},"TSS{font}.BF2",0,1,1,"{printable(text)}"'.encode("gb18030")


def printable(text: str) -> str:
    """Without what would end the string or the line, and with a sign for what a GBK font cannot show."""
    safe = "".join(" " if ord(character) < 32 else character for character in text.replace('"', "”").replace("\\", "/"))
    return "".join(character if len(character.encode("gb18030", "replace")) < 4 else UNSHOWABLE for character in safe)
