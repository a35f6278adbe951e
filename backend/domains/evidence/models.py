"""The register's leaves. Nothing here is ever updated except by sealing, which fills in the place in the tree."""

from mongoengine import BinaryField, DateTimeField, LongField, StringField

from backend.base.documents import Document


class EvidenceLeaf(Document):
    """One written record: its salted hash and when it was written; `position` is set when it is sealed."""

    id = StringField(primary_key=True)
    kind = StringField(required=True, max_length=40)
    subject_id = StringField(required=True, max_length=80)
    producer_id = StringField(max_length=10)
    salt = BinaryField(required=True)
    hash = BinaryField(required=True)
    created_at = DateTimeField(required=True)
    position = LongField()

    meta = {
        "collection": "evidence_leaves",
        "shard_key": ("subject_id",),
        "indexes": [("subject_id", "created_at"), ("position", "created_at")],
    }
