"""Test results: written once, never changed."""

from mongoengine import DateTimeField, DictField, ListField, StringField

from backend.base.documents import Document

MAX_ITEMS = 500


class TestResult(Document):
    """One report on one lot. `items`: analyte, value (text; none: not detected), unit, lod, limit, method, verdict."""

    __test__ = False  # not a test case

    id = StringField(primary_key=True)
    producer_id = StringField(required=True)
    lot_id = StringField(required=True)
    kind = StringField(required=True)
    lab = StringField(required=True, max_length=80)
    report_no = StringField(required=True, max_length=60)
    sampled_on = StringField(required=True)
    reported_on = StringField(required=True)
    items = ListField(DictField(), max_length=MAX_ITEMS)
    verdict = StringField(required=True)
    recorded_by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "test_results",
        "shard_key": ("producer_id",),
        "indexes": [("producer_id", "lot_id", "created_at")],
    }
