"""Shapes of checks at a market's gate, and of recalls."""

from backend.http.api import PageQuery, Schema, fields


class NewCheck(Schema):
    """`seen` is what the scanner read: an address, or the code as it was typed."""

    client_id = fields.ClientId(required=True)
    region = fields.Text(required=True, min=6, max=9)
    market = fields.Text(required=True, min=1, max=80)
    seen = fields.Text(required=True, min=1, max=300)
    amount = fields.Amount(load_default=None, allow_none=True)
    unit = fields.Code("units", load_default=None, allow_none=True)
    note = fields.Text(max=200, load_default="")


class MarketCheckOut(Schema):
    id = fields.Text(max=80)
    market = fields.Text()
    code = fields.Text(allow_none=True)
    verdict = fields.Text()
    let_in = fields.Boolean()
    url = fields.Text(max=300, allow_none=True)
    amount = fields.Amount(allow_none=True)
    unit = fields.Text(allow_none=True)
    note = fields.Text()
    checked_at = fields.Instant()


class ChecksQuery(PageQuery):
    region = fields.Text(required=True, min=2, max=12)


class SignedOut(Schema):
    """`certificate` is the signed document: the signature names the SHA-256 of its RFC 8785 form. `signature` is a
    compact JWS. `inclusion` is null here, and filled by whoever joins it with the register's proof."""

    format = fields.Text()
    certificate = fields.Dict()
    signature = fields.Text(max=4000)
    inclusion = fields.Dict(allow_none=True)


class NewRecall(Schema):
    """`target_id`: a lot, a test result, a site, a producer, or the registration number of an input. `region` bounds
    the recall of an input; `since` and `until` the days of harvest, or of arrival at the producer that is recalled."""

    client_id = fields.ClientId(required=True)
    target = fields.Code("recall_targets", required=True)
    target_id = fields.Text(required=True, min=1, max=80)
    reason = fields.Code("recall_reasons", required=True)
    drill = fields.Boolean(load_default=False, metadata={"description": "find and time everything, touch nothing"})
    region = fields.Text(max=12, load_default=None, allow_none=True)
    since = fields.Day(load_default=None, allow_none=True)
    until = fields.Day(load_default=None, allow_none=True)
    note = fields.Text(max=500, load_default="")


class RecallCounts(Schema):
    lots = fields.Integer()
    holders = fields.Integer()
    steps = fields.Integer()
    done = fields.Integer()
    pages = fields.Integer()
    freed = fields.Integer(metadata={"description": "lots that are free again after a withdrawal"})
    kept = fields.Integer(metadata={"description": "lots that another recall still stops"})
    restored = fields.Integer(metadata={"description": "certificates that stand again"})


class ClosingOut(Schema):
    note = fields.Text()


class RecallWithdrawalOut(Schema):
    reason = fields.Text(metadata={"x-vocabulary": "recall_withdrawals"})
    note = fields.Text()


class RecallOut(Schema):
    id = fields.Text(max=80)
    drill = fields.Boolean()
    target = fields.Text(metadata={"x-vocabulary": "recall_targets"})
    target_id = fields.Text()
    region = fields.Text()
    since = fields.Day(allow_none=True)
    until = fields.Day(allow_none=True)
    reason = fields.Text(metadata={"x-vocabulary": "recall_reasons"})
    note = fields.Text()
    state = fields.Text(metadata={"x-vocabulary": "recall_states"})
    counts = fields.Nested(RecallCounts)
    found_ms = fields.Integer(allow_none=True, metadata={"description": "how long finding took, in milliseconds"})
    ordered_at = fields.Instant(attribute="created_at")
    failing_since = fields.Instant(
        allow_none=True, metadata={"description": "since when the worker cannot go on; it tries again by itself"}
    )
    found_at = fields.Instant(allow_none=True)
    spread_at = fields.Instant(allow_none=True)
    closed_at = fields.Instant(allow_none=True)
    closing = fields.Nested(ClosingOut)
    withdrawn_at = fields.Instant(allow_none=True)
    withdrawal = fields.Nested(RecallWithdrawalOut)


class RecallLotOut(Schema):
    """`base` and `on_hand` in grams or pieces, as they were found; `unit` is the lot's own."""

    lot_id = fields.Identity()
    producer_id = fields.Identity()
    holder = fields.Text()
    region = fields.Text()
    step = fields.Integer()
    product_name = fields.Text()
    unit = fields.Text()
    base = fields.Integer()
    on_hand = fields.Integer()
    parents = fields.List(fields.Identity())
    state = fields.Text(metadata={"x-vocabulary": "recall_lot_states"})
    pages = fields.Integer()
    done_at = fields.Instant(allow_none=True)


class RecallsQuery(PageQuery):
    region = fields.Text(required=True, min=2, max=12)


class RecallClosing(Schema):
    note = fields.Text(required=True, min=1, max=500)


class RecallWithdrawal(Schema):
    """Why it was a mistake: a code for everyone concerned, and a word for the file."""

    reason = fields.Code("recall_withdrawals", required=True)
    note = fields.Text(required=True, min=1, max=500)


class CloneFlagOut(Schema):
    code = fields.Text()
    sign = fields.Text(metadata={"x-vocabulary": "clone_signs"})
    producer_id = fields.Identity()
    told = fields.Dict(metadata={"description": "the numbers or places behind it"})
    flagged_at = fields.Instant(attribute="created_at")
    last_at = fields.Instant()
