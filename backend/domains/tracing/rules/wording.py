"""How single facts of a story are worded: labels in both languages, days, instants, amounts and places."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from backend.base import vocab

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")  # what a Chinese reader's clock shows


def label(vocabulary: str, code: str) -> dict[str, str]:
    return {"zh": vocab.label(vocabulary, code), "en": vocab.label(vocabulary, code, "en")}


def fact(value: Any, grade: str) -> dict[str, Any]:
    return {"value": value, "grade": grade}


def instant(moment: datetime | None) -> str | None:
    return moment.astimezone(CHINA).isoformat(timespec="seconds") if moment else None


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def amount(value: Decimal) -> str:
    """1500.000 → 1500; 2.50 → 2.5."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def place_text(region: str, lang: str) -> str:
    """Province to township in words: 甘肃省武威市凉州区黄羊镇. What the vocabulary does not hold is left out."""
    codes = [region[:2] + "0000", region[:4] + "00", region[:6], region[:9]]
    known = vocab.get("regions")
    names = [known[code].label(lang) for code in dict.fromkeys(codes) if code in known]
    return "".join(names) if lang == "zh" else ", ".join(reversed(names))
