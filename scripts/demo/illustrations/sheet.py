"""A sheet to draw the demonstration's illustrations on, and the things that stand in several of them.

Coordinates are those of the finished picture, 960 by 640; it is drawn larger and made small, so that edges are smooth.
Words are large: on a phone the picture is a third of its size.
"""

import io
import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import pylopdf_fonts_zh_cn as fonts
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, SHARP = 960, 640, 2
Point = tuple[float, float]
PAPER, WHITE, INK, SOFT, LINE = "#f6f2e7", "#ffffff", "#1f2a24", "#5a645d", "#cfc8b4"
GREEN, GREEN_SOFT, LEAF, LEAF_DARK = "#0d5c3c", "#d9ebdd", "#7fb069", "#4c7f3f"
RED, RED_SOFT, AMBER, AMBER_SOFT, BLUE, BLUE_SOFT = "#b3261e", "#f8ded9", "#8a5a00", "#fbe9c4", "#2b6c99", "#d8eaf5"
APPLE, SOIL = "#c8473a", "#a98e63"


@cache
def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fonts.sans_path()), round(size * SHARP))


class Sheet:
    """One drawing; `png` is its bytes."""

    def __init__(self, title: str, ground: str = PAPER) -> None:
        self.image = Image.new("RGB", (WIDTH * SHARP, HEIGHT * SHARP), ground)
        self.brush = ImageDraw.Draw(self.image)
        self.words(WIDTH / 2, 58, title, 52, GREEN, bold=True)

    def png(self) -> bytes:
        out = io.BytesIO()
        self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(out, "PNG")
        return out.getvalue()

    def words(
        self, x: float, y: float, text: str, size: float = 40, fill: str = INK, *, bold: bool = False, at: str = "mm"
    ) -> None:
        how: dict[str, Any] = {"stroke_width": round(size * SHARP / 36), "stroke_fill": fill} if bold else {}
        self.brush.text((x * SHARP, y * SHARP), text, font=_font(size), fill=fill, anchor=at, **how)

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        fill: str = WHITE,
        edge: str = "",
        *,
        round_: float = 22,
    ) -> None:
        place = [one * SHARP for one in (left, top, right, bottom)]
        self.brush.rounded_rectangle(place, round_ * SHARP, fill, edge or None, 4 * SHARP)

    def disc(self, x: float, y: float, across: float, fill: str, high: float | None = None, edge: str = "") -> None:
        """An ellipse around a point; `across` and `high` are its half widths."""
        high = across if high is None else high
        place = [one * SHARP for one in (x - across, y - high, x + across, y + high)]
        self.brush.ellipse(place, fill, edge or None, 4 * SHARP)

    def shape(self, points: Iterable[Point], fill: str) -> None:
        self.brush.polygon([(x * SHARP, y * SHARP) for x, y in points], fill)

    def line(self, points: Sequence[Point], fill: str = INK, width: float = 6) -> None:
        placed = [(x * SHARP, y * SHARP) for x, y in points]
        self.brush.line(placed, fill, round(width * SHARP), joint="curve")
        for x, y in (points[0], points[-1]):  # round ends
            self.disc(x, y, width / 2, fill)

    def arc(self, x: float, y: float, radius: float, start: float, end: float, fill: str, width: float = 6) -> None:
        place = [one * SHARP for one in (x - radius, y - radius, x + radius, y + radius)]
        self.brush.arc(place, start, end, fill, round(width * SHARP))

    def arrow(self, x: float, y: float, end: float, fill: str = SOFT, width: float = 8) -> None:
        """To the right."""
        self.line([(x, y), (end - 12, y)], fill, width)
        self.shape([(end - 20, y - 16), (end + 2, y), (end - 20, y + 16)], fill)

    def number(self, x: float, y: float, one: int, fill: str = GREEN) -> None:
        self.disc(x, y, 30, fill)
        self.words(x, y, str(one), 40, WHITE, bold=True)

    def tick(self, x: float, y: float, size: float = 34) -> None:
        self.disc(x, y, size, GREEN)
        self.line(
            [(x - size * 0.45, y), (x - size * 0.1, y + size * 0.38), (x + size * 0.5, y - size * 0.38)], WHITE, 8
        )

    def cross(self, x: float, y: float, size: float = 34) -> None:
        self.disc(x, y, size, RED)
        arm = size * 0.4
        for way in (-1, 1):
            self.line([(x - arm, y - arm * way), (x + arm, y + arm * way)], WHITE, 8)


