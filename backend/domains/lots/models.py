"""Lots with their ledger in one document, so that one guarded update keeps it right under any concurrency; the links
between them, what happened to them, and the marks of recalls."""

from mongoengine import DateTimeField, DictField, IntField, ListField, LongField, StringField

from backend.base.documents import Document

MAX_BATCHES = 20
MAX_PARENTS = 50
MAX_LINES = 50
MAX_COVERS = 1000
MAX_TOUCHED = 2 * MAX_LINES


class Lot(Document):
    """A quantity of product with one history, in whole grams or pieces.

    `base` was harvested, received or made; `certified_base` of it is certified; `gone_base` left without a certificate
    and `carried_base` with one; `covers` (id, base, out, stands) say so by certificate. What the lot came from is in
    `parents` (lot_id, base, carried), and never changes. `arrivals` counts receipts of it, so that each writes to it.
    """

    id = StringField(primary_key=True)
    producer_id = StringField(required=True)
    batch_ids = ListField(StringField(), max_length=MAX_BATCHES)
    harvest_root_id = StringField(required=True)
    crop = StringField(required=True)
    product_name = StringField(required=True)
    variety = StringField(default="")
    gtin = StringField()
    amount = StringField(required=True)
    unit = StringField(required=True)
    base = LongField(required=True, min_value=0)
    certified_base = LongField(required=True, default=0, min_value=0)
    gone_base = LongField(required=True, default=0, min_value=0)
    carried_base = LongField(required=True, default=0, min_value=0)
    covers = ListField(DictField(), max_length=MAX_COVERS)
    harvested_on = StringField(required=True)
    born = StringField(required=True, default="harvest")
    born_on = StringField(required=True)
    parents = ListField(DictField(), max_length=MAX_PARENTS)
    depth = IntField(required=True, default=0)
    event_id = StringField()
    arrivals = IntField(default=0)
    state = StringField(required=True, default="free")
    hold = DictField()
    recall = DictField()
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "lots",
        "shard_key": ("producer_id",),
        "indexes": [
            ("producer_id", "created_at"),
            ("producer_id", "state", "created_at"),
            ("producer_id", "batch_ids"),
            ("producer_id", "born_on"),
        ],
    }


class LotLink(Document):
    """From one lot to one made of it: `{parent}~{child}`. All links out of a lot lie on one shard, so that a step down
    the graph asks only where its lots are (docs/decisions/0013)."""

    id = StringField(primary_key=True)
    parent_id = StringField(required=True)
    child_id = StringField(required=True)
    base = LongField(required=True)
    kind = StringField(required=True)
    event_id = StringField(required=True)
    happened_on = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {"collection": "lot_links", "shard_key": ("parent_id",), "indexes": [("parent_id", "child_id")]}


class LotEvent(Document):
    """What a producer did with lots. Only `state` and `answer` change, and only of a shipment: `answer` is what the
    other side said. `takes` and `makes` hold lot_id, base, amount, unit, product_name, crop, and what was `carried`,
    `under` which certificates."""

    id = StringField(primary_key=True)
    producer_id = StringField(required=True)
    kind = StringField(required=True)
    happened_on = StringField(required=True)
    lot_ids = ListField(StringField(), max_length=MAX_TOUCHED)
    takes = ListField(DictField(), max_length=MAX_LINES)
    makes = ListField(DictField(), max_length=MAX_LINES)
    loss_base = LongField()
    to_producer_id = StringField()
    partner = StringField(max_length=80)
    place = StringField(max_length=80)
    reason = StringField()
    note = StringField(max_length=200)
    shipment_id = StringField()
    state = StringField(required=True, default="done")
    answer = DictField()
    digest = StringField(required=True)
    created_by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "lot_events",
        "shard_key": ("producer_id",),
        "indexes": [
            ("producer_id", "created_at"),
            ("producer_id", "happened_on"),
            ("producer_id", "lot_ids"),
            ("to_producer_id", "state", "created_at"),
        ],
    }


class RecallMark(Document):
    """One thing that is recalled: `{key}~{recall}`, where the key is `lot:…`, `batch:…` or `producer:…`. Whoever moves
    or certifies a lot looks for marks on all it came from. `since` and `until` bound the day it was harvested."""

    id = StringField(primary_key=True)
    key = StringField(required=True)
    recall_id = StringField(required=True)
    reason = StringField(required=True)
    since = StringField()
    until = StringField()
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "recall_marks",
        "shard_key": ("key",),
        "indexes": [("key", "recall_id"), ("recall_id", "key")],
    }


class RecallEnd(Document):
    """A recall that was taken back: from this row's commit on none of its marks binds, nor what it wrote on lots."""

    id = StringField(primary_key=True)
    created_at = DateTimeField(required=True)

    meta = {"collection": "recall_ends", "shard_key": ("id",), "indexes": []}
