"""What the validation library says, in Chinese: a farmer must not read "Missing data for required field."."""

import re
from typing import Any

SENTENCES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        (r"Missing data for required field\.", "请填写这一项。"),
        (r"Field may not be null\.", "这一项不能为空。"),
        (r"Unknown field\.", "没有这一项，请检查名称。"),
        (r"Not a valid (string|str)\.", "应为文字。"),
        (r"Not a valid (integer|number)\.", "应为数字。"),
        (r"Not a valid boolean\.", "应为“是”或“否”。"),
        (r"Not a valid list\.", "应为列表。"),
        (r"Not a valid (mapping|dict).*", "格式不对。"),
        (r"Not a valid (date)\.", "日期应写作 2026-05-01。"),
        (r"Not a valid (datetime|aware datetime)\.", "时间应写作 2026-05-01T08:00:00+08:00。"),
        (r"Shorter than minimum length (\d+)\.", r"太短，至少 \1 个字。"),
        (r"Longer than maximum length (\d+)\.", r"太长，最多 \1 个字。"),
        (r"Length must be between (\d+) and (\d+)\.", r"长度应在 \1 到 \2 之间。"),
        (r"Length must be (\d+)\.", r"长度应为 \1。"),
        (r"Must be greater than or equal to (.+?)\.?$", r"不能小于 \1。"),
        (r"Must be greater than (.+?)\.?$", r"应大于 \1。"),
        (r"Must be less than or equal to (.+?)\.?$", r"不能大于 \1。"),
        (r"Must be less than (.+?)\.?$", r"应小于 \1。"),
        (r"Must be one of: (.+?)\.?$", r"只能是：\1。"),
        (r"String does not match expected pattern\.", "写法不对。"),
        (r"Invalid input type\.", "格式不对。"),
        (r"Invalid (value|input)\.", "内容不对。"),
        (r"Invalid JSON body\.", "提交的内容不是有效的 JSON。"),
    )
)


def sentence(text: str, lang: str) -> str:
    if lang != "zh":
        return text
    for pattern, chinese in SENTENCES:
        if match := pattern.match(text):
            return match.expand(chinese)
    return text


def translated(found: Any, lang: str) -> Any:
    """The same nested structure of messages, each sentence in the wanted language."""
    if isinstance(found, dict):
        return {str(key): translated(value, lang) for key, value in found.items()}
    if isinstance(found, list):
        return [translated(value, lang) for value in found]
    return sentence(str(found), lang)
