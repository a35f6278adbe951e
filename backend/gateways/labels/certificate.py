"""The certificate as a page (A5 landscape, as the paper form): title, promises, bases, facts, and the code to scan."""

from dataclasses import dataclass

from fpdf import FPDF

from backend.gateways import qrcode
from backend.gateways.labels.paper import (
    GREEN,
    INK,
    QUIET_INK,
    Card,
    bold,
    fit_line,
    new_document,
    put,
    stamp,
    tick_box,
    wrap,
)

WIDTH, HEIGHT = 210.0, 148.0
LEFT, RIGHT = 15.0, 195.0
CODE_TOP = 66.0


@dataclass(frozen=True, slots=True)
class Room:
    """Where things stand, in millimetres. A signed certificate has a second, denser code beside the first: about 85
    modules with its quiet zone, half a millimetre each."""

    code_side: float = 46.0  # about 36 mm of code within its quiet zone
    proof_side: float = 0.0

    @property
    def code_left(self) -> float:
        return RIGHT - self.proof_side - self.code_side

    @property
    def text_width(self) -> float:
        return self.code_left - LEFT - 6


UNSIGNED = Room()
SIGNED = Room(code_side=38.0, proof_side=46.0)


def certificate_pdf(card: Card) -> bytes:
    """One page. Nothing overflows: long values shrink, then wrap, then end in an ellipsis."""
    pdf = new_document("L", (HEIGHT, WIDTH))
    pdf.set_title(f"{card.title} {card.number}")
    pdf.set_lang("zh-CN")
    pdf.add_page()
    room = SIGNED if card.proof else UNSIGNED
    _frame(pdf)
    y = _head(pdf, card)
    y = _promises(pdf, card, y, RIGHT - LEFT if card.proof else room.text_width)
    y = _bases(pdf, card, y, room)
    _facts(pdf, card, max(y, CODE_TOP - 4) if card.proof else y, room)
    _code(pdf, card, room)
    if card.proof:
        _proof(pdf, card, room)
    _foot(pdf, card)
    if card.watermark:
        stamp(pdf, card.watermark, WIDTH / 2, HEIGHT / 2, 92)
    return bytes(pdf.output())


def _frame(pdf: FPDF) -> None:
    pdf.set_draw_color(*GREEN)
    pdf.set_line_width(0.9)
    pdf.rect(7, 7, WIDTH - 14, HEIGHT - 14)
    pdf.set_line_width(0.25)
    pdf.rect(8.6, 8.6, WIDTH - 17.2, HEIGHT - 17.2)


def _head(pdf: FPDF, card: Card) -> float:
    pdf.set_font("serif", size=29)
    pdf.set_text_color(*GREEN)
    with bold(pdf, GREEN, 0.3):
        pdf.set_xy(0, 13)
        pdf.cell(WIDTH, 13, card.title, align="C")
    pdf.set_text_color(*INK)
    pdf.set_font("sans", size=13)
    put(pdf, LEFT, 31, card.lead, width=RIGHT - LEFT, size=13)
    return 39.5


def _promises(pdf: FPDF, card: Card, y: float, width: float) -> float:
    for sentence in card.commitments:
        pdf.set_font("sans", size=12.5)
        pdf.set_fill_color(*GREEN)
        pdf.circle(LEFT + 1.2, y + 2.7, 0.9, style="F")
        for line in wrap(pdf, sentence, width - 5):
            pdf.set_xy(LEFT + 5, y)
            pdf.cell(width - 5, 5.6, line)
            y += 6.4
    return y + 1.5


def _bases(pdf: FPDF, card: Card, y: float, place: Room) -> float:
    pdf.set_font("sans", size=11.5)
    pdf.set_text_color(*QUIET_INK)
    pdf.set_xy(LEFT, y)
    pdf.cell(20, 5, "承诺依据")
    pdf.set_text_color(*INK)
    x = LEFT + 22.0
    for words, ticked in card.bases:
        room = pdf.get_string_width(words) + 11
        if x + room > (RIGHT if y < CODE_TOP - 6 else LEFT + place.text_width) and x > LEFT + 22:
            x, y = LEFT + 22.0, y + 7.4
        tick_box(pdf, x, y + 0.5, 4.1, ticked)
        pdf.set_xy(x + 5.6, y)
        pdf.cell(room - 6, 5, words)
        x += room + 1
    return y + 9.4


