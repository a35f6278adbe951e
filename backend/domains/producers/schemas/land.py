"""Shapes of sites and products."""

from typing import Any

from marshmallow import validate

from backend.http import errors, language
from backend.http.api import Schema, fields

WORDS = {"type": "object", "properties": {"reason": {"type": "string"}, "message": {"type": "string"}}}


class Geometry(Schema):
    type = fields.Text(required=True, max=20, validate=validate.OneOf(("Point", "Polygon")))
    coordinates = fields.Raw(
        required=True, metadata={"type": "array", "items": {}, "description": "GeoJSON, WGS 84, 先经度后纬度"}
    )


class NewSite(Schema):
    client_id = fields.ClientId(required=True)
    name = fields.Text(required=True, min=1, max=60)
    geometry = fields.Nested(Geometry, required=True)
    typed_area_mu = fields.Amount(metadata={"description": "填写的面积，亩；只标点时必填"})
    region = fields.Text(min=9, max=12)


class SiteChanges(Schema):
    name = fields.Text(min=1, max=60)
    geometry = fields.Nested(Geometry)
    typed_area_mu = fields.Amount()
    region = fields.Text(min=9, max=12)


class SiteOut(Schema):
    id = fields.Identity()
    producer_id = fields.Identity()
    name = fields.Text(max=60)
    region = fields.Text(max=12)
    geometry = fields.Nested(Geometry)
    area_mu = fields.Amount()
    typed_area_mu = fields.Amount(allow_none=True)
    measured_area_mu = fields.Amount(allow_none=True)
    warnings = fields.Method("_warnings", metadata={"type": "array", "items": WORDS})
    version = fields.Integer()
    created_at = fields.Instant()

    def _warnings(self, site: Any) -> list[dict[str, str]]:
        reasons = ["area_differs"] if site.area_differs else []
        return [{"reason": word, "message": errors.words(word, {}, language.wanted())[0]} for word in reasons]


class NewProduct(Schema):
    client_id = fields.ClientId(required=True)
    crop = fields.Code("crops", required=True)
    name = fields.Text(required=True, min=1, max=60)
    variety = fields.Text(max=60)
    gtin = fields.Text(max=20, allow_none=True, metadata={"description": "商品条码", "example": "6901234567892"})


class ProductChanges(Schema):
    name = fields.Text(min=1, max=60)
    variety = fields.Text(max=60)
    gtin = fields.Text(max=20, allow_none=True)


class ProductOut(Schema):
    id = fields.Identity()
    producer_id = fields.Identity()
    crop = fields.Code("crops")
    name = fields.Text(max=60)
    variety = fields.Text(max=60)
    gtin = fields.Text(max=14, allow_none=True)
    version = fields.Integer()
    created_at = fields.Instant()
