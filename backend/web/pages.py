"""Renders pages from the templates: autoescaped, undefined names are errors, one language at a time."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2

from backend.base import clock, vocab

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = ("zh", "en")
MAX_BYTES = 60_000  # a trace must open on a village connection


@cache
def environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["minute"] = minute
    environment.filters["local"] = lambda moment: clock.local(moment).strftime("%Y-%m-%d %H:%M")
    environment.filters["day"] = lambda moment: clock.civil_date(moment).isoformat()
    environment.filters["query"] = lambda values: urlencode({name: value for name, value in values.items() if value})
    return environment


def minute(text: str | None) -> str:
    """2026-05-01T08:00:13+08:00 → 2026-05-01 08:00; the stories' instants are China time already."""
    return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M") if text else "—"


def spoken_date(lang: str) -> Callable[[str | None], str]:
    """2026-05-01 as a person reads it: 2026年5月1日, or 1 May 2026."""

    def say(text: str | None) -> str:
        if not text:
            return "—"
        day = date.fromisoformat(text)
        return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {day:%B %Y}"

    return say


def render(template: str, lang: str, **context: Any) -> str:
    """One page. Templates say every sentence in both languages: `{{ say("采收", "Harvested") }}`."""
    names: Mapping[str, Any] = {
        "lang": lang,
        "other": "en" if lang == "zh" else "zh",
        "say": lambda zh, en: zh if lang == "zh" else en,
        "label": lambda name, code: vocab.label(name, code, lang),
        "terms": vocab.get,
        "spoken": spoken_date(lang),
    }
    return environment().get_template(template).render({"here": None, **names, **context})


def first_frame() -> str:
    """The one script in the trace page itself, as it stands there."""
    return environment().get_template("first.js").render()


def trace(story: Mapping[str, Any], lang: str) -> str:
    """The page of one story; a very long log shows fewer rows rather than a page too heavy to open."""
    rows = story["timeline"]
    for keep in (len(rows), 40, 25, 12):
        shown = sorted(rows, key=lambda row: (not row["harvest"], not row["inputs"]))[:keep]
        chosen = sorted(shown, key=lambda row: (row["date"], row["harvest"]))
        omitted = story["timeline_omitted"] + len(rows) - len(chosen)
        page = render("trace.html", lang, here=f"/t/{story['code']}", story=story, rows=chosen, omitted=omitted)
        if len(page.encode()) < MAX_BYTES:
            break
    return page
