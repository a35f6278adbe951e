"""Declarations, the seasons they are for, and the round of reminders."""

from mongoengine import BooleanField, DateTimeField, DictField, IntField, ListField, StringField

from backend.base.documents import Document
from backend.domains.producers.models.subjects import KINDS

DECLARATION_STATES = ("submitted", "approved", "returned", "superseded")


class Declaration(Document):
    """One version of a producer's declaration for a season, with copies of what it names, which no edit changes."""

    id = StringField(primary_key=True, max_length=60)
    producer_id = StringField(required=True, max_length=10)
    producer_name = StringField(required=True, max_length=80)
    producer_kind = StringField(required=True, choices=KINDS)
    region = StringField(required=True, max_length=12)
    region_path = ListField(StringField(max_length=12), max_length=5)
    season = StringField(required=True, max_length=12)
    version = IntField(required=True)
    previous_id = StringField(max_length=60)
    sites = ListField(DictField(), max_length=50)
    products = ListField(DictField(), max_length=50)
    planned = ListField(DictField(), max_length=50)
    commitments = ListField(DictField(), max_length=20)
    state = StringField(required=True, choices=DECLARATION_STATES)
    submitted_at = DateTimeField(required=True)
    submitted_by = StringField(required=True, max_length=80)
    decided_at = DateTimeField()
    decided_by = StringField(max_length=80)
    reason = StringField(max_length=500)

    meta = {
        "collection": "declarations",
        "shard_key": ("producer_id", "id"),
        "indexes": [("region_path", "state", "submitted_at"), ("producer_id", "submitted_at")],
    }


class DeclaredSeason(Document):
    """The newest and the approved version of a season; two submissions at once meet here."""

    id = StringField(primary_key=True, max_length=30)
    producer_id = StringField(required=True, max_length=10)
    version = IntField(required=True)
    latest_id = StringField(required=True, max_length=60)
    approved_id = StringField(max_length=60)

    meta = {"collection": "declared_seasons", "shard_key": ("producer_id", "id"), "indexes": []}


class DeclarationRound(Document):
    """How far the reminders of a year have come; `_id` is the year."""

    id = StringField(primary_key=True)
    done_to = StringField(default="")
    ended = BooleanField(required=True)

    meta = {"collection": "declaration_rounds", "shard_key": ("id",), "indexes": []}
