"""Shapes of the catalogue and the rulebook, of purchases and the stock."""

from marshmallow import validate

from backend.http.api import PageQuery, Schema, fields

SIGNED = {"pattern": r"^-?\d+(\.\d+)?$"}  # exact: a base unit is a gram, a millilitre, a piece


class LabelOut(Schema):
    crop = fields.Text()
    phi_days = fields.Integer()
    max_uses = fields.Integer(allow_none=True)
    dose_max = fields.Text(allow_none=True)
    dose_unit = fields.Text(allow_none=True)


class WithdrawalOut(Schema):
    animal = fields.Text()
    produce = fields.Text()
    days = fields.Integer()
    forbidden = fields.Boolean(metadata={"description": "never given to animals that lay or are milked"})


class InputOut(Schema):
    registration_no = fields.Text()
    name = fields.Text()
    kind = fields.Text()
    manufacturer = fields.Text()
    formulation = fields.Text()
    actives = fields.List(fields.Text())
    labels = fields.List(fields.Nested(LabelOut))
    withdrawals = fields.List(fields.Nested(WithdrawalOut))
    restricted = fields.Boolean()
    toxicity = fields.Text(metadata={"description": "a code of toxicities, as on the label"})
    traits = fields.List(fields.Text())
    not_with = fields.List(fields.Text(), metadata={"description": "traits and substances not to be mixed with it"})
    example = fields.Boolean(metadata={"description": "invented for demonstration, not a registered product"})
    source = fields.Text()
    confidence = fields.Text()


class InputQuery(Schema):
    q = fields.Text(required=True, min=1, max=40)
    crop = fields.Code("crops", load_default=None)
    kind = fields.Code("input_kinds", load_default=None)


class InputsOut(Schema):
    items = fields.List(fields.Nested(InputOut))


class SubstanceOut(Schema):
    substance = fields.Text()
    name_en = fields.Text()
    cas = fields.Text()
    measure = fields.Text()
    crop_classes = fields.List(fields.Text())
    effective_from = fields.Text()
    announcement = fields.Text()
    confidence = fields.Text(metadata={"description": "how sure the platform is of this row"})
    exempt_methods = fields.List(fields.Text())
    note = fields.Text()


class RulebookQuery(Schema):
    version = fields.Text(max=40, load_default=None)


class RulebookOut(Schema):
    version = fields.Text()
    title = fields.Text()
    effective_from = fields.Text()
    source = fields.Text()
    digest = fields.Text()
    substances = fields.List(fields.Nested(SubstanceOut), max=1000)


class RulebookForm(Schema):
    version = fields.Text(required=True, min=3, max=40, validate=validate.Regexp(r"^[0-9A-Za-z][0-9A-Za-z._-]*$"))
    title = fields.Text(required=True, min=2, max=120)
    effective_from = fields.Day(required=True)
    source = fields.Text(required=True, min=2, max=400)


class RulebookFiles(Schema):
    substances = fields.Upload(required=True, metadata={"description": "CSV; columns as in schemas/rulebook"})
    products = fields.Upload(
        load_default=None, metadata={"description": "CSV, a row for each registration × crop; absent: those in force"}
    )


class LoadedOut(Schema):
    version = fields.Text()
    previous = fields.Text(allow_none=True)
    state = fields.Code("rulebook_states")
    added = fields.List(fields.Text(), max=1000)
    removed = fields.List(fields.Text(), max=1000)
    products = fields.Integer()


class RulebookReview(Schema):
    verdict = fields.Code("rulebook_verdicts", required=True)
    note = fields.Text(required=True, min=2, max=200, metadata={"description": "what was checked"})


class ReviewOut(Schema):
    verdict = fields.Text()
    note = fields.Text()
    at = fields.Instant()


class RulebookActivation(Schema):
    on = fields.Day(required=True, metadata={"description": "today or past: at once"})


class VersionOut(Schema):
    version = fields.Text()
    title = fields.Text()
    effective_from = fields.Text()
    source = fields.Text()
    digest = fields.Text()
    state = fields.Code("rulebook_states")
    substances = fields.Integer()
    products = fields.Integer(metadata={"description": "kept so far"})
    copies = fields.Text(allow_none=True, metadata={"description": "the version whose products it takes over"})
    activates_on = fields.Day(allow_none=True)
    impact_against = fields.Text(allow_none=True)
    impact_at = fields.Instant(allow_none=True)
    reviews = fields.List(fields.Nested(ReviewOut), max=20)
    created_at = fields.Instant()


class DiffQuery(Schema):
    against = fields.Text(max=40, load_default=None, metadata={"description": "absent: the version in force"})


class ChangedProductOut(Schema):
    registration_no = fields.Text()
    name = fields.Text()
    fields_ = fields.List(fields.Text(), attribute="fields", data_key="fields")


class DiffOut(Schema):
    """At most 500 of each kind are listed; `counts` says how many there are."""

    version = fields.Text()
    against = fields.Text()
    substances_added = fields.List(fields.Text(), max=500)
    substances_removed = fields.List(fields.Text(), max=500)
    products_added = fields.List(fields.Text(), max=500)
    products_removed = fields.List(fields.Text(), max=500)
    products_changed = fields.List(fields.Nested(ChangedProductOut), max=500)
    counts = fields.Dict(keys=fields.Text(), values=fields.Integer())


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
