"""Shapes of signed certificates and of checks at a market's gate."""

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
    signature = fields.Text()
    inclusion = fields.Dict(allow_none=True)