def drop(sheet: Sheet, x: float, y: float, size: float, fill: str = BLUE) -> None:
    sheet.shape([(x, y - size * 1.7), (x + size * 0.86, y - size * 0.45), (x - size * 0.86, y - size * 0.45)], fill)
    sheet.disc(x, y, size, fill)


def apple(sheet: Sheet, x: float, y: float, size: float, fill: str = APPLE) -> None:
    for side in (-1, 1):
        sheet.disc(x + side * size * 0.38, y, size * 0.68, fill, size * 0.86)
    sheet.disc(x - size * 0.5, y - size * 0.3, size * 0.13, "#eba79d", size * 0.24)
    sheet.line([(x, y - size * 0.66), (x + size * 0.12, y - size * 1.12)], "#6b4a2f", size * 0.1)
    leaf(sheet, x + size * 0.46, y - size * 1.02, size * 0.36, -0.3)


def leaf(sheet: Sheet, x: float, y: float, size: float, turn: float = 0.0, fill: str = LEAF) -> None:
    """Pointed at both ends, with its vein."""
    outline = [(math.cos(a) * size, math.sin(a) ** 3 * size * 0.62) for a in (n * math.tau / 60 for n in range(60))]
    placed = [_turned(x, y, one, turn) for one in outline]
    sheet.shape(placed, fill)
    sheet.line([_turned(x, y, (-size * 0.9, 0), turn), _turned(x, y, (size * 0.8, 0), turn)], LEAF_DARK, size * 0.05)


def _turned(x: float, y: float, point: Point, turn: float) -> Point:
    across, down = point
    return x + across * math.cos(turn) - down * math.sin(turn), y + across * math.sin(turn) + down * math.cos(turn)


def cabbage(sheet: Sheet, x: float, y: float, size: float) -> None:
    for number in range(7):
        angle = math.pi + number * math.pi / 6
        sheet.disc(x + math.cos(angle) * size * 0.6, y + math.sin(angle) * size * 0.45, size * 0.48, LEAF)
    sheet.disc(x, y + size * 0.05, size * 0.78, "#a5cb8c", size * 0.72)
    for way in (-0.55, 0.0, 0.55):
        sheet.line([(x, y + size * 0.7), (x + way * size * 0.6, y - size * 0.4)], "#e8f3dd", size * 0.07)


def bowl(sheet: Sheet, x: float, y: float, size: float) -> None:
    """Full of water, its rim at y."""
    place = [one * SHARP for one in (x - size, y - size, x + size, y + size)]
    sheet.brush.pieslice(place, 0, 180, "#e7e2d3")
    sheet.disc(x, y, size, BLUE_SOFT, size * 0.22, BLUE)


def tap(sheet: Sheet, x: float, y: float) -> None:
    """Water runs from x, y downwards."""
    grey = "#8d979b"
    sheet.line([(x - 74, y - 62), (x - 12, y - 62)], grey, 24)
    sheet.line([(x, y - 58), (x, y - 12)], grey, 24)
    sheet.line([(x - 44, y - 92), (x - 44, y - 66)], grey, 14)
    sheet.line([(x - 66, y - 96), (x - 22, y - 96)], grey, 14)
    for shift in (-8, 0, 8):
        sheet.line([(x + shift, y + 10), (x + shift, y + 62)], "#8fc3e3", 5)


def bottle(sheet: Sheet, x: float, y: float, high: float, body: str = "#3f7d5c") -> None:
    """A bottle with a blank label, standing on y."""
    wide = high * 0.3
    sheet.box(x - wide * 0.4, y - high, x + wide * 0.4, y - high * 0.8, "#30363a", round_=8)
    sheet.box(x - wide, y - high * 0.8, x + wide, y, body, round_=26)
    sheet.box(x - wide * 0.84, y - high * 0.62, x + wide * 0.84, y - high * 0.12, WHITE, round_=8)


def qr(sheet: Sheet, x: float, y: float, size: float) -> None:
    """The look of a QR code; it leads nowhere."""
    step = size / 21
    sheet.box(x - step, y - step, x + size + step, y + size + step, WHITE, round_=4)
    for row in range(21):
        for column in range(21):
            if (row * 7 + column * 11 + row * column) % 5 < 2:
                left, top = x + column * step, y + row * step
                sheet.shape([(left, top), (left + step, top), (left + step, top + step), (left, top + step)], INK)
    for column, row in ((0, 0), (14, 0), (0, 14)):
        for inset, fill in ((0, WHITE), (0.4, INK), (1.4, WHITE), (2.4, INK)):
            left, top, far = x + (column + inset) * step, y + (row + inset) * step, (7 - 2 * inset) * step
            sheet.shape([(left, top), (left + far, top), (left + far, top + far), (left, top + far)], fill)
