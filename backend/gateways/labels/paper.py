"""What is common to everything that is printed: the card, the fonts, text that fits its place."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pylopdf_fonts_zh_cn as fonts
from fpdf import FPDF
from fpdf.enums import TextMode

INK = (28, 36, 32)
QUIET_INK = (92, 104, 98)
GREEN = (22, 101, 72)
RED = (185, 28, 28)
STEP = 0.25  # points by which text shrinks until it fits


class FontMissing(Exception):  # noqa: N818 - says what is missing, like KeyError says what key
    """The font file a setting names is not there; printing boxes instead of Chinese would be worse than failing."""


@dataclass(frozen=True, slots=True)
class Card:
    """A certificate as it is printed. `bases` are (words, ticked), `fields` (label, value) in the template's order;
    `brief` are the few lines a small label has room for; `watermark` is 作废 or 示例, or nothing; `proof` is what the
    second code says, an address that ends in a long number."""

    title: str
    lead: str
    commitments: tuple[str, ...]
    bases: tuple[tuple[str, bool], ...]
    fields: tuple[tuple[str, str], ...]
    url: str
    number: str
    brief: tuple[str, ...]
    watermark: str = ""
    notes: tuple[str, ...] = ()
    proof: str = ""


def _font(variable: str, packaged: Path) -> Path:
    path = Path(os.environ.get(variable) or packaged)
    if not path.is_file():
        raise FontMissing(f"no font at {path}: set {variable} to a Chinese font (Noto Sans SC, say)")
    return path


def new_document(orientation: str, size: tuple[float, float] | str) -> FPDF:
    """An empty document in millimetres with the sans and serif fonts; only the glyphs used are embedded."""
    pdf = FPDF(orientation=orientation, unit="mm", format=size)
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.add_font("sans", fname=_font("LABEL_FONT", fonts.sans_path()))
    pdf.add_font("serif", fname=_font("LABEL_FONT_SERIF", fonts.serif_path()))
    pdf.set_creator("LongTrace")
    return pdf


@contextmanager
def bold(pdf: FPDF, color: tuple[int, int, int], weight: float = 0.12) -> Iterator[None]:
    """A heavier stroke in the colour of the text: the fonts come in one weight."""
    with pdf.local_context(text_mode=TextMode.FILL_STROKE, line_width=weight):
        pdf.set_draw_color(*color)
        yield


def fit_line(pdf: FPDF, text: str, width: float, size: float, least: float) -> tuple[str, float]:
    """The text and the size at which it fits one line: shrunk down to `least` points, then cut with an ellipsis."""
    while size > least:
        pdf.set_font_size(size)
        if pdf.get_string_width(text) <= width:
            return text, size
        size -= STEP
    pdf.set_font_size(least)
    if pdf.get_string_width(text) <= width:
        return text, least
    while text and pdf.get_string_width(text + "…") > width:
        text = text[:-1]
    return text + "…", least


def wrap(pdf: FPDF, text: str, width: float) -> list[str]:
    """Lines of at most `width`, broken between any two characters as Chinese allows, never before a closing mark."""
    lines, line = [], ""
    for character in text:
        if line and pdf.get_string_width(line + character) > width and character not in "。,;:、）)”》!?":
            lines.append(line)
            line = ""
        line += character
    return [*lines, line] if line else lines


def put(pdf: FPDF, x: float, y: float, text: str, *, width: float, size: float, least: float | None = None) -> None:
    """One line with its baseline box's top-left at (x, y)."""
    shown, chosen = fit_line(pdf, text, width, size, least or size * 0.7)
    pdf.set_font_size(chosen)
    pdf.set_xy(x, y)
    pdf.cell(width, size * 0.42, shown)


def tick_box(pdf: FPDF, x: float, y: float, side: float, ticked: bool) -> None:
    """☐ or ☑ drawn as lines: a font may lack the signs."""
    with pdf.local_context(line_width=side / 11):
        pdf.set_draw_color(*INK)
        pdf.rect(x, y, side, side)
        if ticked:
            pdf.set_line_width(side / 6)
            pdf.set_draw_color(*GREEN)
            pdf.line(x + side * 0.2, y + side * 0.52, x + side * 0.43, y + side * 0.76)
            pdf.line(x + side * 0.43, y + side * 0.76, x + side * 0.84, y + side * 0.2)


def stamp(pdf: FPDF, words: str, x: float, y: float, size: float) -> None:
    """A large word across the middle of what is void, or an example."""
    with pdf.local_context(fill_opacity=0.22, stroke_opacity=0.22), pdf.rotation(18, x, y):
        pdf.set_font("sans", size=size)
        pdf.set_text_color(*RED)
        width = pdf.get_string_width(words)
        with bold(pdf, RED, size / 60):
            pdf.text(x - width / 2, y + size * 0.12, words)
    pdf.set_text_color(*INK)
