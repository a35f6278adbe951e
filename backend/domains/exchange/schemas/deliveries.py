"""Shapes of what was and is to be sent."""

from backend.http.api import PageQuery, Schema, fields


class DeliveryTryOut(Schema):
    at = fields.Instant()
    status = fields.Integer(allow_none=True, metadata={"description": "HTTP status; null when there was no answer"})
    reason = fields.Text(metadata={"description": "why there was none: timed_out, address_refused, …"})
    ms = fields.Integer()


class DeliveryOut(Schema):
    id = fields.Text(max=160)
    type = fields.Text(attribute="kind")
    subject = fields.Text()
    message_id = fields.Text()
    payload = fields.Text(attribute="body", max=8000, metadata={"description": "the very bytes that are sent"})
    state = fields.Text(metadata={"x-vocabulary": "delivery_states"})
    attempts = fields.Integer()
    tries = fields.List(fields.Nested(DeliveryTryOut), metadata={"description": "the last ten"})
    created_at = fields.Instant()
    ended_at = fields.Instant(allow_none=True)


class DeliveriesQuery(PageQuery):
    state = fields.Code("delivery_states")


class DeliveryDecision(Schema):
    action = fields.Code("delivery_actions", load_default="send_again")
    delivery_id = fields.Text(
        min=1, max=160, load_default=None, allow_none=True, metadata={"description": "none: all dead ones, 100 a call"}
    )


class DeliveryDecidedOut(Schema):
    count = fields.Integer()


class DeliveryStandingOut(Schema):
    state = fields.Text(metadata={"description": "open, or closed: nothing is sent"})
    lag_seconds = fields.Integer(metadata={"description": "how long the oldest message has waited"})
    dead = fields.Integer(metadata={"description": "messages that wait for a person; at most 100 are counted"})
    failures = fields.Integer(metadata={"description": "in a row, of the receiver as a whole"})
    failing_since = fields.Instant(allow_none=True)
    taken_at = fields.Instant(allow_none=True)
