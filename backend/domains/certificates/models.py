"""Certificates, frozen once issued; decisions of the gate; proofs of what came from outside; what was taken back."""

from mongoengine import BinaryField, BooleanField, DateTimeField, DictField, IntField, ListField, LongField, StringField

from backend.base.documents import Document

MAX_PARENTS = 200
MAX_TURNS = 40


class Certificate(Document):
    """A statement on a lot. Only `state` and `void` ever change, once; `card` is what was committed to, word by word.

    A void that came of a recall ordered by mistake stays written and is outweighed by `restored`; what voids the
    certificate after that is `voided_again`, and what became of it after that is told in `later`, each with its `turn`
    (void, restored), the last of which is `standing` (docs/decisions/0023). `service.facts.void_of` knows what stands.

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
    parents = ListField(StringField(), max_length=MAX_PARENTS)
    decision_id = StringField(required=True)
    rulebook_version = StringField(required=True)
    statement = StringField()
    proof = StringField()
    state = StringField(required=True, default="valid")
    void = DictField()
    restored = DictField(default=None)
    voided_again = DictField(default=None)
    later = ListField(DictField(), max_length=MAX_TURNS)
    standing = StringField()
    issued_by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "certificates",
        "shard_key": ("producer_id",),
        "indexes": [
            ("producer_id", "created_at"),
            ("producer_id", "lot_id", "created_at"),
            ("code",),  # a number that somebody typed from paper
        ],
    }


class GateDecision(Document):
    """One answer of the gate with all it was decided from, so that it can be decided again. Never changed.

    `decision` and `case` are JSON text (registration numbers would not do as field names); the case is without the
    substance rules, which are read from the rulebook version it names. `flagged_in`: the regions whose officers should
    look at its notes, widest first; empty when there are none.
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
    flagged_in = ListField(StringField(), max_length=5)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "gate_decisions",
        "shard_key": ("producer_id",),
        "indexes": [
            ("producer_id", "created_at"),
            ("producer_id", "lot_id", "created_at"),
            ("flagged_in", "created_at"),
        ],
    }


class IncomingProof(Document):
    """A certificate on paper or of another platform, or another proof, under which a lot came in from outside
    (农产品质量安全法 art. 39: collected and kept). Never changed."""

    id = StringField(primary_key=True)
    producer_id = StringField(required=True)
    lot_id = StringField(required=True)
    kind = StringField(required=True)
    number = StringField(required=True, max_length=80)
    issuer = StringField(required=True, max_length=80)
    issued_on = StringField(required=True)
    base = LongField(required=True, min_value=1)
    amount = StringField(required=True)
    unit = StringField(required=True)
    note = StringField(max_length=200)
    entered_by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "incoming_proofs",
        "shard_key": ("producer_id",),
        "indexes": [("producer_id", "created_at"), ("producer_id", "lot_id", "created_at")],
    }


class RulebookImpact(Document):
    """A walk over all that a rulebook version would judge anew; `_id` is the version, `run` counts its walks, `after`
    is the last id of the `stage` that is done."""

    id = StringField(primary_key=True)
    run = IntField(required=True, default=0)
    against = StringField(required=True)
    state = StringField(required=True)
    stage = StringField(required=True)
    after = StringField(default="")
    seen = DictField()
    changed = DictField()
    started_by = StringField(required=True)
    started_at = DateTimeField(required=True)
    finished_at = DateTimeField()

    meta = {"collection": "rulebook_impacts", "shard_key": ("id",), "indexes": [("state",)]}


class RulebookChange(Document):
    """One batch or lot that a version would judge otherwise: `before` and `after` hold allowed, reasons, earliest."""

    id = StringField(primary_key=True)
    version = StringField(required=True)
    run = IntField(required=True)
    kind = StringField(required=True)
    subject_id = StringField(required=True)
    producer_id = StringField(required=True)
    product_name = StringField()
    before = DictField()
    after = DictField()
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "rulebook_changes",
        "shard_key": ("version",),
        "indexes": [("version", "run", "created_at"), ("version", "run", "kind", "created_at")],
    }


class Revocation(Document):
    """A signed certificate that was taken back, by its trace code; `month` (2028-09) is that of its last day, after
    which the list need not name it. `listed` once a list says how it stands; `lifted` when it was given back."""

    id = StringField(primary_key=True)
    month = StringField(required=True)
    at = DateTimeField(required=True)
    listed = BooleanField(required=True, default=False)
    lifted = BooleanField(default=False)

    meta = {"collection": "revocations", "shard_key": ("id",), "indexes": [("month", "id"), ("listed", "at")]}


class RevocationList(Document):
    """The published list, ready to send: a JWS that names the hash of the rest, a line feed, and the coded set."""

    id = StringField(primary_key=True)
    as_of = DateTimeField(required=True)
    body = BinaryField(required=True)

    meta = {"collection": "revocation_lists", "shard_key": ("id",), "indexes": []}
