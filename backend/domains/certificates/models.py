"""Certificates, frozen once issued; the decisions of the gate; what officers vouched for; what was taken back."""

from mongoengine import BinaryField, BooleanField, DateTimeField, DictField, ListField, LongField, StringField

from backend.base.documents import Document

MAX_LISTED = 100


class Certificate(Document):
    """A statement on a lot. Only `state` and `void` ever change, once; `card` is what was committed to, word by word.

    `card` holds what anyone may read; the full name and number that the paper must carry are in `subject` and
    `contact_sealed`, for prints by the producer's own people. `statement` is the public document that was signed, byte
    by byte, and `proof` the compact JWS; certificates from before there were signatures have neither.
    """

    id = StringField(primary_key=True)
    producer_id = StringField(required=True)
    code = StringField(required=True)
    lot_id = StringField(required=True)
    template = StringField(required=True)
    bases = ListField(StringField(), max_length=10)
    amount = StringField(required=True)
    unit = StringField(required=True)
    base = LongField(required=True, min_value=1)
    place_region = StringField(required=True)
    card = DictField(required=True)
    subject = StringField(required=True)
    contact_sealed = BinaryField(required=True)
    flags = ListField(StringField(), max_length=20)
    decision_id = StringField(required=True)
    rulebook_version = StringField(required=True)
    statement = StringField()
    proof = StringField()
    state = StringField(required=True, default="valid")
    void = DictField()
    issued_by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "certificates",
        "shard_key": ("producer_id",),
        "indexes": [("producer_id", "created_at"), ("producer_id", "lot_id", "created_at")],
    }


class GateDecision(Document):
    """One answer of the gate with all it was decided from, so that it can be decided again. Never changed.

    `decision` and `case` are JSON text (registration numbers would not do as field names); the case is without the
    substance rules, which are read from the rulebook version it names.
    """

    id = StringField(primary_key=True)
    producer_id = StringField(required=True)
    lot_id = StringField(required=True)
    certificate_id = StringField(required=True)
    allowed = BooleanField(required=True)
    decision = StringField(required=True)
    rulebook_version = StringField(required=True)
    case = StringField(required=True)
    asked_by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "gate_decisions",
        "shard_key": ("producer_id",),
        "indexes": [("producer_id", "created_at"), ("producer_id", "lot_id", "created_at")],
    }


class InputOverride(Document):
    """An officer vouches by name for one input of one version of one record."""

    id = StringField(primary_key=True)
    producer_id = StringField(required=True)
    record_id = StringField(required=True)
    input_name = StringField(required=True)
    note = StringField(required=True)
    by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "input_overrides",
        "shard_key": ("producer_id",),
        "indexes": [("producer_id", "created_at"), ("producer_id", "record_id")],
    }


class Revocation(Document):
    """A signed certificate that was taken back, by its trace code; `month` (2028-09) is that of its last day, after
    which the list need not name it. `listed` once it is on a published list."""

    id = StringField(primary_key=True)
    month = StringField(required=True)
    at = DateTimeField(required=True)
    listed = BooleanField(required=True, default=False)

    meta = {"collection": "revocations", "shard_key": ("id",), "indexes": [("month", "id"), ("listed", "at")]}


class RevocationList(Document):
    """The published list, ready to send: a JWS that names the hash of the rest, a line feed, and the coded set."""

    id = StringField(primary_key=True)
    as_of = DateTimeField(required=True)
    body = BinaryField(required=True)

    meta = {"collection": "revocation_lists", "shard_key": ("id",), "indexes": []}
