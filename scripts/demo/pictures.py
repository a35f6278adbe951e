"""Pictures drawn for the demonstration, so that no photo of a real place or person is needed."""

import io
import math
import random
from collections.abc import Callable

import pylopdf_fonts_zh_cn as fonts
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 960, 720
HORIZON = 300
Colour = tuple[int, int, int]
Brush = Callable[[ImageDraw.ImageDraw, random.Random], None]


def photo(scene: str, seed: str, caption: str) -> bytes:
    """A JPEG of the scene, always the same for the same seed, marked 示例 in its corner."""
    chance = random.Random(f"{scene}:{seed}")  # noqa: S311 - a drawing, not a secret
    image = _sky(chance)
    brush = ImageDraw.Draw(image)
    _hills(brush, chance)
    SCENES[scene](brush, chance)
    image = image.filter(ImageFilter.GaussianBlur(1.1))
    _caption(ImageDraw.Draw(image), caption)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def _mixed(low: Colour, high: Colour, share: float) -> Colour:
    return tuple(round(a + (b - a) * share) for a, b in zip(low, high, strict=True))  # type: ignore[return-value]


def _sky(chance: random.Random) -> Image.Image:
    top, bottom = chance.choice([((96, 160, 214), (224, 238, 246)), ((132, 172, 200), (246, 232, 206))])
    strip = Image.new("RGB", (1, HEIGHT))
    for y in range(HEIGHT):
        strip.putpixel((0, y), _mixed(top, bottom, min(y / HORIZON, 1.0)))
    return strip.resize((WIDTH, HEIGHT))


def _hills(brush: ImageDraw.ImageDraw, chance: random.Random) -> None:
    """Two ridges of loess and the plain before them."""
    for depth, colour in ((70, (176, 164, 140)), (34, (150, 148, 108))):
        phase, width = chance.random() * 6, chance.uniform(150, 260)
        ridge = [(x, HORIZON - depth * (0.55 + 0.45 * math.sin(x / width + phase))) for x in range(0, WIDTH + 20, 20)]
        brush.polygon([*ridge, (WIDTH, HORIZON + 4), (0, HORIZON + 4)], fill=colour)
    brush.rectangle((0, HORIZON, WIDTH, HEIGHT), fill=(142, 122, 84))


def _furrows(brush: ImageDraw.ImageDraw, green: Colour) -> None:
    for number in range(-9, 10):
        far, near, wide = WIDTH / 2 + number * 34, WIDTH / 2 + number * 150, 58
        corners = [(far - 8, HORIZON + 6), (far + 8, HORIZON + 6), (near + wide, HEIGHT), (near - wide, HEIGHT)]
        brush.polygon(corners, fill=_mixed((118, 100, 66), green, 0.75 if number % 2 else 0.9))


def _blob(brush: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: Colour) -> None:
    brush.ellipse((x - radius, y - radius * 0.9, x + radius, y + radius * 0.9), fill=colour)


def _rows(brush: ImageDraw.ImageDraw, chance: random.Random) -> None:
    _furrows(brush, (70, 128, 62))
    for _ in range(320):
        y = HORIZON + 12 + (chance.random() ** 1.4) * (HEIGHT - HORIZON)
        size = 3 + 20 * (y - HORIZON) / (HEIGHT - HORIZON)
        green = _mixed((58, 112, 52), (128, 172, 84), chance.random())
        _blob(brush, chance.uniform(0, WIDTH), y, size * chance.uniform(0.6, 1.1), green)


def _orchard(brush: ImageDraw.ImageDraw, chance: random.Random) -> None:
    _furrows(brush, (126, 148, 84))
    for rank in range(6):
        y = HORIZON + 30 + rank * rank * 13
        size = 22 + rank * 17
        for number in range(-4, 5):
            x = WIDTH / 2 + number * (70 + rank * 52) + chance.uniform(-8, 8)
            brush.rectangle((x - size * 0.07, y, x + size * 0.07, y + size * 0.9), fill=(96, 74, 54))
            for _ in range(9):
                green = _mixed((52, 98, 50), (104, 150, 74), chance.random())
                dx, dy = chance.uniform(-0.6, 0.6) * size, chance.uniform(-0.6, 0.35) * size
                _blob(brush, x + dx, y + dy, size * 0.42, green)


