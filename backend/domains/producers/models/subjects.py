"""Producers themselves. Identity numbers of people are kept as keyed hashes and masks only."""

from typing import Any

from mongoengine import (
    BinaryField,
    BooleanField,
    DateTimeField,
    DictField,
    EmbeddedDocument,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    StringField,
)

from backend.base.documents import Document

KINDS = ("enterprise", "cooperative", "family_farm", "smallholder", "buyer")
STATUSES = ("registered", "active", "suspended")
KEPT_CHANGES = 50  # of status, newest last; the audit trail keeps all


class StatusChange(EmbeddedDocument):
    status = StringField(required=True, choices=STATUSES)
    reason = StringField(max_length=500, default="")
    changed_by = StringField(required=True, max_length=80)
    changed_at = DateTimeField(required=True)


class Producer(Document):
    """One subject. `region_path` holds every prefix of its place, so that each level's officers find it by equality."""

    id = StringField(primary_key=True, max_length=10)
    name = StringField(required=True, max_length=80)
    kind = StringField(required=True, choices=KINDS)
    region = StringField(required=True, max_length=12)
    region_path = ListField(StringField(max_length=12), max_length=5)
    address = StringField(max_length=200, default="")
    contact_name = StringField(max_length=40, default="")
    phone_sealed = BinaryField(required=True)
    phone_masked = StringField(required=True, max_length=20)
    public_contact = BooleanField(default=False)
    identity_kind = StringField(required=True, choices=("credit_code", "person_id"))
    identity_shown = StringField(required=True, max_length=18)
    status = StringField(required=True, choices=STATUSES)
    suspended_from = StringField(choices=STATUSES)
    history = EmbeddedDocumentListField(StatusChange, max_length=KEPT_CHANGES)
    managed_by = StringField(max_length=10)
    version = IntField(required=True, default=1)
    created_by = StringField(required=True, max_length=80)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "producers",
        "shard_key": ("id",),
        "indexes": [
            ("region_path", "created_at"),
            ("region_path", "status", "created_at"),
            ("managed_by", "created_at"),
        ],
    }


class IdentityClaim(Document):
    """Makes an identity (keyed hash) or a GTIN unique across all producers, which a sharded collection cannot."""

    id = StringField(primary_key=True, max_length=80)
    producer_id = StringField(required=True, max_length=10)
    subject_id = StringField(required=True, max_length=60)

    meta = {"collection": "subject_identities", "shard_key": ("id",), "indexes": []}


class RegistrationClaim(Document):
    """`{account}.{client_id}` → producer: registering twice with one client id is registering once."""

    id = StringField(primary_key=True, max_length=80)
    producer_id = StringField(required=True, max_length=10)

    meta = {"collection": "producer_registrations", "shard_key": ("id",), "indexes": []}


class PastVersion(Document):
    """What an edited document said before, so that nothing is lost by an edit."""

    id = StringField(primary_key=True, max_length=80)
    producer_id = StringField(required=True, max_length=10)
    subject_id = StringField(required=True, max_length=60)
    version = IntField(required=True)
    was = DictField()
    replaced_by = StringField(required=True, max_length=80)
    replaced_at = DateTimeField(required=True)

    meta = {
        "collection": "producer_versions",
        "shard_key": ("producer_id", "id"),
        "indexes": [("producer_id", "subject_id", "replaced_at")],
    }


def plain(document: Document) -> dict[str, Any]:
    """A document's own values, for copies that must not change with it."""
    row: dict[str, Any] = document.to_mongo().to_dict()
    return row
