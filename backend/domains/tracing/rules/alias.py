"""GS1 Digital Link: a producer that owns a GTIN may print `/01/{gtin}/10/{lot}` instead of our own address."""

import re

GTIN = re.compile(r"(?:[0-9]{8}|[0-9]{12,14})\Z")
LOT = re.compile(r"[0-9A-Za-z!\"%&'()*+,\-./_:;<=>?]{1,20}\Z")  # AI 10: up to 20 characters of the GS1 set 82


def gtin14(text: str) -> str | None:
    """A GTIN-8/12/13/14 as 14 digits if its mod-10 check digit is right (weights 3, 1 from the right), else None."""
    if not GTIN.match(text):
        return None
    digits = text.zfill(14)
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits[:13]))
    return digits if (10 - total % 10) % 10 == int(digits[13]) else None


def alias(gtin: str, lot: str) -> str | None:
    """The key under which an alias is kept: `{gtin14}/{lot}`. None when either part is malformed."""
    normal = gtin14(gtin)
    return f"{normal}/{lot}" if normal and LOT.match(lot) else None
