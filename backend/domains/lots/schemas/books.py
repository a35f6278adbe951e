"""Shapes of the book of purchases, sales and stock."""

from backend.http.api import Schema, fields


class BookQuery(Schema):
    producer_id = fields.Identity(required=True)
    since = fields.Day(required=True)
    until = fields.Day(required=True)


class BookLine(Schema):
    day = fields.Day()
    direction = fields.Text(metadata={"description": "in, out or within"})
    kind = fields.Text(metadata={"x-vocabulary": "lot_event_kinds"})
    made = fields.Boolean(metadata={"description": "within: whether this came out, and did not go in"})
    lot_id = fields.Identity()
    product_name = fields.Text()
    variety = fields.Text()
    amount = fields.Amount()
    unit = fields.Text()
    partner = fields.Text()
    place = fields.Text()
    note = fields.Text()
    harvested_on = fields.Day()
    event_id = fields.Identity()


class BookTotal(Schema):
    """`in`, `out`, `lost` and by how much the stock changed."""

    product_name = fields.Text()
    unit = fields.Text()
    incoming = fields.Text(attribute="in", data_key="in")
    out = fields.Text()
    lost = fields.Text()
    change = fields.Text()


class BookOut(Schema):
    producer_id = fields.Identity()
    since = fields.Day()
    until = fields.Day()
    lines = fields.List(fields.Nested(BookLine), max=5000)
    totals = fields.List(fields.Nested(BookTotal), max=5000)
