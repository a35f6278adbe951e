"""Complaints, their append-only timeline, and the receipts that open them without saying who holds them."""

from mongoengine import BinaryField, BooleanField, DateTimeField, DictField, IntField, ListField, StringField

from backend.base.documents import Document

MAX_PHOTOS = 9


class Complaint(Document):
    """One case. Of an anonymous reporter nothing is kept: no account, no address, no device.

    `clock`: unit, days, started_on, due_on (ISO day), provisional, and left (days that remain while paused).
    `contact_erased`: reason, note, by, at; the contact is gone then, and the case stays as it was.
    """

    id = StringField(primary_key=True)
    kind = StringField(required=True)
    category = StringField(required=True)
    identity = StringField(required=True)
    text = StringField(required=True, max_length=2000)
    place = StringField(max_length=200)
    region = StringField(required=True)
    region_path = ListField(StringField(), max_length=5)
    trace_code = StringField()
    producer_id = StringField()
    photos = ListField(StringField(), max_length=MAX_PHOTOS)
    contact_sealed = BinaryField()
    contact_erased = DictField(default=None)
    account_id = StringField()
    state = StringField(required=True)
    open = BooleanField(required=True)
    review = BooleanField(default=False)
    clock = DictField()
    due_on = StringField(required=True, default="")
    extended = BooleanField(default=False)
    reopened = BooleanField(default=False)
    outcome = StringField()
    body = StringField()
    stars = IntField(min_value=1, max_value=5)
    entries = IntField(required=True, default=0)
    version = IntField(required=True, default=1)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "complaints",
        "shard_key": ("id",),
        "indexes": [
            ("region_path", "open", "due_on"),
            ("region_path", "created_at"),
            ("state", "created_at"),
            ("account_id", "created_at"),
            ("open", "clock.provisional"),
        ],
    }


class ComplaintEntry(Document):
    """One line of the timeline, never changed. `by`: reporter, officer or system; `internal` ones are for officers;
    `state` and `region` are those of the case after it."""

    id = StringField(primary_key=True)
    complaint_id = StringField(required=True)
    step = StringField(required=True)
    by = StringField(required=True)
    account_id = StringField()
    state = StringField()
    region = StringField()
    text = StringField(max_length=2000, default="")
    internal = BooleanField(default=False)
    photos = ListField(StringField(), max_length=MAX_PHOTOS)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "complaint_entries",
        "shard_key": ("complaint_id",),
        "indexes": [("complaint_id", "created_at")],
    }


class PhotoCheck(Document):
    """A photo that WeChat was asked about, by its trace id, until it answers or too long a time has passed."""

    id = StringField(primary_key=True)
    complaint_id = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {"collection": "complaint_photo_checks", "shard_key": ("id",), "indexes": [("created_at",)]}


class DigestDay(Document):
    """How far the day's digests have come; `_id` is the China day."""

    id = StringField(primary_key=True)
    done_to = StringField(default="")
    ended = BooleanField(required=True)

    meta = {"collection": "complaint_digests", "shard_key": ("id",), "indexes": []}


class Receipt(Document):
    """`_id` is the keyed hash of a receipt, so that who reads the database cannot follow a case; a page files once."""

    id = StringField(primary_key=True)
    complaint_id = StringField(required=True)

    meta = {"collection": "complaint_receipts", "shard_key": ("id",), "indexes": []}
