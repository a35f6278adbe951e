"""Endpoints of an officer's questions to a producer: asking, answering with photos, closing, reading."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.producers import schemas
from backend.domains.producers import service as producers
from backend.domains.producers.routes.blueprint import blueprint
from backend.http import limits
from backend.http.api import Limit, PageQuery, page_of

OF_PRODUCER = "/producers/<producer_id>/questions"
ONE = "/questions/<question_id>"
SPEAKING = (Limit("60 per minute", limits.by_bearer),)  # nobody is buried in questions or answers


@blueprint.post(
    OF_PRODUCER,
    needs="question:ask",
    takes=schemas.NewQuestion,
    gives=schemas.QuestionOut,
    status=201,
    limits=SPEAKING,
)
def ask_producer(actor: Actor, data: dict[str, Any], producer_id: str) -> Any:
    """Put a question to a producer, perhaps about a batch, record or lot of it; its people find it in their inbox."""
    return producers.ask(actor, producer_id, **data)


@blueprint.get(OF_PRODUCER, needs="producer:read", query=PageQuery, gives=page_of(schemas.QuestionOut))
def list_producer_questions(actor: Actor, query: dict[str, Any], producer_id: str) -> Page[Any]:
    """What a producer was asked, newest first, without the answers."""
    return producers.questions_of(actor, producer_id, **query)


@blueprint.get("/questions", needs="question:ask", query=schemas.QuestionQuery, gives=page_of(schemas.QuestionOut))
def list_questions(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """Questions of a region in your charge, longest in this state first."""
    return producers.asked(actor, **query)


@blueprint.get(ONE, needs="producer:read", gives=schemas.QuestionOut)
def get_question(actor: Actor, question_id: str) -> Any:
    """One question with everything that was said."""
    return producers.question(actor, question_id)


@blueprint.post(
    f"{ONE}/messages",
    needs="question:ask",
    takes=schemas.NewMessage,
    gives=schemas.QuestionOut,
    status=201,
    limits=SPEAKING,
)
def ask_again(actor: Actor, data: dict[str, Any], question_id: str) -> Any:
    """Ask further; a closed question is open again."""
    return producers.ask_again(actor, question_id, **data)


@blueprint.post(
    f"{ONE}/answers",
    needs="question:answer",
    takes=schemas.NewMessage,
    gives=schemas.QuestionOut,
    status=201,
    limits=SPEAKING,
)
def answer_question(actor: Actor, data: dict[str, Any], question_id: str) -> Any:
    """The producer's answer; one that comes late, from a phone without signal, is kept even after the closing."""
    return producers.answer(actor, question_id, **data)


@blueprint.post(
    f"{ONE}/answers/photos",
    needs="question:answer",
    takes=schemas.AnswerPhotoForm,
    uploads=schemas.AnswerPhotoUpload,
    gives=schemas.AnswerPhotoOut,
    status=201,
    limits=SPEAKING,
)
def add_answer_photo(actor: Actor, form: dict[str, Any], files: dict[str, Any], question_id: str) -> Any:
    """A photo (at most three) of one's own answer. Never public."""
    return producers.add_answer_photo(actor, question_id, data=files["file"].read(), **form)


@blueprint.post(f"{ONE}/closing", needs="question:ask", takes=schemas.Closing, gives=schemas.QuestionOut)
def close_question(actor: Actor, data: dict[str, Any], question_id: str) -> Any:
    """Nothing more is wanted; a last word is optional. What is closed stays closed."""
    return producers.close_question(actor, question_id, **data)
