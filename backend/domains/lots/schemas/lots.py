"""Shapes of one lot and of its hold."""

from backend.http.api import PageQuery, Schema, fields


class ParentOut(Schema):
    lot_id = fields.Identity()
    base = fields.Integer(metadata={"description": "grams or pieces of the other lot"})
    carried = fields.Integer(metadata={"description": "of these, under its owner's certificates"})


class LotOut(Schema):
    id = fields.Identity()
    producer_id = fields.Identity()
    batch_ids = fields.List(fields.Identity())
    crop = fields.Text()
    product_name = fields.Text()
    variety = fields.Text()
    amount = fields.Amount()
    unit = fields.Text()
    left = fields.Amount(metadata={"description": "what may still be certified, in the lot's unit"})
    on_hand = fields.Amount(metadata={"description": "what has not left, in the lot's unit"})
    harvested_on = fields.Day()
    born = fields.Text(metadata={"x-vocabulary": "lot_event_kinds"})
    born_on = fields.Day()
    parents = fields.List(fields.Nested(ParentOut))
    state = fields.Text()
    held_reason = fields.Text(allow_none=True)


class LotsQuery(PageQuery):
    producer_id = fields.Identity(required=True)
    state = fields.Code("lot_states", load_default=None)


class HoldIn(Schema):
    reason = fields.Code("hold_reasons", required=True)
    note = fields.Text(max=200, load_default="")


class ReleaseIn(Schema):
    note = fields.Text(required=True, min=1, max=200)
