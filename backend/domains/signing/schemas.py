"""The published shape of the key list."""

from backend.http.api import Schema, fields


class KeyOut(Schema):
    """A JWK (RFC 7517) with what this platform says of it. `y` for P-256 alone."""

    kty = fields.Text()
    crv = fields.Text()
    x = fields.Text()
    y = fields.Text()
    kid = fields.Text()
    alg = fields.Text()
    use = fields.Text()
    purpose = fields.Text()
    state = fields.Text(metadata={"description": "current, retired or revoked"})
    since = fields.Text(metadata={"format": "date-time"})
    until = fields.Text(allow_none=True, metadata={"format": "date-time", "description": "when it stopped to sign"})
    revoked_at = fields.Text(allow_none=True, metadata={"format": "date-time"})
    revoked_reason = fields.Text(allow_none=True)


class KeysOut(Schema):
    """A JWK Set: every key that ever was. `as_of` is when this list was told."""

    as_of = fields.Text(metadata={"format": "date-time"})
    keys = fields.List(fields.Nested(KeyOut))
