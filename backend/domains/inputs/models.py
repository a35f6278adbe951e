"""The catalogue and the rulebooks. A rulebook version is never changed once loaded: decisions name it for ever."""

from mongoengine import (
    BooleanField,
    DateTimeField,
    EmbeddedDocument,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    StringField,
)

from backend.base.documents import Document

MAX_SUBSTANCES = 1000
MAX_LABELS = 200


class SubstanceRow(EmbeddedDocument):
    """One measure on one substance, as announced; `confidence` says how sure the platform is of it."""

    substance = StringField(required=True, max_length=80)
    name_en = StringField(max_length=120)
    cas = StringField(max_length=20)
    measure = StringField(required=True, max_length=40)
    crop_classes = ListField(StringField(max_length=40), max_length=30)
    effective_from = StringField(max_length=10)
    announcement = StringField(max_length=200)
    confidence = StringField(max_length=120)
    exempt_methods = ListField(StringField(max_length=40), max_length=20)
    note = StringField(max_length=300)


class RulebookVersion(Document):
    """`_id` is the version word, `digest` the SHA-256 of its canonical content."""

    id = StringField(primary_key=True)
    title = StringField(max_length=120)
    effective_from = StringField(required=True, max_length=10)
    source = StringField(max_length=400)
    digest = StringField(required=True)
    substances = EmbeddedDocumentListField(SubstanceRow, max_length=MAX_SUBSTANCES)
    loaded_by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {"collection": "rulebook_versions", "shard_key": ("id",), "indexes": []}


class ActiveRulebook(Document):
    """One document, `_id` "active": which version decisions are made by now."""

    id = StringField(primary_key=True)
    version = StringField(required=True)

    meta = {"collection": "active_rulebook", "shard_key": ("id",), "indexes": []}


class LabelRow(EmbeddedDocument):
    crop = StringField(required=True, max_length=40)
    phi_days = IntField(required=True, min_value=0, max_value=400)
    max_uses = IntField(min_value=0, max_value=100)
    dose_max = StringField(max_length=20)
    dose_unit = StringField(max_length=20)


class WithdrawalRow(EmbeddedDocument):
    animal = StringField(required=True, max_length=40)
    produce = StringField(required=True, choices=("meat", "egg", "milk"))
    days = IntField(required=True, min_value=0, max_value=400)


class CatalogueProduct(Document):
    """A registered input; `_id` is its registration number and the version of the catalogue it belongs to, so that a
    decision can be replayed by the labels of its day. `tokens` are what searching matches by equality."""

    id = StringField(primary_key=True)
    registration_no = StringField(required=True, max_length=40)
    version = StringField(required=True, max_length=40)
    name = StringField(required=True, max_length=120)
    kind = StringField(required=True, max_length=20)
    manufacturer = StringField(max_length=120)
    formulation = StringField(max_length=80)
    actives = ListField(StringField(max_length=80), max_length=10)
    labels = EmbeddedDocumentListField(LabelRow, max_length=MAX_LABELS)
    withdrawals = EmbeddedDocumentListField(WithdrawalRow, max_length=MAX_LABELS)
    restricted = BooleanField(default=False)
    example = BooleanField(default=False)
    source = StringField(max_length=300)
    confidence = StringField(max_length=120)
    tokens = ListField(StringField(max_length=40), max_length=300)

    meta = {
        "collection": "catalogue_products",
        "shard_key": ("id",),
        "indexes": [("version", "tokens", "registration_no")],
    }
