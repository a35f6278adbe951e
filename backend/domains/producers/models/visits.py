"""Site visits and what was photographed and signed there."""

from mongoengine import DateTimeField, DictField, IntField, StringField

from backend.base.documents import Document


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
