"""Land and products of a producer."""

from mongoengine import BooleanField, DateTimeField, DictField, IntField, StringField

from backend.base.documents import Document


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
