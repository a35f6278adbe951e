"""A4 sheets of self-adhesive labels: a code of at least 20 mm, the words 承诺达标合格证, and what facts have room."""

from collections.abc import Mapping
from dataclasses import dataclass

from fpdf import FPDF
from PIL import Image

from backend.gateways import qrcode
from backend.gateways.labels.paper import GREEN, INK, Card, bold, new_document, put, stamp

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
MAX_LABELS = 480


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns and rows of labels of `width` × `height` mm that fill an A4 sheet."""

    columns: int
    rows: int
    width: float
    height: float
    code: float
    text: float

    @property
    def each(self) -> int:
        return self.columns * self.rows


LAYOUTS: Mapping[str, Layout] = {
    "3x8": Layout(3, 8, 70.0, 37.0, 28.0, 8.2),
    "2x7": Layout(2, 7, 99.1, 38.1, 30.0, 9.5),
    "2x4": Layout(2, 4, 99.1, 67.7, 44.0, 12.0),
}


def label_sheet_pdf(card: Card, count: int, layout: str = "3x8") -> bytes:
    """`count` (1 to 480) equal labels on as many sheets as they need."""
    chosen = LAYOUTS[layout]
    pdf = new_document("P", "A4")
    pdf.set_title(f"{card.title} {card.number}")
    pdf.set_lang("zh-CN")
    code = qrcode.image(card.url, box=8)
    for number in range(min(count, MAX_LABELS)):
        place = number % chosen.each
        if place == 0:
            pdf.add_page()
        _label(pdf, card, chosen, code, place)
    return bytes(pdf.output())


def _label(pdf: FPDF, card: Card, layout: Layout, code: Image.Image, place: int) -> None:
    left = (PAGE_WIDTH - layout.columns * layout.width) / 2 + (place % layout.columns) * layout.width
    top = (PAGE_HEIGHT - layout.rows * layout.height) / 2 + (place // layout.columns) * layout.height
    margin = (layout.height - layout.code) / 2
    pdf.image(code, left + 1.5, top + margin, layout.code, layout.code)
    _words(pdf, card, left + layout.code + 2.5, top, layout)
    if card.watermark:
        stamp(pdf, card.watermark, left + layout.width / 2, top + layout.height / 2, layout.text * 3.4)


def _words(pdf: FPDF, card: Card, x: float, top: float, layout: Layout) -> None:
    size, step, width = layout.text, layout.text * 0.56, layout.width - layout.code - 5
    y = top + (layout.height - step * (len(card.brief) + 1.4)) / 2
    pdf.set_font("sans", size=size)
    pdf.set_text_color(*GREEN)
    with bold(pdf, GREEN, size / 90):
        put(pdf, x, y, card.title, width=width, size=size * 1.18, least=size * 0.7)
    pdf.set_text_color(*INK)
    y += step * 1.4
    for line in card.brief:
        pdf.set_font("sans", size=size)
        put(pdf, x, y, line, width=width, size=size, least=size * 0.68)
        y += step
