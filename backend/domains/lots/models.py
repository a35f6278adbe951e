"""Lots with their ledger in one document, so that one guarded update keeps it right under any concurrency."""

from mongoengine import DateTimeField, DictField, ListField, LongField, StringField

from backend.base.documents import Document

MAX_BATCHES = 20


class Lot(Document):
    """A quantity of product with one history. `base` was harvested, `certified_base` of it is certified."""

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
    harvested_on = StringField(required=True)
    state = StringField(required=True, default="free")
    hold = DictField()
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "lots",
        "shard_key": ("producer_id",),
        "indexes": [("producer_id", "created_at"), ("producer_id", "state", "created_at")],
    }
