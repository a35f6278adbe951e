"""Shapes of what happens to lots: made of others, gone, sent, arrived."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from backend.http.api import PageQuery, Schema, fields

MAX_LINES = 50


class TakenLine(Schema):
    lot_id = fields.Identity(required=True)
    amount = fields.Amount(required=True)
    unit = fields.Code("units", required=True)


class MadeLine(Schema):
    """`client_id` becomes the new lot's."""

    client_id = fields.ClientId(required=True)
    amount = fields.Amount(required=True)
    unit = fields.Code("units", required=True)
    product_name = fields.Text(max=60, load_default="")
    variety = fields.Text(max=60, load_default="")


class NewMove(Schema):
    """What every event says: whose it is, the client's own id of it, and its day."""

    producer_id = fields.Identity(required=True)
    client_id = fields.ClientId(required=True)
    happened_on = fields.Day(required=True)
    note = fields.Text(max=200, load_default="")


def _one_of(*codes: str) -> ma.validate.OneOf:
    return ma.validate.OneOf(codes)


class NewConversion(NewMove):
    kind = fields.Text(required=True, validate=_one_of("split", "merge", "repack", "transform"))
    inputs = fields.List(fields.Nested(TakenLine), required=True, min=1, max=MAX_LINES)
    outputs = fields.List(fields.Nested(MadeLine), required=True, min=1, max=MAX_LINES)


class IntakeLine(MadeLine):
    """`harvested_on`: what the seller or the paper says, else the day it came."""

    crop = fields.Code("crops", required=True)
    harvested_on = fields.Day(load_default=None, allow_none=True)


class NewIntake(NewMove):
    """`partner` is whom it was bought from, `place` where it grew."""

    partner = fields.Text(required=True, min=2, max=80)
    place = fields.Text(max=80, load_default="")
    lines = fields.List(fields.Nested(IntakeLine), required=True, min=1, max=MAX_LINES)


class NewLeaving(NewMove):
    kind = fields.Text(required=True, validate=_one_of("market", "retail", "destroy"))
    lines = fields.List(fields.Nested(TakenLine), required=True, min=1, max=MAX_LINES)
    place = fields.Text(max=80, load_default="")
    reason = fields.Code("destroy_reasons", load_default=None, allow_none=True)

    @ma.validates_schema
    def _complete(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["kind"] == "market" and not data["place"]:
            raise ma.ValidationError("Missing data for required field.", "place")
        if data["kind"] == "destroy" and not data["reason"]:
            raise ma.ValidationError("Missing data for required field.", "reason")


class NewShipment(NewMove):
    kind = fields.Text(load_default="ship", validate=_one_of("ship", "return"))
    lines = fields.List(fields.Nested(TakenLine), required=True, min=1, max=MAX_LINES)
    to_producer_id = fields.Identity(load_default=None, allow_none=True)
    partner = fields.Text(max=80, load_default="")


class ArrivedLine(Schema):
    """What arrived of one lot; `client_id` becomes the id of the receiver's new lot."""

    lot_id = fields.Identity(required=True)
    client_id = fields.ClientId(required=True)
    amount = fields.Amount(required=True, positive=False)
    unit = fields.Code("units", required=True)


class NewReceipt(Schema):
    client_id = fields.ClientId(required=True)
    happened_on = fields.Day(required=True)
    lines = fields.List(fields.Nested(ArrivedLine), required=True, min=1, max=MAX_LINES)
    note = fields.Text(max=200, load_default="")


class NoteIn(Schema):
    note = fields.Text(max=200, load_default="")


class EventLine(Schema):
    lot_id = fields.Identity()
    amount = fields.Amount()
    unit = fields.Text()
    base = fields.Integer(metadata={"description": "grams or pieces"})
    carried = fields.Integer(metadata={"description": "of these, under certificates"})
    crop = fields.Text()
    product_name = fields.Text()
    variety = fields.Text()
    harvested_on = fields.Day()


class AnsweredLine(Schema):
    lot_id = fields.Identity()
    sent = fields.Integer()
    received = fields.Integer()


class AnswerOut(Schema):
    on = fields.Day()
    note = fields.Text()
    settled = fields.Text()
    lines = fields.List(fields.Nested(AnsweredLine))


class LotEventOut(Schema):
    id = fields.Identity(attribute="_id")
    producer_id = fields.Identity()
    kind = fields.Text(metadata={"x-vocabulary": "lot_event_kinds"})
    happened_on = fields.Day()
    state = fields.Text(metadata={"x-vocabulary": "lot_event_states"})
    takes = fields.List(fields.Nested(EventLine))
    makes = fields.List(fields.Nested(EventLine))
    loss = fields.Method("lost", metadata={"description": "what was lost on the way, in grams or pieces"})
    to_producer_id = fields.Identity()
    partner = fields.Text()
    sender = fields.Text(metadata={"description": "of a shipment: who sent it, as the public may read it"})
    place = fields.Text()
    reason = fields.Text()
    note = fields.Text()
    shipment_id = fields.Identity()
    answer = fields.Nested(AnswerOut)

    def lost(self, event: Mapping[str, Any]) -> int | None:
        return event.get("loss_base")


class EventsQuery(PageQuery):
    producer_id = fields.Identity(required=True)
    lot_id = fields.Identity(load_default=None)


class ShipmentsQuery(PageQuery):
    producer_id = fields.Identity(required=True)
    direction = fields.Text(load_default="in", validate=_one_of("in", "out"))
    state = fields.Code("lot_event_states", load_default="sent")


class RecipientQuery(Schema):
    code = fields.Text(required=True, min=1, max=32, metadata={"description": "what the receiver's phone shows"})


class RecipientOut(Schema):
    """Enough to see that it is the right one: the name as the public may read it."""

    producer_id = fields.Identity(attribute="id")
    name = fields.Text(attribute="public_name")
    kind = fields.Text(metadata={"x-vocabulary": "producer_kinds"})
    county = fields.Method("of_county", metadata={"x-vocabulary": "regions"})

    def of_county(self, one: Any) -> str:
        return str(one.region[:6])
