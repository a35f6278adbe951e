"""Pure rules of the inbox: what a notice says, and what becomes of sending it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.base import vocab

PER_DAY = 5  # WeChat messages for one person
MAX_ATTEMPTS = 5
BUSY = "wechat_busy"
NOT_AGREED = "wechat_not_agreed"
# What WeChat accepts in a template's fields (订阅消息 参数值内容限制), in characters.
FIELD_LENGTHS: Mapping[str, int] = {"thing": 20, "phrase": 5, "character_string": 32, "name": 10, "short_thing": 5}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to keep after an attempt: the state, and when to try again if that is `due`."""

    outside: str
    again_in: timedelta | None = None


def templates(setting: str) -> dict[str, str]:
    """`kind=template_id,kind=template_id` as a mapping."""
    pairs = (part.partition("=") for part in setting.split(",") if "=" in part)
    return {kind.strip(): template.strip() for kind, _, template in pairs}


def words(kind: str, params: Mapping[str, Any], lang: str) -> tuple[str, str]:
    """(title, text) of a notice in a language."""
    term = vocab.get("notice_kinds")[kind]
    values = {name: _value(value, lang) for name, value in params.items()}
    return term.label(lang), str(term[f"text_{lang}"]).format_map(_Gaps(values))


class _Gaps(dict[str, str]):
    """A parameter that an operator's text names and a notice does not have is left out, not a crash."""

    def __missing__(self, name: str) -> str:
        return ""


def _value(value: Any, lang: str) -> str:
    if isinstance(value, list | tuple):
        name, code = value
        known = vocab.get(name)
        return known[code].label(lang) if code in known else str(code)
    return str(value)


def template_data(kind: str, params: Mapping[str, Any], at: datetime) -> dict[str, dict[str, str]]:
    """The fields of WeChat's template, each cut to the length WeChat takes. `at` is China time."""
    term = vocab.get("notice_kinds")[kind]
    title, text = words(kind, params, "zh")
    given = {"title": title, "text": text, "at": f"{at:%Y年%m月%d日 %H:%M}"}
    given |= {name: _value(value, "zh") for name, value in params.items()}
    return {field: {"value": fitted(field, given.get(source, ""))} for field, source in term["wechat"].items()}


def fitted(field: str, text: str) -> str:
    """`thing1` takes 20 characters: longer ones end in an ellipsis; an empty value is refused by WeChat, so a dash."""
    most = FIELD_LENGTHS.get(field.rstrip("0123456789"), 64)
    text = text.strip() or "-"
    return text if len(text) <= most else text[: most - 1] + "…"


def outcome(reason: str | None, attempts: int) -> Outcome:
    """What to do after an attempt; `reason` is None when WeChat took it. Only what WeChat surely did not take is sent
    again: an answer that never came is no such thing."""
    if reason is None:
        return Outcome("sent")
    if reason == NOT_AGREED:
        return Outcome("refused")
    if reason == BUSY and attempts < MAX_ATTEMPTS:
        return Outcome("due", timedelta(minutes=2**attempts))
    return Outcome("failed")
