"""Producers and what they own. Identity numbers of people are kept as keyed hashes and masks only."""

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
DECLARATION_STATES = ("submitted", "approved", "returned", "superseded")
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


class Site(Document):
    """A base or plot 基地/地块. Areas are decimal text in mu; the exact geometry is never public."""

    id = StringField(primary_key=True, max_length=60)
    producer_id = StringField(required=True, max_length=10)
    name = StringField(required=True, max_length=60)
    region = StringField(required=True, max_length=12)
    geometry = DictField(required=True)
    area_mu = StringField(required=True, max_length=20)
    typed_area_mu = StringField(max_length=20)
    measured_area_mu = StringField(max_length=20)
    area_differs = BooleanField(default=False)
    version = IntField(required=True, default=1)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "sites",
        "shard_key": ("producer_id", "id"),
        "indexes": [("producer_id", "created_at")],
    }


class Product(Document):
    """A catalogue entry: a crop under the producer's own name for it."""

    id = StringField(primary_key=True, max_length=60)
    producer_id = StringField(required=True, max_length=10)
    crop = StringField(required=True, max_length=40)
    name = StringField(required=True, max_length=60)
    variety = StringField(max_length=60, default="")
    gtin = StringField(max_length=14)
    version = IntField(required=True, default=1)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "products",
        "shard_key": ("producer_id", "id"),
        "indexes": [("producer_id", "created_at")],
    }


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


class SiteVisit(Document):
    """An officer's visit as it was recorded, never changed. `position`: lon, lat (WGS 84), accuracy_m."""

    id = StringField(primary_key=True, max_length=60)
    producer_id = StringField(required=True, max_length=10)
    declaration_id = StringField(max_length=60)
    visited_on = StringField(required=True, max_length=10)
    device_time = DateTimeField()
    position = DictField()
    distance_m = IntField()
    findings = StringField(max_length=1000, default="")
    outcome = StringField(required=True, max_length=40)
    visited_by = StringField(required=True, max_length=80)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "site_visits",
        "shard_key": ("producer_id", "id"),
        "indexes": [("producer_id", "created_at")],
    }


class VisitFile(Document):
    """A private photo or signature of a visit, sent before or after it. Each role has so many `place`s, and no two
    files one place: that, and not counting, keeps the limits when two arrive at once."""

    id = StringField(primary_key=True, max_length=60)
    producer_id = StringField(required=True, max_length=10)
    visit_id = StringField(required=True, max_length=60)
    role = StringField(required=True, max_length=20)
    place = IntField(required=True)
    file_id = StringField(required=True, max_length=60)
    sha256 = StringField(required=True, max_length=64)
    width = IntField()
    height = IntField()
    kept_by = StringField(required=True, max_length=80)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "visit_files",
        "shard_key": ("producer_id",),
        "indexes": [{"fields": ("producer_id", "visit_id", "role", "place"), "unique": True}],
    }


def plain(document: Document) -> dict[str, Any]:
    """A document's own values, for copies that must not change with it."""
    row: dict[str, Any] = document.to_mongo().to_dict()
    return row
