"""Publishes the demonstration's articles with their pictures: written, reviewed by another, one corrected."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from backend.base.actor import Actor
from backend.domains.articles import service as articles
from scripts.demo import illustrations
from scripts.demo.seasons import on

FOLDER = Path(__file__).parent / "articles"
APART = timedelta(days=9)
FENCE = "+++\n"
CORRECTED = "02-waiting-days"
CORRECTION = "补充说明：中间又打了一次药，要从补打那天重新算。"


def publish(writer: Actor, reviewer: Actor, today: date) -> Iterator[str]:
    """Each article on its own evening, the last one a few days ago; yields titles. What is published stays."""
    files = sorted(FOLDER.glob("*.md"))
    for number, file in enumerate(files):
        day = today - APART * (len(files) - number)
        content = read(file)
        pictures = content.pop("pictures", ())
        with on(day):
            made = articles.write(writer, client_id=f"demo-{file.stem}", **content)
        if made.state == "draft" and not made.published_version:
            _illustrate(writer, made.id, pictures, day)
            _through(writer, reviewer, made.id, day)
        if file.stem == CORRECTED and articles.article(writer, made.id).published_version == 1:
            _correct(writer, reviewer, made.id, day + APART)
        yield content["title"]


def read(file: Path) -> dict[str, Any]:
    """Front matter in TOML between two fences, and the body in Markdown. `pictures` names what is drawn for it."""
    _, head, body = file.read_text("utf-8").split(FENCE, 2)
    return {**tomllib.loads(head), "body": body.strip()}


def _illustrate(writer: Actor, article_id: str, pictures: Iterable[Mapping[str, str]], day: date) -> None:
    for told in pictures:
        name, words = told["name"], {key: told[key] for key in ("alt", "alt_en")}
        with on(day):
            data = illustrations.draw(name)
            articles.add_picture(writer, article_id, client_id=name, data=data, credit=illustrations.CREDIT, **words)


def _through(writer: Actor, reviewer: Actor, article_id: str, day: date, *, correction: str = "") -> None:
    with on(day, hours=1):
        articles.submit(writer, article_id, correction=correction)
    with on(day, hours=2):
        articles.review(reviewer, article_id, verdict="publish")


def _correct(writer: Actor, reviewer: Actor, article_id: str, day: date) -> None:
    known = articles.article(writer, article_id)
    with on(day):
        articles.edit(writer, article_id, expected_version=known.version, **dict(known.content))
    _through(writer, reviewer, article_id, day, correction=CORRECTION)
