"""What is kept about what leaves: who is told, what was sent, what was published."""

from mongoengine import (
    BinaryField,
    BooleanField,
    DateTimeField,
    DictField,
    EmbeddedDocument,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    LongField,
    StringField,
)

from backend.base.documents import Document

MAX_TRIES = 10  # the last ones; `attempts` counts all
MAX_EVENTS = 30
MAX_SECRETS = 2
MAX_PARTS = 4000


class SealedSecret(EmbeddedDocument):
    """A signing secret of a webhook, sealed; all that have not ended sign."""

    sealed = BinaryField(required=True)
    until = DateTimeField()


class Webhook(Document):
    """Where a client wants to be told of what. What it may hear is what the client may see, asked at every message."""

    id = StringField(primary_key=True, max_length=80)
    api_client_id = StringField(required=True, max_length=12)
    url = StringField(required=True, max_length=300)
    events = ListField(StringField(max_length=40), max_length=MAX_EVENTS)
    secrets = EmbeddedDocumentListField(SealedSecret, max_length=MAX_SECRETS)
    state = StringField(required=True, choices=("active", "disabled", "ended"), default="active")
    why = StringField(max_length=40)
    ended_at = DateTimeField()
    made_by = StringField(required=True, max_length=80)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "webhooks",
        "shard_key": ("id",),
        "indexes": [("api_client_id", "created_at"), ("state", "events", "id"), ("state", "ended_at")],
    }


class DeliveryLine(Document):
    """A receiver: `_id` is `news` (ourselves), `national` or a webhook's id. When it is looked at next, how it is."""

    id = StringField(primary_key=True, max_length=80)
    channel = StringField(required=True, choices=("news", "national", "webhook"))
    state = StringField(required=True, choices=("open", "closed"), default="open")
    due_at = DateTimeField(required=True)
    failures = IntField(default=0)
    failing_since = DateTimeField()
    taken_at = DateTimeField()
    wakes = IntField(default=0)

    meta = {"collection": "delivery_lines", "shard_key": ("id",), "indexes": [("state", "due_at")]}


class DeliveryLane(Document):
    """What waits for one receiver about one subject, in order: `head` is sent next, `tail` is the next place. It is
    gone when nothing waits. `dead`: the head failed too often, and what is behind it waits for a person's word."""

    id = StringField(primary_key=True, max_length=200)
    target = StringField(required=True, max_length=80)
    subject = StringField(required=True, max_length=100)
    head = IntField(required=True)
    tail = IntField(required=True)
    state = StringField(required=True, choices=("due", "dead"))
    attempts = IntField(default=0)
    due_at = DateTimeField(required=True)

    meta = {"collection": "delivery_lanes", "shard_key": ("target",), "indexes": [("target", "state", "due_at")]}


class Delivery(Document):
    """One message for one receiver, with its finished body. `message_id` stays the same however often it is sent."""

    id = StringField(primary_key=True, max_length=160)
    target = StringField(required=True, max_length=80)
    lane = StringField(required=True, max_length=200)
    place = IntField(required=True)
    kind = StringField(required=True, max_length=40)
    subject = StringField(required=True, max_length=100)
    message_id = StringField(required=True, max_length=40)
    body = StringField(required=True, max_length=8000)
    state = StringField(required=True, choices=("waiting", "dead", "taken", "given_up"))
    attempts = IntField(default=0)
    tries = ListField(DictField(), max_length=MAX_TRIES)
    created_at = DateTimeField(required=True)
    ended_at = DateTimeField()

    meta = {
        "collection": "deliveries",
        "shard_key": ("target",),
        "indexes": [
            ("target", "created_at"),
            ("target", "state", "created_at"),
            ("target", "lane", "place"),
            ("state", "ended_at"),
        ],
    }


class Dump(Document):
    """One data set as of one day, `{dataset}~{day}`. `state`: tallying, writing, sweeping, then done, and it never
    changes again until it is leaving. `open` while the worker has something to do; `after` is how far it is, `step`
    the guard of each step. `parts` (form, file_id) are gzip members whose concatenation is the file; `pending` the ids
    of parts being stored now; `files` by form: size, packed, sha256."""

    id = StringField(primary_key=True)
    dataset = StringField(required=True, max_length=40)
    day = StringField(required=True, max_length=10)
    until = DateTimeField(required=True)
    state = StringField(required=True)
    open = BooleanField(required=True)
    step = IntField(required=True, default=0)
    after = StringField(default="")
    seen = LongField(required=True, default=0)
    written = LongField(required=True, default=0)
    columns = ListField(DictField(), max_length=40)
    licence = StringField(required=True, max_length=40)
    parts = ListField(DictField(), max_length=MAX_PARTS)
    pending = ListField(StringField(), max_length=4)
    files = DictField()
    created_at = DateTimeField(required=True)
    finished_at = DateTimeField()

    meta = {
        "collection": "dumps",
        "shard_key": ("dataset",),
        "indexes": [("open", "created_at"), ("dataset", "state", "day")],
    }


class DumpCell(Document):
    """A number in the making, `{dump}~{month}~{place}~{items}`; gone when its dump is done. `who` names a few of those
    counted, to know whether there are enough of them."""

    id = StringField(primary_key=True)
    dump_id = StringField(required=True)
    month = StringField(required=True)
    place = StringField(required=True)
    items = ListField(StringField(), max_length=4)
    counts = DictField()
    who = ListField(StringField(), max_length=3)

    meta = {"collection": "dump_cells", "shard_key": ("dump_id",), "indexes": [("dump_id", "month")]}
