"""What is kept about what leaves: who is told, what was sent, what was published."""

from mongoengine import BooleanField, DateTimeField, DictField, IntField, ListField, LongField, StringField

from backend.base.documents import Document

MAX_PARTS = 4000


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