def _facts(pdf: FPDF, card: Card, y: float, place: Room) -> None:
    width = place.text_width
    pdf.set_draw_color(200, 210, 204)
    pdf.set_line_width(0.2)
    room = (HEIGHT - 21 - y) / max(len(card.fields), 1)
    height = min(8.6, room)
    for label, value in card.fields:
        pdf.line(LEFT, y, LEFT + width, y)
        pdf.set_font("sans", size=11)
        pdf.set_text_color(*QUIET_INK)
        pdf.set_xy(LEFT, y + height / 2 - 2.4)
        pdf.cell(27, 4.8, label)
        pdf.set_text_color(*INK)
        _value(pdf, value, y, height, width - 28)
        y += height
    pdf.line(LEFT, y, LEFT + width, y)


def _value(pdf: FPDF, value: str, y: float, height: float, width: float) -> None:
    """On one line if it fits at 9 points or more, otherwise on two at 8, the second cut if it must be."""
    x = LEFT + 28
    pdf.set_font("sans", size=12)
    _, size = fit_line(pdf, value, width, 12, 9)
    pdf.set_font_size(size)
    if pdf.get_string_width(value) <= width:
        pdf.set_xy(x, y + height / 2 - 2.4)
        pdf.cell(width, 4.8, value)
        return
    pdf.set_font_size(8)
    lines = wrap(pdf, value, width)
    for number, line in enumerate([lines[0], fit_line(pdf, "".join(lines[1:]), width, 8, 7)[0]]):
        pdf.set_xy(x, y + height / 2 - 3.5 + number * 3.6)
        pdf.cell(width, 3.4, line)


def _code(pdf: FPDF, card: Card, room: Room) -> None:
    side, bottom = room.code_side, CODE_TOP + max(room.code_side, room.proof_side)
    pdf.image(qrcode.image(card.url), room.code_left, bottom - side, side, side)
    _caption(pdf, (room.code_left, bottom, side), "承诺达标合格证", "微信扫一扫，查生产记录")


def _proof(pdf: FPDF, card: Card, room: Room) -> None:
    side, left = room.proof_side, RIGHT - room.proof_side
    pdf.image(qrcode.proof_image(card.proof), left, CODE_TOP, side, side)
    _caption(pdf, (left, CODE_TOP + side, side), "电子签名", "扫一扫验真，没有网络也能验")


def _caption(pdf: FPDF, place: tuple[float, float, float], title: str, words: str) -> None:
    """Two lines under a code: `place` is its left, its bottom and its width."""
    x, y, width = place
    pdf.set_font("sans", size=12.5)
    pdf.set_text_color(*GREEN)
    with bold(pdf, GREEN):
        pdf.set_xy(x, y - 1)
        pdf.cell(width, 6, title, align="C")
    pdf.set_text_color(*QUIET_INK)
    pdf.set_font("sans", size=9)
    shown, size = fit_line(pdf, words, width - 3, 9, 7)
    pdf.set_font_size(size)
    pdf.set_xy(x, y + 5.4)
    pdf.cell(width, 5, shown, align="C")
    pdf.set_text_color(*INK)


def _foot(pdf: FPDF, card: Card) -> None:
    pdf.set_font("sans", size=8.5)
    pdf.set_text_color(*QUIET_INK)
    put(pdf, LEFT, HEIGHT - 17, f"编号 {card.number}", width=70, size=8.5)
    if card.notes:
        shown, size = fit_line(pdf, "  ".join(card.notes), RIGHT - LEFT - 72, 8.5, 6.5)
        pdf.set_font_size(size)
        pdf.set_xy(LEFT + 72, HEIGHT - 17)
        pdf.cell(RIGHT - LEFT - 72, 3.6, shown, align="R")
    pdf.set_text_color(*INK)
