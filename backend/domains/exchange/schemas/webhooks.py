"""Shapes of webhooks."""

from marshmallow import validate

from backend.http.api import PageQuery, Schema, fields


class NewWebhook(Schema):
    client_id = fields.ClientId(required=True)
    api_client_id = fields.Text(required=True, min=12, max=12)
    url = fields.Text(required=True, min=9, max=300)
    events = fields.List(fields.Code("exchange_events"), required=True, min=1, max=30)


class WebhooksQuery(PageQuery):
    api_client_id = fields.Text(required=True, min=12, max=12)


class RotateSecret(Schema):
    overlap_hours = fields.Integer(load_default=24, validate=validate.Range(0, 168))


class WebhookState(Schema):
    state = fields.Code("webhook_states", required=True)


class WebhookOut(Schema):
    id = fields.Identity()
    api_client_id = fields.Text()
    url = fields.Text(max=300)
    events = fields.List(fields.Text())
    state = fields.Text(metadata={"x-vocabulary": "webhook_states"})
    why = fields.Text(allow_none=True, metadata={"x-vocabulary": "webhook_ends"})
    created_at = fields.Instant()


class SubscribedOut(Schema):
    webhook = fields.Nested(WebhookOut)
    secret = fields.Text(
        allow_none=True, metadata={"description": "shown this once (whsec_…); null when a retry met what was there"}
    )
