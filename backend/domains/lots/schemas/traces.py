"""Shapes of the way lots went: back to what they came from, forward to what came of them."""

import marshmallow as ma

from backend.http.api import Schema, fields


class TraceQuery(Schema):
    direction = fields.Text(load_default="both", validate=ma.validate.OneOf(("both", "back", "forward")))


class TraceNode(Schema):
    """A lot. Of others' lots only what the reader must know: no ids, no quantities."""

    ref = fields.Integer()
    step = fields.Integer(metadata={"description": "below 0: what it came from; above 0: what came of it"})
    lot_id = fields.Identity()
    holder = fields.Text(allow_none=True)
    region = fields.Text(allow_none=True)
    product_name = fields.Text()
    crop = fields.Text()
    born = fields.Text(metadata={"x-vocabulary": "lot_event_kinds"})
    born_on = fields.Day()
    amount = fields.Amount()
    unit = fields.Text()
    on_hand = fields.Amount()
    state = fields.Text()


class TraceLink(Schema):
    parent = fields.Integer()
    child = fields.Integer()
    base = fields.Integer(allow_none=True, metadata={"description": "grams or pieces"})


class LotTrace(Schema):
    nodes = fields.List(fields.Nested(TraceNode))
    links = fields.List(fields.Nested(TraceLink))
    truncated = fields.Boolean()