def _fruit(brush: ImageDraw.ImageDraw, chance: random.Random) -> None:
    _orchard(brush, chance)
    red = chance.choice([(190, 52, 44), (204, 92, 46), (176, 44, 52)])
    brush.rectangle((60, HEIGHT - 170, WIDTH - 60, HEIGHT - 20), fill=(172, 132, 84))
    for number in range(95):
        x, y = 80 + chance.random() * (WIDTH - 160), HEIGHT - 190 + chance.random() * 110
        _blob(brush, x, y, 24, _mixed(red, (60, 20, 20), 0.18 * (number % 3)))
        _blob(brush, x - 7, y - 8, 6, _mixed(red, (255, 240, 220), 0.6))
    for x in range(60, WIDTH - 60, 120):
        brush.rectangle((x, HEIGHT - 100, x + 112, HEIGHT - 24), fill=(188, 148, 98), outline=(140, 104, 62))


def _leaf(brush: ImageDraw.ImageDraw, chance: random.Random) -> None:
    brush.rectangle((0, 0, WIDTH, HEIGHT), fill=(86, 118, 66))
    for _ in range(26):
        x, y, size = chance.uniform(0, WIDTH), chance.uniform(0, HEIGHT), chance.uniform(70, 170)
        green = _mixed((58, 104, 50), (132, 176, 90), chance.random())
        brush.ellipse((x - size, y - size * 0.5, x + size, y + size * 0.5), fill=green)
        brush.line((x - size, y, x + size, y), fill=_mixed(green, (220, 236, 190), 0.5), width=4)
    for _ in range(46):
        _blob(brush, chance.gauss(WIDTH / 2, 120), chance.gauss(HEIGHT / 2, 80), chance.uniform(4, 9), (96, 70, 44))


def _greenhouse(brush: ImageDraw.ImageDraw, chance: random.Random) -> None:
    brush.rectangle((0, 0, WIDTH, HEIGHT), fill=(226, 236, 230))
    for number in range(9):
        inset = number * 46
        box = (inset, 20 + inset * 0.6, WIDTH - inset, HEIGHT * 1.5 - inset * 0.6)
        brush.arc(box, 180, 360, fill=(176, 190, 184), width=max(8 - number, 2))
    brush.polygon([(0, HEIGHT), (WIDTH / 2 - 40, 300), (WIDTH / 2 + 40, 300), (WIDTH, HEIGHT)], fill=(142, 122, 84))
    for side in (-1, 1):
        for rank in range(9, 0, -1):
            size = 14 * rank
            for _ in range(10):
                x = WIDTH / 2 + side * (44 + rank * 42) + chance.uniform(-0.5, 0.5) * size
                green = _mixed((50, 104, 50), (116, 166, 78), chance.random())
                _blob(brush, x, 290 + rank * 36 - chance.random() * size * 1.6, size * 0.3, green)


def _spray(brush: ImageDraw.ImageDraw, chance: random.Random) -> None:
    """Someone with a knapsack sprayer, seen from behind."""
    _rows(brush, chance)
    x, y = WIDTH * 0.56, HORIZON + 60
    brush.ellipse((x - 26, y - 96, x + 26, y - 44), fill=(196, 160, 128))
    brush.ellipse((x - 52, y - 104, x + 52, y - 72), fill=(218, 194, 128))
    brush.rounded_rectangle((x - 44, y - 44, x + 44, y + 110), 18, fill=(52, 92, 130))
    brush.rounded_rectangle((x - 32, y - 34, x + 32, y + 62), 10, fill=(236, 236, 228))
    for leg in (-26, 6):
        brush.rectangle((x + leg, y + 106, x + leg + 22, y + 220), fill=(54, 60, 66))
    brush.line((x + 40, y, x + 180, y + 40), fill=(60, 60, 60), width=7)
    for _ in range(420):
        reach = chance.random()
        dot = (x + 180 + reach * 150, y + 40 + chance.gauss(reach * 60, 10 + reach * 34))
        _blob(brush, *dot, 2.2, (232, 242, 246))


