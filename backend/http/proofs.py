"""The shape of an offline proof, the same from every feature that registers its documents."""

from backend.http.api import Schema, fields


class InclusionOut(Schema):
    """`leaf` is the registered hash, 32 bytes; its node in the tree is SHA-256(0x00 || leaf). Hashes in base64."""

    leaf = fields.Text()
    index = fields.Integer()
    size = fields.Integer()
    path = fields.List(fields.Text(), max=64)
    checkpoint = fields.Text(max=20_000)


class ProofOut(Schema):
    """A leaf on a document. `body` and `salt` only where the caller may read the content: `hash` is then
    SHA-256(salt || RFC 8785 of body). No `inclusion`: not sealed yet."""

    format = fields.Text(metadata={"enum": ["longtrace-proof/1"]})
    kind = fields.Text()
    hash = fields.Text(metadata={"description": "hex"})
    registered_at = fields.Text(metadata={"format": "date-time"})
    origin = fields.Text(allow_none=True, metadata={"description": "migration: made later than the document"})
    salt = fields.Text(metadata={"description": "hex"})
    body = fields.Raw()
    inclusion = fields.Nested(InclusionOut)
    sealed_at = fields.Text(metadata={"format": "date-time"})


class ProofsOut(Schema):
    items = fields.List(fields.Nested(ProofOut), max=100)
