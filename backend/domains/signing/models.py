"""Public keys for good, and which one signs now. Nothing here opens anything: private halves are with the gateway."""

from mongoengine import DateTimeField, DictField, StringField

from backend.base.documents import Document


class SigningKey(Document):
    """`_id` is the kid, which follows from the key. Only `state`, `until` and `revoked` ever change, forward alone."""

    id = StringField(primary_key=True)
    purpose = StringField(required=True)
    alg = StringField(required=True)
    jwk = DictField(required=True)
    handle = StringField(required=True)
    state = StringField(required=True)
    since = DateTimeField(required=True)
    until = DateTimeField()
    revoked = DictField()

    meta = {"collection": "signing_keys", "shard_key": ("id",), "indexes": [("purpose", "since")]}


class CurrentKey(Document):
    """`_id` is the purpose: one document is what makes the current key one."""

    id = StringField(primary_key=True)
    kid = StringField(required=True)

    meta = {"collection": "current_keys", "shard_key": ("id",), "indexes": []}
