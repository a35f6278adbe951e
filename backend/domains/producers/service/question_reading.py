"""Reading questions: one with all that was said, a producer's, an officer's queue, and one person's own answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.base import ids
from backend.base.actor import Actor
from backend.base.documents import MAX_FOUND, Page
from backend.domains.producers import rules
from backend.domains.producers.models import AnswerPhoto, Question, QuestionMessage
from backend.domains.producers.service.doors import reading_door
from backend.domains.producers.service.edits import owned
from backend.domains.producers.service.private_images import link

MOST_ANSWERS = 1000


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """`url` and `thumb_url` open the private image for a quarter of an hour."""

    id: str
    message_id: str
    width: int
    height: int
    url: str
    thumb_url: str


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """`by`: officer or producer."""

    id: str
    client_id: str
    step: str
    by: str
    text: str
    photos: Sequence[PhotoFacts]
    device_time: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """`about`: `kind` and `id`, or None. `messages` in the order they came; None where only the question is listed."""

    id: str
    client_id: str
    producer_id: str
    producer_name: str
    region: str
    about: Mapping[str, str] | None
    text: str
    state: str
    created_at: datetime
    moved_at: datetime
    messages: Sequence[MessageFacts] | None


def question(actor: Actor, question_id: str) -> QuestionFacts:
    """One question with all that was said, for the producer's people and the officers in charge. Raises Forbidden
    `people_only`, NotFound."""
    producer_id = ids.owner_of(question_id)
    reading_door(actor, producer_id)
    return told_of(owned(Question, producer_id, question_id))


def questions_of(actor: Actor, producer_id: str, *, cursor: str | None = None, size: int = 50) -> Page[QuestionFacts]:
    """What a producer was asked, newest first, without the answers."""
    reading_door(actor, producer_id)
    page = Question.page({"producer_id": producer_id}, cursor=cursor, size=size)
    return Page([_facts(row) for row in page.items], page.next_cursor)


def asked(
    actor: Actor, *, state: str, region: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[QuestionFacts]:
    """Questions of a region in one's charge, longest in this state first. Raises NotFound, BadRequest."""
    where = {"region_path": actor.region_of("question:ask", region), "state": state}
    page = Question.page(where, cursor=cursor, size=size, key="moved_at", descending=False)
    return Page([_facts(row) for row in page.items], page.next_cursor)


def answers_by(account_id: str, producer_ids: Sequence[str]) -> dict[str, Any]:
    """What one person answered for these producers, the newest MOST_ANSWERS of each; for a copy of their own data."""
    items: list[dict[str, Any]] = []
    truncated = False
    for producer_id in producer_ids:
        where = {"producer_id": producer_id, "said_by": account_id}
        wanted = ("question_id", "text", "created_at")
        rows = QuestionMessage.rows(where, wanted, limit=MOST_ANSWERS, sort=[("created_at", -1)])
        items += [{**row, "producer_id": producer_id} for row in rows]
        truncated |= len(rows) == MOST_ANSWERS
    items.sort(key=lambda row: row["created_at"], reverse=True)
    return {"items": items[:MOST_ANSWERS], "truncated": truncated or len(items) > MOST_ANSWERS}


def told_of(row: Question) -> QuestionFacts:
    """Two commands: what was said, and the photos."""
    where = {"producer_id": row.producer_id, "question_id": row.id}
    said = QuestionMessage.find(where, limit=rules.MAX_MESSAGES + 1, sort=[("place", 1)])
    photos = _photos(row.producer_id, [one.id for one in said if one.step == "answered"])
    return _facts(row, [_said(one, photos.get(one.id, ())) for one in said])


def _photos(producer_id: str, message_ids: Sequence[str]) -> dict[str, list[PhotoFacts]]:
    if not message_ids:
        return {}
    where: dict[str, Any] = {"producer_id": producer_id, "message_id": {"$in": list(message_ids)}}
    found: dict[str, list[PhotoFacts]] = {}
    for row in sorted(AnswerPhoto.find(where, limit=MAX_FOUND), key=lambda row: int(row.place)):
        found.setdefault(row.message_id, []).append(photo_facts(row))
    return found


def photo_facts(row: AnswerPhoto) -> PhotoFacts:
    opened = {name: link(row.file_id, rendition) for name, rendition in (("url", "full"), ("thumb_url", "thumb"))}
    return PhotoFacts(row.id, row.message_id, row.width, row.height, **opened)


def _said(row: QuestionMessage, photos: Sequence[PhotoFacts]) -> MessageFacts:
    by = "producer" if row.step == "answered" else "officer"
    client_id = ids.client_part(row.id)
    return MessageFacts(row.id, client_id, row.step, by, row.text, photos, row.device_time, row.created_at)


def _facts(row: Question, messages: Sequence[MessageFacts] | None = None) -> QuestionFacts:
    return QuestionFacts(
        id=row.id,
        client_id=ids.client_part(row.id),
        producer_id=row.producer_id,
        producer_name=row.producer_name,
        region=row.region,
        about=dict(row.about) if row.about else None,
        text=row.text,
        state=row.state,
        created_at=row.created_at,
        moved_at=row.moved_at,
        messages=messages,
    )
