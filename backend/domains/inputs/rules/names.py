"""Cells of a table of rules: what is invisible in them, what stands between two names, what is a number.

The rules compare names by equality, so a name that carries a blank or a second name would be forbidden by no rule.
"""

import re
import unicodedata
from decimal import Decimal

INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
HAN = "\u3400-\u9fff\uf900-\ufaff"
# 2,4-滴; N,N-二甲基…; (Z,E)-9,11-…: the places of groups in a chemical name are told apart by commas
PLACE = r"(?:\d{1,2}[a-z]?|[A-Z]\d{0,2})['′]?"
PLACES = re.compile(rf"(?<![0-9A-Za-z]){PLACE}(?:,{PLACE})+(?=[-)\]])")
BETWEEN = re.compile(
    r"[、，,；;｜|¦│∣丨/／\\&＆\t\r\n]"
    rf"|(?<=[{HAN}])[+＋·•・‧\s]|[+＋·•・‧\s](?=[{HAN}])"  # 赤霉酸A4+A7 is one name, 克百威+吡虫啉 are two
)
AMOUNT = re.compile(r"\d{1,9}(?:\.\d{1,6})?", re.ASCII)
MAX_DIGITS = 6


def cleaned(text: str) -> str:
    """Without invisible characters, nor blanks of any width at its ends; composed as Unicode does (NFC)."""
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text)).strip()


def separator_in(name: str) -> str | None:
    """The first sign that would make two names of this one; None when it is one name. Chemical names keep their
    commas between places (2,4-滴) and their hyphens."""
    found = BETWEEN.search(PLACES.sub("", name))
    return found.group() if found else None


def is_amount(text: str) -> bool:
    """Whether it is one finite number above nought, written in digits: no range, no exponent, no sign."""
    return AMOUNT.fullmatch(text) is not None and Decimal(text) > 0


def is_whole(text: str) -> bool:
    """Whether it is a whole number from nought on, of a length that a number of days or uses has."""
    return text.isdecimal() and len(text) <= MAX_DIGITS
