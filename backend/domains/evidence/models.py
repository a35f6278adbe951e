"""The register's leaves, the tree over them in tiles, its signed checkpoints, and who witnesses and stamps them.

Nothing that proves is ever updated except by sealing, which gives a leaf its place, and by a registered erasure, which
takes its salt.
"""

from mongoengine import BinaryField, BooleanField, DateTimeField, DictField, IntField, ListField, LongField, StringField

from backend.base.documents import Document

MAX_PEAKS = 64


class EvidenceLeaf(Document):
    """One written record: its salted hash and when it was written. `pending` until it is sealed: then `position` is its
    place in the tree and `sealed_at` the time of the checkpoint. `said` is kept where no document says it."""

    id = StringField(primary_key=True)
    kind = StringField(required=True, max_length=40)
    form = IntField(required=True)
    subject_id = StringField(required=True, max_length=120)
    producer_id = StringField(max_length=10)
    origin = StringField(max_length=20)
    said = DictField()
    salt = BinaryField()
    hash = BinaryField(required=True)
    created_at = DateTimeField(required=True)
    pending = BooleanField()
    position = LongField()
    sealed_at = DateTimeField()

    meta = {
        "collection": "evidence_leaves",
        "shard_key": ("subject_id",),
        "indexes": [("subject_id", "created_at"), ("pending", "created_at"), ("position", "created_at")],
    }


class EvidenceTile(Document):
    """Up to 256 hashes of one tree level, `_id` is `level/number`; hashes are only ever added."""

    id = StringField(primary_key=True)
    hashes = BinaryField(required=True, max_bytes=256 * 32)

    meta = {"collection": "evidence_tiles", "shard_key": ("id",), "indexes": []}


class EvidenceCheckpoint(Document):
    """One signed state of the log; `_id` is its number in twelve digits. `text` is what was signed, `signature` the
    log's own line, `peaks` the roots of the complete subtrees, `previous` the hash of the text before."""

    id = StringField(primary_key=True)
    number = LongField(required=True)
    size = LongField(required=True)
    root = BinaryField(required=True)
    peaks = ListField(BinaryField(), max_length=MAX_PEAKS)
    text = StringField(required=True, max_length=1000)
    signature = StringField(required=True, max_length=400)
    key_id = StringField(required=True, max_length=80)
    leaves = IntField(required=True)
    migrated = IntField(required=True, default=0)
    day = StringField(required=True, max_length=10)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "evidence_checkpoints",
        "shard_key": ("id",),
        "indexes": [("size", "number"), ("day", "number")],
    }


class EvidenceLog(Document):
    """One document, `_id` "log": the newest checkpoint. Whoever seals must find it as they read it."""

    id = StringField(primary_key=True)
    origin = StringField(required=True, max_length=100)
    number = LongField(required=True)
    size = LongField(required=True)
    text_hash = BinaryField()
    sealed_at = DateTimeField()

    meta = {"collection": "evidence_log", "shard_key": ("id",), "indexes": []}


class BulletinDay(Document):
    """The last checkpoint of a day on which something was sealed; `_id` is the China day, `year` finds its days."""

    id = StringField(primary_key=True)
    year = StringField(required=True, max_length=4)
    number = LongField(required=True)
    leaves = LongField(required=True)
    created_at = DateTimeField(required=True)

    meta = {"collection": "evidence_days", "shard_key": ("id",), "indexes": [("year", "created_at")]}


class EvidenceTimestamp(Document):
    """What an RFC 3161 authority answered about a day's last checkpoint, whose id it has; written once. `reply` is its
    whole answer in DER, `at` the time in it."""

    id = StringField(primary_key=True)
    number = LongField(required=True)
    day = StringField(required=True, max_length=10)
    reply = BinaryField(required=True, max_bytes=32 * 1024)
    at = DateTimeField(required=True)
    created_at = DateTimeField(required=True)

    meta = {"collection": "evidence_timestamps", "shard_key": ("id",), "indexes": []}


class TimestampStanding(Document):
    """One document, `_id` "timestamps": how asking goes. It is part of no proof."""

    id = StringField(primary_key=True)
    failures = IntField(required=True)
    reason = StringField(max_length=40)
    next_at = DateTimeField(required=True)

    meta = {"collection": "evidence_timestamp_standing", "shard_key": ("id",), "indexes": []}


class Witness(Document):
    """Who may cosign, by an Ed25519 key of their own; `_id` is the key's name. One that is retired keeps its lines."""

    id = StringField(primary_key=True, max_length=100)
    label = StringField(required=True, max_length=80)
    region = StringField(required=True, max_length=12)
    public_key = BinaryField(required=True, max_bytes=32)
    retired_at = DateTimeField()
    created_by = StringField(required=True, max_length=80)
    created_at = DateTimeField(required=True)

    meta = {"collection": "evidence_witnesses", "shard_key": ("id",), "indexes": [("region", "created_at")]}


class Cosignature(Document):
    """A witness saw this checkpoint and found it consistent with all it saw before; `_id` is `number.name`."""

    id = StringField(primary_key=True, max_length=120)
    number = LongField(required=True)
    size = LongField(required=True)
    witness = StringField(required=True, max_length=100)
    line = StringField(required=True, max_length=400)
    signed_at = DateTimeField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "evidence_cosignatures",
        "shard_key": ("number",),
        "indexes": [("number", "created_at"), ("witness", "created_at")],
    }
