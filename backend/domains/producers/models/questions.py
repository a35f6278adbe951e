"""Questions of officers to a producer: what was said, once and for ever, and where it has come."""

from mongoengine import DateTimeField, DictField, IntField, ListField, StringField

from backend.base.documents import Document


class Question(Document):
    """Where one question has come: a summary of its messages, for queues. `about`: `kind` and `id`, or empty."""

    id = StringField(primary_key=True, max_length=60)
    producer_id = StringField(required=True, max_length=10)
    producer_name = StringField(required=True, max_length=80)
    region = StringField(required=True, max_length=12)
    region_path = ListField(StringField(max_length=12), max_length=5)
    about = DictField()
    text = StringField(required=True, max_length=2000)
    state = StringField(required=True, max_length=20)
    messages = IntField(required=True)
    askers = ListField(StringField(max_length=80), max_length=10)
    created_at = DateTimeField(required=True)
    moved_at = DateTimeField(required=True)

    meta = {
        "collection": "questions",
        "shard_key": ("producer_id", "id"),
        "indexes": [("region_path", "state", "moved_at"), ("producer_id", "created_at")],
    }


class QuestionMessage(Document):
    """One thing that was said, never changed: `place` is its number in the conversation, `step` what it did."""

    id = StringField(primary_key=True, max_length=60)
    producer_id = StringField(required=True, max_length=10)
    question_id = StringField(required=True, max_length=60)
    place = IntField(required=True)
    step = StringField(required=True, max_length=20)
    about = DictField()
    text = StringField(max_length=2000, default="")
    device_time = DateTimeField()
    said_by = StringField(required=True, max_length=80)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "question_messages",
        "shard_key": ("producer_id",),
        "indexes": [
            {"fields": ("producer_id", "question_id", "place"), "unique": True},
            ("producer_id", "said_by", "created_at"),
        ],
    }


class AnswerPhoto(Document):
    """A private photo of an answer. No two photos have one `place`: that, and not counting, keeps the limit."""

    id = StringField(primary_key=True, max_length=60)
    producer_id = StringField(required=True, max_length=10)
    message_id = StringField(required=True, max_length=60)
    place = IntField(required=True)
    file_id = StringField(required=True, max_length=60)
    sha256 = StringField(required=True, max_length=64)
    width = IntField()
    height = IntField()
    kept_by = StringField(required=True, max_length=80)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "answer_photos",
        "shard_key": ("producer_id",),
        "indexes": [{"fields": ("producer_id", "message_id", "place"), "unique": True}],
    }
