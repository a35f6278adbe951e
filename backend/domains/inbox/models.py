"""Notices, and what people agreed to be sent outside."""

from mongoengine import BooleanField, DateTimeField, DictField, IntField, ListField, StringField

from backend.base.documents import Document


class Notice(Document):
    """One thing one person is told. `params` fill the kind's text: a value, or `[vocabulary, code]`.

    `outside`: none, due, sending, sent, refused or failed; `sent_on` is the China day it left.
    """

    id = StringField(primary_key=True)
    account_id = StringField(required=True)
    kind = StringField(required=True)
    subject_id = StringField(default="")
    params = DictField()
    unread = BooleanField(required=True)
    outside = StringField(required=True)
    due_at = DateTimeField(required=True)
    attempts = IntField(required=True)
    sent_on = StringField()
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "notices",
        "shard_key": ("id",),
        "indexes": [
            ("account_id", "created_at"),
            ("account_id", "unread"),
            ("account_id", "sent_on"),
            ("outside", "due_at"),
        ],
    }


class Consent(Document):
    """How many WeChat messages of one kind a person agreed to. `asked`: the last questions, so a retry counts once."""

    id = StringField(primary_key=True)
    account_id = StringField(required=True)
    kind = StringField(required=True)
    count = IntField(required=True, min_value=0)
    asked = ListField(StringField(), max_length=20)

    meta = {"collection": "notice_consents", "shard_key": ("id",), "indexes": [("account_id",)]}
