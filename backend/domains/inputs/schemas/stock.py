"""Shapes of purchases, counts and the stock."""

from backend.http.api import PageQuery, Schema, fields

SIGNED = {"pattern": r"^-?\d+(\.\d+)?$"}  # exact: a base unit is a gram, a millilitre, a piece


class NewPurchase(Schema):
    """A registered input needs its number only; any other its name and kind. The law wants where it came from."""

    producer_id = fields.Identity(required=True)
    client_id = fields.ClientId(required=True)
    registration_no = fields.Text(max=40, load_default=None, allow_none=True)
    name = fields.Text(max=80, load_default=None, allow_none=True)
    manufacturer = fields.Text(max=80, load_default=None, allow_none=True)
    kind = fields.Code("input_kinds", load_default=None, allow_none=True)
    amount = fields.Amount(required=True)
    unit = fields.Code("units", required=True, metadata={"description": "of mass, volume or count"})
    bought_on = fields.Day(required=True)
    dealer = fields.Text(required=True, min=1, max=80, metadata={"description": "where it was bought"})
    batch_no = fields.Text(max=40, load_default=None, allow_none=True)
    note = fields.Text(max=200, load_default=None, allow_none=True)


class PurchaseWarning(Schema):
    reason = fields.Text()
    message = fields.Text()
    hint = fields.Text()


class PurchaseOut(Schema):
    id = fields.Identity()
    producer_id = fields.Identity()
    client_id = fields.Text()
    item = fields.Text(metadata={"description": "key of its place on the shelf"})
    registration_no = fields.Text(allow_none=True)
    name = fields.Text()
    manufacturer = fields.Text(allow_none=True)
    kind = fields.Code("input_kinds")
    amount = fields.Amount()
    unit = fields.Code("units")
    bought_on = fields.Day()
    dealer = fields.Text()
    batch_no = fields.Text(allow_none=True)
    note = fields.Text(allow_none=True)
    cancelled = fields.Boolean()
    cancel_reason = fields.Text(allow_none=True)
    created_at = fields.Instant()
    warnings = fields.List(fields.Told(PurchaseWarning))


class PurchasesQuery(PageQuery):
    producer_id = fields.Identity(required=True)


class PurchaseCancellation(Schema):
    reason = fields.Text(required=True, min=1, max=200)


class NewStockCount(Schema):
    producer_id = fields.Identity(required=True)
    client_id = fields.ClientId(required=True)
    item = fields.Identity(required=True)
    amount = fields.Amount(required=True, positive=False)
    unit = fields.Code("units", required=True)
    counted_on = fields.Day(required=True)
    reason = fields.Text(max=200, load_default=None, allow_none=True)


class StockCountOut(Schema):
    """`expected` is what the book held, `difference` what was found more (or less, below zero), both in `unit`."""

    id = fields.Identity()
    producer_id = fields.Identity()
    client_id = fields.Text()
    item = fields.Text()
    amount = fields.Amount(positive=False)
    unit = fields.Code("units")
    counted_on = fields.Day()
    reason = fields.Text(allow_none=True)
    expected = fields.Text(metadata=SIGNED)
    difference = fields.Text(metadata=SIGNED)
    created_at = fields.Instant()


class StockQuery(Schema):
    producer_id = fields.Identity(required=True)


class StockItemOut(Schema):
    """One input. All amounts are in `unit`; null when nothing of it was ever measured (a dilution, a bag)."""

    item = fields.Text()
    registration_no = fields.Text(allow_none=True)
    name = fields.Text()
    manufacturer = fields.Text(allow_none=True)
    kind = fields.Code("input_kinds")
    on_hand = fields.Text(metadata=SIGNED)
    unit = fields.Code("units", allow_none=True)
    bought = fields.Text(metadata=SIGNED)
    used = fields.Text(metadata=SIGNED)
    corrected = fields.Text(metadata=SIGNED)
    last_bought_on = fields.Day(allow_none=True)
    last_used_on = fields.Day(allow_none=True)
    short = fields.Boolean(metadata={"description": "more was used than bought"})
    unmeasured_uses = fields.Integer(metadata={"description": "uses in units that cannot be brought to this one"})


class StockOut(Schema):
    items = fields.List(fields.Nested(StockItemOut), max=1000)


class MovementsQuery(PageQuery):
    producer_id = fields.Identity(required=True)
    item = fields.Identity(load_default=None)


class MovementOut(Schema):
    """`amount` is signed: what it did to the shelf; null for a use that cannot be measured. `times`: 1 something was
    entered, -1 taken back, 0 its amount changed."""

    id = fields.Text()
    item = fields.Text()
    kind = fields.Code("stock_movements")
    day = fields.Day()
    amount = fields.Text(allow_none=True, metadata=SIGNED)
    unit = fields.Code("units", allow_none=True)
    times = fields.Integer()
    source_id = fields.Text()
    reason = fields.Text(allow_none=True)
    created_at = fields.Instant()