def _sheep(brush: ImageDraw.ImageDraw, chance: random.Random) -> None:
    brush.rectangle((0, HORIZON, WIDTH, HEIGHT), fill=(150, 156, 92))
    for _ in range(13):
        y = HORIZON + 60 + chance.random() * 320
        size, x = 18 + 46 * (y - HORIZON) / (HEIGHT - HORIZON), chance.uniform(40, WIDTH - 40)
        for leg in (-0.5, -0.2, 0.25, 0.55):
            brush.rectangle((x + leg * size, y, x + leg * size + size * 0.12, y + size), fill=(80, 72, 64))
        for _ in range(12):
            _blob(brush, x + chance.uniform(-0.7, 0.7) * size, y + chance.uniform(-0.4, 0.3) * size, size * 0.4,
                  _mixed((222, 214, 198), (250, 246, 238), chance.random()))  # fmt: skip
        _blob(brush, x + size * 1.0, y - size * 0.25, size * 0.3, (92, 82, 74))


def _hens(brush: ImageDraw.ImageDraw, chance: random.Random) -> None:
    brush.rectangle((0, 0, WIDTH, HEIGHT), fill=(206, 198, 178))
    for x in range(0, WIDTH, 160):
        brush.rectangle((x, 0, x + 14, HEIGHT), fill=(168, 158, 138))
    brush.rectangle((0, 470, WIDTH, HEIGHT), fill=(188, 160, 108))
    for _ in range(26):
        y, x = 380 + chance.random() * 300, chance.uniform(30, WIDTH - 30)
        size = 20 + 36 * (y - 380) / 300
        colour = chance.choice([(176, 96, 52), (196, 120, 70), (232, 222, 206)])
        _blob(brush, x, y, size, colour)
        _blob(brush, x + size * 0.9, y - size * 0.8, size * 0.42, colour)
        _blob(brush, x + size * 0.95, y - size * 1.2, size * 0.18, (196, 40, 40))


def _flower(brush: ImageDraw.ImageDraw, chance: random.Random) -> None:
    _rows(brush, chance)
    for _ in range(90):
        y, x = HORIZON + 40 + chance.random() * (HEIGHT - HORIZON - 60), chance.uniform(0, WIDTH)
        size = 8 + 30 * (y - HORIZON) / (HEIGHT - HORIZON)
        for turn in range(5):
            angle = turn * math.tau / 5
            _blob(brush, x + math.cos(angle) * size * 0.5, y + math.sin(angle) * size * 0.4, size * 0.4, (232, 176, 48))
        _blob(brush, x, y, size * 0.25, (196, 120, 30))


SCENES: dict[str, Brush] = {
    "orchard": _orchard,
    "fruit": _fruit,
    "leaf": _leaf,
    "rows": _rows,
    "greenhouse": _greenhouse,
    "spray": _spray,
    "sheep": _sheep,
    "hens": _hens,
    "flower": _flower,
}


def _caption(brush: ImageDraw.ImageDraw, caption: str) -> None:
    font = ImageFont.truetype(str(fonts.sans_path()), 26)
    words = f"示例图片 · {caption}"
    width = brush.textlength(words, font=font)
    brush.rectangle((WIDTH - width - 36, HEIGHT - 52, WIDTH, HEIGHT), fill=(24, 34, 28))
    brush.text((WIDTH - width - 18, HEIGHT - 44), words, font=font, fill=(255, 255, 255))
