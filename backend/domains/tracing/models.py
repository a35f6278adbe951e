"""The public trace as finished bytes, its scans, its GS1 aliases and the example on the home page."""

from mongoengine import (
    BinaryField,
    BooleanField,
    DateTimeField,
    DictField,
    IntField,
    ListField,
    LongField,
    StringField,
)

from backend.base.documents import Document

MAX_BATCHES = 20
MAX_PARTS = 50


class PublicTrace(Document):
    """What `/t/{code}` answers, ready to send. The reader asks for one rendition by its field names: `{name}` or
    `{name}_gz` and `etag_{name}`, where name is json, html_zh or html_en. `recall` stands over its lot; `parts` are the
    recalls of some of the goods that left it under the certificate."""

    id = StringField(primary_key=True)
    state = StringField(required=True)
    version = IntField(required=True)
    certificate_id = StringField(required=True)
    producer_id = StringField(required=True)
    lot_id = StringField(required=True)
    crop = StringField(required=True)
    batch_ids = ListField(StringField(), max_length=MAX_BATCHES)
    recall = DictField(null=True)
    parts = ListField(DictField(), max_length=MAX_PARTS)
    built_at = DateTimeField(required=True)
    json = BinaryField(required=True)
    json_gz = BinaryField(required=True)
    html_zh = BinaryField(required=True)
    html_zh_gz = BinaryField(required=True)
    html_en = BinaryField(required=True)
    html_en_gz = BinaryField(required=True)
    etag_json = StringField(required=True)
    etag_html_zh = StringField(required=True)
    etag_html_en = StringField(required=True)

    meta = {
        "collection": "public_traces",
        "shard_key": ("id",),
        "indexes": [("lot_id", "id"), ("batch_ids", "id"), ("producer_id", "id"), ("state", "id"), ("crop", "id")],
    }


class ScanTally(Document):
    """How often a code was looked up: in all, and by day for the last weeks; `places`: when a county was last heard of,
    where one was offered. `dirty` until the page tells it."""

    id = StringField(primary_key=True)
    count = IntField(required=True)
    first_at = DateTimeField(required=True)
    last_at = DateTimeField(required=True)
    days = DictField()
    places = DictField()
    dirty = BooleanField(required=True)

    meta = {"collection": "scan_tallies", "shard_key": ("id",), "indexes": [("dirty", "last_at")]}


class RelatedReading(Document):
    """What to offer to readers of one crop's traces. While `telling`, the worker goes through them: `done_to` is how
    far it has come. A later change starts over, told by `version`."""

    id = StringField(primary_key=True)
    items = ListField(DictField(), max_length=3)
    telling = BooleanField(required=True)
    done_to = StringField(default="")
    version = IntField(required=True)
    changed_at = DateTimeField(required=True)

    meta = {"collection": "related_readings", "shard_key": ("id",), "indexes": [("telling", "changed_at")]}


class GtinLot(Document):
    """`{gtin14}/{lot}` → trace code. A GTIN's lot belongs to the producer that used it first."""

    id = StringField(primary_key=True)
    code = StringField(required=True)
    producer_id = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {"collection": "gtin_lots", "shard_key": ("id",), "indexes": []}


class MarketCheck(Document):
    """One look at goods that enter a market: what was scanned, and what was true of it then. Never changed."""

    id = StringField(primary_key=True)
    account_id = StringField(required=True)
    region_path = ListField(StringField(), max_length=5)
    market = StringField(required=True, max_length=80)
    seen = StringField(required=True, max_length=300)
    code = StringField()
    verdict = StringField(required=True)
    producer_id = StringField()
    lot_id = StringField()
    amount = StringField()
    unit = StringField()
    note = StringField(max_length=200, default="")
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "market_checks",
        "shard_key": ("id",),
        "indexes": [("region_path", "created_at"), ("code", "created_at")],
    }


class TraceExample(Document):
    """The one trace the home page offers to a visitor without a package at hand."""

    id = StringField(primary_key=True)
    code = StringField(required=True)
    product = StringField(required=True)

    meta = {"collection": "trace_examples", "shard_key": ("id",), "indexes": []}


class Recall(Document):
    """An ordered recall, or a drill of one, which touches nothing. Its words never change; `state`, `counts`, times,
    `closing` and `withdrawal` follow its progress; every chunk writes `touched`, so that none is committed beside a
    withdrawal. `working` while the worker has something to do, and after `attempts` failures in a row it
    tries again at `retry_at`; `regions` are those of who ordered it
    and of the holders, so that their officers see it too."""

    id = StringField(primary_key=True)
    drill = BooleanField(required=True)
    target = StringField(required=True)
    target_id = StringField(required=True)
    region = StringField(required=True)
    regions = ListField(StringField(), max_length=2000)
    since = StringField()
    until = StringField()
    reason = StringField(required=True)
    note = StringField(max_length=500, default="")
    state = StringField(required=True)
    working = BooleanField(required=True)
    counts = DictField()
    found_ms = LongField()
    found_at = DateTimeField()
    spread_at = DateTimeField()
    closed_at = DateTimeField()
    closing = DictField()
    withdrawn_at = DateTimeField()
    withdrawal = DictField()
    touched = DateTimeField()
    attempts = IntField(default=0)
    retry_at = DateTimeField()
    failing_since = DateTimeField()
    by = StringField(required=True)
    digest = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "recalls",
        "shard_key": ("id",),
        "indexes": [("working", "created_at"), ("regions", "created_at"), ("target", "state")],
    }


class RecallLot(Document):
    """One lot that a recall reaches, as it was found: `{recall}~{lot}`. `state`, a code of `recall_lot_states`, is
    `found` until its pages are red."""

    id = StringField(primary_key=True)
    recall_id = StringField(required=True)
    lot_id = StringField(required=True)
    producer_id = StringField(required=True)
    step = IntField(required=True)
    product_name = StringField(required=True)
    unit = StringField(required=True)
    base = LongField(required=True)
    on_hand = LongField(required=True)
    parents = ListField(StringField(), max_length=50)
    state = StringField(required=True)
    pages = IntField(default=0)
    done_at = DateTimeField()

    meta = {
        "collection": "recall_lots",
        "shard_key": ("recall_id",),
        "indexes": [("recall_id", "state", "step"), ("recall_id", "producer_id"), ("lot_id",)],
    }


class CloneFlag(Document):
    """A sign that a code was copied, `{code}~{sign}`; `told` are the numbers behind it."""

    id = StringField(primary_key=True)
    code = StringField(required=True)
    sign = StringField(required=True)
    producer_id = StringField(required=True)
    region_path = ListField(StringField(), max_length=5)
    told = DictField()
    last_at = DateTimeField(required=True)
    created_at = DateTimeField(required=True)

    meta = {"collection": "clone_flags", "shard_key": ("id",), "indexes": [("region_path", "created_at")]}
