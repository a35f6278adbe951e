"""Accounts with their devices and grants, one document a person; keys that make logins and openids unique."""

from mongoengine import (
    BinaryField,
    BooleanField,
    DateTimeField,
    EmbeddedDocument,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    StringField,
)

from backend.base.documents import Document

MAX_DEVICES = 10  # the oldest is logged out by the eleventh
MAX_GRANTS = 50
MAX_KEYS = 4  # of one client: the newest, and those it replaced until their overlap ends


class GrantRow(EmbeddedDocument):
    """A role in a scope; what the role permits is read from the vocabulary at each request."""

    role = StringField(required=True, max_length=40)
    region = StringField(max_length=12)
    producer_id = StringField(max_length=10)
    granted_by = StringField(max_length=80)
    granted_at = DateTimeField(required=True)


class Device(EmbeddedDocument):
    """One logged-in device: the refresh token's hash, and the one it replaced."""

    sid = StringField(required=True)
    name = StringField(max_length=80)
    refresh_hash = StringField(required=True)
    previous_hash = StringField()
    replaced_at = DateTimeField()
    created_at = DateTimeField(required=True)
    seen_at = DateTimeField(required=True)
    expires_at = DateTimeField(required=True)


class Account(Document):
    id = StringField(primary_key=True)
    kind = StringField(required=True, choices=("person", "staff"))
    name = StringField(max_length=80, default="")
    login = StringField(max_length=64)
    password_hash = StringField()
    totp_sealed = BinaryField()
    totp_on = BooleanField(default=False)
    totp_last_step = IntField(default=0)
    openid_sealed = BinaryField()
    active = BooleanField(default=True)
    grants = EmbeddedDocumentListField(GrantRow, max_length=MAX_GRANTS)
    devices = EmbeddedDocumentListField(Device, max_length=MAX_DEVICES)
    created_at = DateTimeField(required=True)

    meta = {"collection": "accounts", "shard_key": ("id",), "indexes": [("grants.producer_id",), ("grants.role", "id")]}


class AccountKey(Document):
    """`_id` is a keyed hash of a login name or an openid: the claim that makes it one account's, and finds it."""

    id = StringField(primary_key=True)
    account_id = StringField(required=True)

    meta = {"collection": "account_keys", "shard_key": ("id",), "indexes": []}


class ApiKey(EmbeddedDocument):
    """A key of a client: its keyed hash, the first characters by which people tell it, and its end."""

    hash = StringField(required=True)
    prefix = StringField(required=True, max_length=24)
    made_at = DateTimeField(required=True)
    until = DateTimeField(required=True)


class ApiClient(Document):
    """Another system that may come in: what it may do, in one region or for one producer, and until when.

    `region` is that of its scope, a producer's own where it is bound to one; `path` holds what people list it by: the
    prefixes of that region and the producer. `permissions` never grow. `used_at` is kept to ten minutes.
    """

    id = StringField(primary_key=True, max_length=12)
    name = StringField(required=True, max_length=60)
    holder = StringField(required=True, max_length=80)
    permissions = ListField(StringField(max_length=40), max_length=40)
    region = StringField(required=True, max_length=12)
    producer_id = StringField(max_length=10)
    path = ListField(StringField(max_length=12), max_length=6)
    per_minute = IntField(required=True)
    keys = EmbeddedDocumentListField(ApiKey, max_length=MAX_KEYS)
    state = StringField(required=True, choices=("active", "revoked"), default="active")
    ended = StringField(max_length=200)
    made_by = StringField(required=True, max_length=80)
    expires_at = DateTimeField(required=True)
    used_at = DateTimeField()
    created_at = DateTimeField(required=True)

    meta = {"collection": "api_clients", "shard_key": ("id",), "indexes": [("path", "created_at")]}


class ApiClientClaim(Document):
    """`{account}.{client_id}` → client: asking twice with one client id makes one client."""

    id = StringField(primary_key=True, max_length=80)
    api_client_id = StringField(required=True, max_length=12)

    meta = {"collection": "api_client_claims", "shard_key": ("id",), "indexes": []}


class LoginFailures(Document):
    """Failures by keyed hash of the login name, known or not, so that a lock-out says nothing about who exists."""

    id = StringField(primary_key=True)
    count = IntField(default=0)
    locked_until = DateTimeField()

    meta = {"collection": "login_failures", "shard_key": ("id",), "indexes": []}


class Invitation(Document):
    """`_id` is the keyed hash of the code; whoever holds the code joins the producer, once."""

    id = StringField(primary_key=True)
    producer_id = StringField(required=True)
    role = StringField(required=True)
    created_by = StringField(required=True)
    created_at = DateTimeField(required=True)
    expires_at = DateTimeField(required=True)
    used_by = StringField()
    used_at = DateTimeField()

    meta = {"collection": "invitations", "shard_key": ("id",), "indexes": []}


class AuditLine(Document):
    """Who did what to which documents; protected openings are marked. Never updated, never deleted."""

    id = StringField(primary_key=True)
    created_at = DateTimeField(required=True)
    actor_kind = StringField(required=True)
    actor_id = StringField(required=True)
    action = StringField(required=True, max_length=60)
    subjects = ListField(StringField(max_length=80), max_length=500)
    producer_id = StringField(max_length=10)
    region_path = ListField(StringField(max_length=12), max_length=5)
    protected = BooleanField(default=False)
    request_id = StringField(max_length=64)

    meta = {
        "collection": "audit_lines",
        "shard_key": ("id",),
        "indexes": [("producer_id", "created_at"), ("actor_id", "created_at"), ("region_path", "created_at")],
    }


class Village(Document):
    """A village an operator imported (12 digits); townships and wider come from the vocabulary."""

    id = StringField(primary_key=True)
    name = StringField(required=True, max_length=80)
    parent = StringField(required=True, max_length=9)

    meta = {"collection": "villages", "shard_key": ("id",), "indexes": [("parent",)]}
