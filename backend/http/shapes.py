"""Shapes every endpoint shares: our Schema, pages of a list, a file as an answer, the error."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import marshmallow as ma
from flask_smorest.error_handler import ErrorSchema

from backend.http import fields


class Schema(ma.Schema):
    """Refuses unknown fields: a misspelt one must not be lost in silence."""

    class Meta:
        unknown = ma.RAISE
        ordered = True


class PageQuery(Schema):
    """`?cursor=…&size=…` of every list."""

    cursor = fields.Text(max=300, load_default=None)
    size = fields.Integer(load_default=50, validate=ma.validate.Range(1, 100))


@cache
def page_of(schema: type[Schema]) -> type[ma.Schema]:
    """The schema of one page of `schema`."""
    return Schema.from_dict(
        {"items": ma.fields.List(ma.fields.Nested(schema)), "next_cursor": ma.fields.String(allow_none=True)},
        name="PageOf" + schema.__name__,
    )


@dataclass(frozen=True, slots=True)
class FileOut:
    """A binary answer. `cache_seconds` 0 means it is never stored; what is everyone's has `public_seconds` and an
    `etag`. `packed`: `data` is gzip, and is unpacked for whoever does not take that."""

    data: bytes
    content_type: str
    filename: str
    cache_seconds: int = 0
    public_seconds: int = 0
    etag: str = ""
    packed: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `rate` ("5 per minute") for one `key`; the address alone would punish a training room."""

    rate: str
    key: Callable[[], str]


class ErrorOut(ErrorSchema):
    """The one error shape."""

    reason = ma.fields.String(
        required=True, metadata={"description": "A stable word; the text may change, it does not"}
    )
    hint = ma.fields.String()
    field = ma.fields.String()
    details = ma.fields.Raw()
    request_id = ma.fields.String()
