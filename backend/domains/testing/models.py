"""Laboratories with what they are accredited for, and test results: written once, never changed."""

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
    lab_id = StringField()
    report_no = StringField(required=True, max_length=60)
    sampled_on = StringField(required=True)
    reported_on = StringField(required=True)
    valid_until = StringField()
    items = ListField(DictField(), max_length=MAX_ITEMS)
    verdict = StringField(required=True)
    recorded_by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "test_results",
        "shard_key": ("producer_id",),
        "indexes": [("producer_id", "lot_id", "created_at")],
    }


class Laboratory(Document):
    """A laboratory as the province's list has it. `catl_no` and `cma_no` are its two certificates (农产品质量安全法
    art. 48); either may be wanting in the list, what counts is what it is accredited for."""

    id = StringField(primary_key=True)
    name = StringField(required=True, max_length=80)
    region = StringField(required=True)
    catl_no = StringField(max_length=60)
    cma_no = StringField(max_length=60)
    source = StringField(required=True, max_length=200)
    entered_by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {"collection": "laboratories", "shard_key": ("id",), "indexes": [("region", "created_at"), ("created_at",)]}


class Accreditation(Document):
    """One analyte in one matrix, from a day to a day. Only `ended_on` is ever added: an accreditation that was taken
    away counts up to the day before."""

    id = StringField(primary_key=True)
    lab_id = StringField(required=True)
    analyte = StringField(required=True, max_length=80)
    matrix = StringField(required=True, max_length=40)
    method = StringField(max_length=80)
    certificate_no = StringField(required=True, max_length=60)
    valid_from = StringField(required=True)
    valid_to = StringField(required=True)
    ended_on = StringField()
    end_reason = StringField(max_length=200)
    entered_by = StringField(required=True)
    created_at = DateTimeField(required=True)

    meta = {
        "collection": "accreditations",
        "shard_key": ("lab_id",),
        "indexes": [("lab_id", "analyte"), ("lab_id", "created_at")],
    }
