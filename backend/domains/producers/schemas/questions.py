"""Shapes of questions to a producer, of answers and of their photos."""

from marshmallow import validate

from backend.domains.producers.rules import MAX_ANSWER_PHOTOS, MAX_MESSAGES, MAX_TEXT
from backend.domains.producers.schemas.declarations import DIGITS
from backend.http.api import PageQuery, Schema, fields

SPEAKERS = ("officer", "producer")


class About(Schema):
    """What a question is about: a batch, record or lot of this producer."""

    kind = fields.Code("question_subjects", required=True)
    id = fields.Identity(required=True)


class NewMessage(Schema):
    client_id = fields.ClientId(required=True)
    text = fields.Text(required=True, max=MAX_TEXT, metadata={"description": "not empty"})
    device_time = fields.Instant(load_default=None, allow_none=True)


class NewQuestion(NewMessage):
    about = fields.Nested(About, load_default=None, allow_none=True)


class Closing(NewMessage):
    text = fields.Text(max=MAX_TEXT, load_default="", metadata={"description": "a last word, optional"})


class AnswerPhotoForm(Schema):
    client_id = fields.ClientId(required=True)
    answer_client_id = fields.ClientId(required=True)


class AnswerPhotoUpload(Schema):
    file = fields.Upload(required=True)


class AnswerPhotoOut(Schema):
    id = fields.Text(max=60)
    message_id = fields.Text(max=60)
    width = fields.Integer()
    height = fields.Integer()
    url = fields.Text(max=300, metadata={"description": "opens the image for a quarter of an hour, without a login"})
    thumb_url = fields.Text(max=300)


class QuestionMessageOut(Schema):
    id = fields.Text(max=60)
    client_id = fields.Text()
    step = fields.Code("question_steps")
    by = fields.Text(validate=validate.OneOf(SPEAKERS))
    text = fields.Text(max=MAX_TEXT)
    photos = fields.List(fields.Nested(AnswerPhotoOut), max=MAX_ANSWER_PHOTOS)
    device_time = fields.Instant(allow_none=True, metadata={"description": "when it was written, by the phone's clock"})
    created_at = fields.Instant()


class QuestionOut(Schema):
    id = fields.Identity()
    client_id = fields.Text()
    producer_id = fields.Identity()
    producer_name = fields.Text(max=80)
    region = fields.Text(max=12)
    about = fields.Nested(About, allow_none=True)
    text = fields.Text(max=MAX_TEXT)
    state = fields.Code("question_states")
    created_at = fields.Instant()
    moved_at = fields.Instant(metadata={"description": "since when it is in this state"})
    messages = fields.List(
        fields.Nested(QuestionMessageOut),
        max=MAX_MESSAGES + 1,
        allow_none=True,
        metadata={"description": "in the order they came; null in lists"},
    )


class QuestionQuery(PageQuery):
    region = fields.Text(max=12, min=2, validate=DIGITS)
    state = fields.Code("question_states", load_default="answered")
