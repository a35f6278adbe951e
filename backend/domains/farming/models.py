"""Batches, append-only records and their photos. All of a producer's log lies on one shard, so that versions can be
unique there and a batch's records are read together."""

from datetime import datetime

from mongoengine import (
    BooleanField,
    DateTimeField,
    DictField,
    IntField,
    ListField,
    LongField,
    StringField,
)

from backend.base import ids
from backend.base.documents import Document

MAX_SITES = 50
MAX_INPUTS = 8
MAX_PHOTOS = 9


class ProductionBatch(Document):
    """One crop (or herd) on given sites over one cycle; product and area are copied as they were when it began.

    `earliest_harvest_on`: the last day that the log's intervals gave, derived; decisions compute it anew.
    `harvest_notice`: due while its coming is still to be told.
    """

    id = StringField(primary_key=True)
    producer_id = StringField(required=True)
    product_id = StringField(required=True)
    product_name = StringField(required=True)
    crop = StringField(required=True)
    crop_class = StringField(required=True)
    variety = StringField(default="")
    gtin = StringField()
    site_ids = ListField(StringField(), max_length=MAX_SITES)
    area_mu = StringField(required=True)
    started_on = StringField(required=True)
    planned_harvest_on = StringField()
    state = StringField(required=True, default="open")
    earliest_harvest_on = StringField()
    harvest_notice = StringField(choices=("due",))
    created_by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "production_batches",
        "shard_key": ("producer_id",),
        "indexes": [
            ("producer_id", "created_at"),
            ("producer_id", "state", "created_at"),
            ("producer_id", "site_ids"),  # what else grew on the land
            ("state", "harvest_notice", "earliest_harvest_on"),
        ],
    }


class FarmingRecord(Document):
    """One version of one dated deed. Never updated: an amendment is a further version under the same `root_id`."""

    id = StringField(primary_key=True)
    producer_id = StringField(required=True)
    batch_id = StringField(required=True)
    root_id = StringField(required=True)
    version = IntField(required=True, default=1)
    amend_reason = StringField(max_length=200)
    kind = StringField(required=True)
    happened_on = StringField(required=True)
    ended_on = StringField(required=True)
    site_ids = ListField(StringField(), max_length=MAX_SITES)
    target = StringField(max_length=80)
    note = StringField(max_length=500)
    worker = StringField(max_length=40)
    amount = StringField()
    unit = StringField()
    base = LongField()
    inputs = ListField(DictField(), max_length=MAX_INPUTS)
    device_time = DateTimeField()
    late_days = IntField(default=0)
    digest = StringField(required=True)
    created_by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "farming_records",
        "shard_key": ("producer_id",),
        "indexes": [
            {"fields": ("producer_id", "root_id", "version"), "unique": True},
            ("producer_id", "batch_id", "created_at"),
            {"fields": ("inputs.registration_no", "producer_id"), "sparse": True},  # recall by input
        ],
    }

    sealed_at: datetime | None = None  # told when it is read: the register knows it, not the record

    @property
    def client_id(self) -> str:
        """What the phone that made it calls it."""
        return ids.client_part(self.id)


class RecordPhoto(Document):
    """A photo for a record, sent before or after it; `record_id` is the id of the version it was taken for."""

    id = StringField(primary_key=True)
    producer_id = StringField(required=True)
    record_id = StringField(required=True)
    file_id = StringField(required=True)
    sha256 = StringField(max_length=64)
    width = IntField()
    height = IntField()
    public = BooleanField(default=True)
    created_by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {"collection": "record_photos", "shard_key": ("producer_id",), "indexes": [("producer_id", "record_id")]}


class InputOverride(Document):
    """An officer vouches by name for one input of one version of one record; `reasons` are the codes it answers."""

    id = StringField(primary_key=True)
    producer_id = StringField(required=True)
    record_id = StringField(required=True)
    input_name = StringField(required=True)
    reasons = ListField(StringField(), max_length=10)
    note = StringField(required=True)
    by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "input_overrides",
        "shard_key": ("producer_id",),
        "indexes": [("producer_id", "created_at"), ("producer_id", "record_id")],
    }
