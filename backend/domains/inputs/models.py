"""The catalogue and the rulebooks; purchases and the stock. A rulebook version is never changed once loaded: decisions
name it for ever. All of a producer's stock lies on one shard, so that a movement and its balance agree."""

from mongoengine import (
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

from backend.base import ids
from backend.base.documents import Document
from backend.base.errors import Problem, RuleBroken

MAX_SUBSTANCES = 1000
MAX_LABELS = 200
MAX_WARNINGS = 40


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
    """`_id` is the version word, `digest` the SHA-256 of what was sent, `content` that of what is stored of it, its
    products too (missing in the oldest); neither ever changes. `completed_by`: who sent it again when a load had died.

    What happens to it does: `state` is a code of `rulebook_states` (missing in the oldest: active or retired),
    `reviews` (verdict, note, by, at) of a second person, `impact` (against, at) that its effects were looked at,
    `activates_on` the day it was scheduled for. `copies`: its `products` are still copied from that version, up to
    `copied_to`.
    """

    id = StringField(primary_key=True)
    title = StringField(max_length=120)
    effective_from = StringField(required=True, max_length=10)
    source = StringField(max_length=400)
    digest = StringField(required=True)
    content = StringField()
    substances = EmbeddedDocumentListField(SubstanceRow, max_length=MAX_SUBSTANCES)
    loaded_by = StringField(required=True)
    completed_by = StringField()
    created_at = DateTimeField(required=True)
    state = StringField()
    reviews = ListField(DictField(), max_length=20)
    impact = DictField()
    activates_on = StringField()
    copies = StringField()
    copied_to = StringField()
    products = IntField(default=0)

    meta = {
        "collection": "rulebook_versions",
        "shard_key": ("id",),
        "indexes": [("created_at",), ("state", "activates_on")],
    }


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
    forbidden = BooleanField(default=False)


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
    toxicity = StringField(max_length=20)
    traits = ListField(StringField(max_length=40), max_length=10)
    not_with = ListField(StringField(max_length=80), max_length=20)
    source = StringField(max_length=300)
    confidence = StringField(max_length=120)
    tokens = ListField(StringField(max_length=40), max_length=300)

    meta = {
        "collection": "catalogue_products",
        "shard_key": ("id",),
        "indexes": [("version", "tokens", "registration_no"), ("version", "registration_no")],
    }


class InputPurchase(Document):
    """What was bought, from whom. Never edited: a wrong one is marked as cancelled and stays. `item` is its place on
    the shelf, `told` the warnings the buyer was given then."""

    id = StringField(primary_key=True)
    producer_id = StringField(required=True)
    item = StringField(required=True)
    registration_no = StringField(max_length=40)
    name = StringField(required=True, max_length=120)
    manufacturer = StringField(max_length=120)
    kind = StringField(required=True)
    amount = StringField(required=True)
    unit = StringField(required=True)
    bought_on = StringField(required=True)
    dealer = StringField(required=True, max_length=80)
    batch_no = StringField(max_length=40)
    note = StringField(max_length=200)
    told = ListField(DictField(), max_length=MAX_WARNINGS)
    cancelled = BooleanField(required=True, default=False)
    cancel_reason = StringField(max_length=200)
    cancelled_at = DateTimeField()
    cancelled_by = StringField(max_length=80)
    created_by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "input_purchases",
        "shard_key": ("producer_id",),
        "indexes": [("producer_id", "created_at"), ("producer_id", "item", "bought_on")],
    }

    @property
    def client_id(self) -> str:
        """What the phone that made it calls it."""
        return ids.client_part(self.id)

    @property
    def warnings(self) -> list[Problem]:
        return [RuleBroken(**told) for told in self.told]


class StockMovement(Document):
    """One change on the shelf, never changed itself; `_id` follows from its source. `thousandths` of a base unit,
    signed; `root_id` names a farming record over its versions; `said` is what was counted, in the counter's words."""

    id = StringField(primary_key=True)
    producer_id = StringField(required=True)
    item = StringField(required=True)
    kind = StringField(required=True)
    dimension = StringField(required=True)
    day = StringField(required=True)
    thousandths = LongField(required=True)
    times = IntField(required=True)
    source_id = StringField(required=True)
    root_id = StringField()
    said = DictField()
    reason = StringField(max_length=200)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "stock_movements",
        "shard_key": ("producer_id",),
        "indexes": [
            ("producer_id", "created_at"),
            ("producer_id", "item", "created_at"),
            ("producer_id", "kind", "item", "day"),
            ("producer_id", "root_id"),
        ],
    }


class StockBalance(Document):
    """What the movements of one item come to, kept up in their transactions. `_id` is `{producer_id}.{item}`;
    `counters` by dimension: bought, used, corrected in thousandths, and how many purchases, uses, counts."""

    id = StringField(primary_key=True)
    producer_id = StringField(required=True)
    item = StringField(required=True)
    registration_no = StringField(max_length=40)
    name = StringField(required=True, max_length=120)
    manufacturer = StringField(max_length=120)
    kind = StringField(required=True)
    counters = DictField()
    last_bought_on = StringField()
    last_used_on = StringField()
    moved_at = DateTimeField(required=True)

    meta = {"collection": "stock_balances", "shard_key": ("producer_id",), "indexes": [("producer_id", "moved_at")]}
