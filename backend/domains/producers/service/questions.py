"""An officer's question to a producer and what is answered: each thing that is said is kept once and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.base import clock, ids
from backend.base.actor import Actor
from backend.base.documents import settled
from backend.base.errors import Conflict, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.inbox import service as inbox
from backend.domains.producers import rules
from backend.domains.producers.models import Question, QuestionMessage
from backend.domains.producers.service.doors import ProducerFacts, door
from backend.domains.producers.service.edits import owned, who
from backend.domains.producers.service.question_reading import QuestionFacts, told_of


@dataclass(frozen=True, slots=True)
class _Said:
    """One thing said, as it arrived. `about` names what a first question is about: `kind` and `id`."""

    id: str
    question_id: str
    step: str
    text: str
    about: Mapping[str, str]
    device_time: datetime | None


def ask(
    actor: Actor,
    producer_id: str,
    *,
    client_id: str,
    text: str,
    about: Mapping[str, str] | None = None,
    device_time: datetime | None = None,
) -> QuestionFacts:
    """Put a question to a producer, perhaps about a batch, record or lot of it; the same client id is one question.

    Raises NotFound, RuleBroken `own_question`, `question_about_others`, `question_text_missing`, Conflict
    `client_id_used`.
    """
    producer = asker_door(actor, producer_id)
    rules.check_subject(about, producer.id)
    question_id = ids.owned(producer.id, client_id)
    return _settled(actor, producer, _Said(question_id, question_id, "asked", text, about or {}, device_time))


def ask_again(
    actor: Actor, question_id: str, *, client_id: str, text: str, device_time: datetime | None = None
) -> QuestionFacts:
    """Ask further; a closed question is open again. Raises as `ask`, and RuleBroken `question_too_long`."""
    producer = asker_door(actor, ids.owner_of(question_id))
    message_id = ids.owned(producer.id, client_id)
    return _settled(actor, producer, _Said(message_id, question_id, "asked_again", text, {}, device_time))


def answer(
    actor: Actor, question_id: str, *, client_id: str, text: str, device_time: datetime | None = None
) -> QuestionFacts:
    """The producer's answer. One that comes after the closing, from a phone without signal, is kept and seen again.

    Raises NotFound, RuleBroken `question_text_missing`, `question_too_long`, Conflict `client_id_used`.
    """
    producer = door(actor, ids.owner_of(question_id), "question:answer")
    message_id = ids.owned(producer.id, client_id)
    return _settled(actor, producer, _Said(message_id, question_id, "answered", text, {}, device_time))


def close_question(
    actor: Actor, question_id: str, *, client_id: str, text: str = "", device_time: datetime | None = None
) -> QuestionFacts:
    """Nothing more is wanted; a last word is optional. What is closed already stays as it is. Raises as `ask`."""
    producer = asker_door(actor, ids.owner_of(question_id))
    message_id = ids.owned(producer.id, client_id)
    return _settled(actor, producer, _Said(message_id, question_id, "closed", text, {}, device_time))


def asker_door(actor: Actor, producer_id: str) -> ProducerFacts:
    """The producer, for an officer in charge who is not one of its own people. Raises NotFound, RuleBroken."""
    producer = door(actor, producer_id, "question:ask")
    if {producer.id, producer.managed_by} & set(actor.producers("question:answer")):
        raise RuleBroken("own_question")
    return producer


def _settled(actor: Actor, producer: ProducerFacts, said: _Said) -> QuestionFacts:
    return told_of(settled(lambda: _say(actor, producer, said)))


def _say(actor: Actor, producer: ProducerFacts, said: _Said) -> Question:
    if _said_before(actor, producer, said):
        return owned(Question, producer.id, said.question_id)
    first = said.step == "asked"
    question = _opened(producer, said) if first else owned(Question, producer.id, said.question_id)
    if question.state == rules.state_after(said.step) == "closed":
        return question
    rules.check_said(said.step, said.text, messages=question.messages)
    message = _message(actor, producer, said, place=question.messages)
    _move(actor, question, said, message.created_at, insert=first)
    QuestionMessage.insert([message])
    evidence.append([evidence.Leaf("question.message", message.id, producer.id, message.to_mongo())])
    subjects = [question.id, message.id]
    accounts.note(actor, f"question.{said.step}", subjects=subjects, producer_id=producer.id, region=producer.region)
    _tell(actor, producer, question, message)
    return question


def _said_before(actor: Actor, producer: ProducerFacts, said: _Said) -> bool:
    """Whether this was said already. Raises Conflict when the id was used for anything else."""
    found = QuestionMessage.find_one({"_id": said.id, "producer_id": producer.id})
    if found is None:
        return False
    if (found.said_by, found.question_id, found.step, found.text) != (
        who(actor),
        said.question_id,
        said.step,
        said.text,
    ):
        raise Conflict("client_id_used", field="client_id")
    return True


def _opened(producer: ProducerFacts, said: _Said) -> Question:
    moment = clock.now()
    return Question(
        id=said.question_id,
        producer_id=producer.id,
        producer_name=producer.name,
        region=producer.region,
        region_path=list(producer.region_path),
        about=dict(said.about),
        text=said.text,
        state=rules.state_after(said.step),
        messages=0,
        askers=[],
        created_at=moment,
        moved_at=moment,
    )


def _message(actor: Actor, producer: ProducerFacts, said: _Said, *, place: int) -> QuestionMessage:
    return QuestionMessage(
        id=said.id,
        producer_id=producer.id,
        question_id=said.question_id,
        place=place,
        step=said.step,
        about=dict(said.about),
        text=said.text,
        device_time=said.device_time,
        said_by=who(actor),
        created_at=clock.now(),
    )


def _move(actor: Actor, question: Question, said: _Said, moment: datetime, *, insert: bool) -> None:
    """The summary follows what was said. Two at once meet here, and the later one repeats."""
    question.state, question.moved_at = rules.state_after(said.step), moment
    question.messages += 1
    if said.step in ("asked", "asked_again"):
        question.askers = rules.askers_with(question.askers, who(actor))
    if insert:
        Question.insert([question])
        return
    changes = {name: getattr(question, name) for name in ("state", "moved_at", "messages")}
    key = {"_id": question.id, "producer_id": question.producer_id}
    Question.update_one(key, {"$set": changes | {"askers": list(question.askers)}})


def _tell(actor: Actor, producer: ProducerFacts, question: Question, message: QuestionMessage) -> None:
    """The words themselves stay with the question: a notice only says that there is something to read."""
    if message.step == "closed":
        return
    answered = message.step == "answered"
    people = question.askers if answered else _addressed(producer)
    params: dict[str, Any] = {"producer": producer.name}
    kind = "question_answered" if answered else "question_asked"
    others = [one for one in people if one != who(actor)]
    inbox.tell(others, kind, key=f"question-{message.id}", subject_id=question.id, **params)


def _addressed(producer: ProducerFacts) -> tuple[str, ...]:
    """The producer's own people; where none has joined yet, those of the cooperative that manages it."""
    own = accounts.people_of(producer.id, "question:answer")
    return own or (accounts.people_of(producer.managed_by, "question:answer") if producer.managed_by else ())
