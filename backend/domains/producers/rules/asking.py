"""An officer's questions to a producer: what may be said when, and where a question stands after it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from backend.base import ids, vocab
from backend.base.errors import NotFound, RuleBroken
from backend.domains.producers.rules.visiting import first_free

MAX_MESSAGES = 40  # of one question; closing is always possible
MAX_TEXT = 2000
MAX_ANSWER_PHOTOS = 3
KEPT_ASKERS = 10  # officers who are told of answers, the newest


def state_after(step: str) -> str:
    """Where a question stands after this step: `open`, `answered` or `closed`."""
    return str(vocab.get("question_steps")[step]["leads_to"])


def check_said(step: str, text: str, *, messages: int) -> None:
    """A closing may be silent; everything else says something. Raises RuleBroken."""
    if step == "closed":
        return
    if not text:
        raise RuleBroken("question_text_missing", field="text")
    if messages >= MAX_MESSAGES:
        raise RuleBroken("question_too_long", limit=MAX_MESSAGES)


def check_subject(about: Mapping[str, Any] | None, producer_id: str) -> None:
    """A question may name a batch, record or lot of this very producer. Raises RuleBroken `question_about_others`."""
    try:
        other = about is not None and ids.owner_of(str(about["id"])) != producer_id
    except NotFound:
        other = True
    if other:
        raise RuleBroken("question_about_others", field="about")


def answer_place(taken: Iterable[int]) -> int:
    """The place of the next photo of an answer. Raises RuleBroken `too_many_answer_photos`."""
    place = first_free(MAX_ANSWER_PHOTOS, taken)
    if place is None:
        raise RuleBroken("too_many_answer_photos", limit=MAX_ANSWER_PHOTOS)
    return place


def askers_with(known: Collection[str], officer: str) -> list[str]:
    """Who is told of the next answer: whoever asked, each once, the newest last."""
    return [*(one for one in known if one != officer), officer][-KEPT_ASKERS:]
