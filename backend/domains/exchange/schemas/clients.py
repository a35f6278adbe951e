"""Shapes of API clients."""

from marshmallow import validate

from backend.http.api import PageQuery, Schema, fields

MAX_DAYS = 365


class NewApiClient(Schema):
    client_id = fields.ClientId(required=True)
    name = fields.Text(required=True, min=1, max=60)
    holder = fields.Text(required=True, min=1, max=80, metadata={"description": "who answers for it, and how to reach"})
    permissions = fields.List(fields.Code("permissions"), required=True, min=1, max=40)
    region = fields.Text(min=6, max=12, metadata={"description": "the scope: a region, or producer_id"})
    producer_id = fields.Text(min=10, max=10)
    days = fields.Integer(required=True, validate=validate.Range(1, MAX_DAYS))
    per_minute = fields.Integer(load_default=600, validate=validate.Range(1, 6000))


class ApiClientQuery(PageQuery):
    region = fields.Text(min=6, max=12)
    producer_id = fields.Text(min=10, max=10)


class RotateKey(Schema):
    overlap_hours = fields.Integer(load_default=24, validate=validate.Range(0, 168))


class RevokeClient(Schema):
    reason = fields.Text(required=True, min=1, max=200)


class ApiKeyOut(Schema):
    prefix = fields.Text()
    made_at = fields.Instant()
    until = fields.Instant()


class ApiClientOut(Schema):
    id = fields.Identity()
    name = fields.Text()
    holder = fields.Text()
    permissions = fields.List(fields.Text())
    region = fields.Text()
    producer_id = fields.Text(allow_none=True)
    per_minute = fields.Integer()
    state = fields.Text()
    ended = fields.Text(allow_none=True)
    keys = fields.List(fields.Nested(ApiKeyOut))
    expires_at = fields.Instant()
    used_at = fields.Instant(allow_none=True, metadata={"description": "to ten minutes"})
    created_at = fields.Instant()


class IssuedOut(Schema):
    client = fields.Nested(ApiClientOut)
    key = fields.Text(allow_none=True, metadata={"description": "shown this once; null when a retry met it"})
