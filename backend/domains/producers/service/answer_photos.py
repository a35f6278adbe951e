"""Photos of an answer: private, three at most, sent after the answer they belong to."""

from backend.base import clock, ids
from backend.base.actor import Actor
from backend.base.errors import Conflict, NotFound
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.producers import rules
from backend.domains.producers.models import AnswerPhoto, QuestionMessage
from backend.domains.producers.service.doors import ProducerFacts, door
from backend.domains.producers.service.edits import owned, who
from backend.domains.producers.service.private_images import Frame, keep_private
from backend.domains.producers.service.question_reading import PhotoFacts, photo_facts
from backend.gateways import files

RACES = 2 * rules.MAX_ANSWER_PHOTOS


def add_answer_photo(
    actor: Actor, question_id: str, *, client_id: str, answer_client_id: str, data: bytes
) -> PhotoFacts:
    """Keep a photo with one's own answer. The same client id gives the same photo.

    Raises NotFound, Conflict `client_id_used`, RuleBroken `too_many_answer_photos`, and what the files gateway says of
    a bad image.
    """
    producer = door(actor, ids.owner_of(question_id), "question:answer")
    message_id, photo_id = ids.owned(producer.id, answer_client_id), ids.owned(producer.id, client_id)
    _check_own(actor, producer.id, question_id, message_id)

    def made(image: files.StoredImage) -> AnswerPhoto:
        return AnswerPhoto(
            id=photo_id,
            producer_id=producer.id,
            message_id=message_id,
            file_id=image.id,
            sha256=image.sha256,
            width=image.width,
            height=image.height,
            kept_by=who(actor),
            created_at=clock.now(),
        )

    frame = Frame(
        there=lambda: _there(producer.id, photo_id, message_id),
        place=lambda: _place(producer.id, message_id),
        made=made,
        keep=lambda row: _keep(actor, producer, question_id, row),
        races=RACES,
    )
    return photo_facts(keep_private(data, frame))


def _check_own(actor: Actor, producer_id: str, question_id: str, message_id: str) -> None:
    answer = owned(QuestionMessage, producer_id, message_id)
    if answer.question_id != question_id or answer.step != "answered":
        raise NotFound
    if answer.said_by != who(actor):
        raise Conflict("client_id_used", field="answer_client_id")


def _there(producer_id: str, photo_id: str, message_id: str) -> AnswerPhoto | None:
    found = AnswerPhoto.find_one({"_id": photo_id, "producer_id": producer_id})
    if found is not None and found.message_id != message_id:
        raise Conflict("client_id_used", field="client_id")
    return found


def _place(producer_id: str, message_id: str) -> int:
    where = {"producer_id": producer_id, "message_id": message_id}
    rows = AnswerPhoto.rows(where, ("place",), limit=rules.MAX_ANSWER_PHOTOS)
    return rules.answer_place([row["place"] for row in rows])


def _keep(actor: Actor, producer: ProducerFacts, question_id: str, made: AnswerPhoto) -> None:
    AnswerPhoto.insert([made])
    evidence.append([evidence.Leaf("question.photo", made.id, producer.id, made.to_mongo())])
    subjects = [question_id, made.message_id, made.id]
    accounts.note(actor, "question.photo", subjects=subjects, producer_id=producer.id, region=producer.region)
