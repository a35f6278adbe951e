"""Shapes of declarations, of the officers' queue and of their decisions."""

from marshmallow import validate

from backend.http.api import PageQuery, Schema, fields

DIGITS = validate.Regexp(r"^[0-9]+$")


class Planned(Schema):
    product_id = fields.Identity(required=True)
    amount = fields.Amount(required=True)
    unit = fields.Code("units", required=True)


class NewDeclaration(Schema):
    client_id = fields.ClientId(required=True)
    season = fields.Text(required=True, max=12, metadata={"example": "2026-autumn"})
    site_ids = fields.List(fields.Identity(), max=50)
    product_ids = fields.List(fields.Identity(), required=True, max=50)
    planned = fields.List(fields.Nested(Planned), max=50)
    commitments = fields.List(fields.Code("declaration_commitments"), required=True, max=20)


class DeclaredSite(Schema):
    id = fields.Identity()
    name = fields.Text(max=60)
    area_mu = fields.Amount()
    region = fields.Text(max=12)


class DeclaredProduct(Schema):
    id = fields.Identity()
    name = fields.Text(max=60)
    crop = fields.Code("crops")
    variety = fields.Text(max=60)


class Commitment(Schema):
    code = fields.Text(max=40)
    zh = fields.Text(max=300)
    en = fields.Text(max=300)


class DeclarationOut(Schema):
    id = fields.Identity()
    producer_id = fields.Identity()
    producer_name = fields.Text(max=80)
    producer_kind = fields.Code("producer_kinds")
    region = fields.Text(max=12)
    season = fields.Text(max=12)
    version = fields.Integer()
    previous_id = fields.Identity(allow_none=True)
    sites = fields.List(fields.Nested(DeclaredSite))
    products = fields.List(fields.Nested(DeclaredProduct))
    planned = fields.List(fields.Nested(Planned))
    commitments = fields.List(fields.Nested(Commitment))
    state = fields.Code("declaration_states")
    submitted_at = fields.Instant()
    submitted_by = fields.Text(max=80)
    decided_at = fields.Instant(allow_none=True)
    decided_by = fields.Text(max=80, allow_none=True)
    reason = fields.Text(max=500, allow_none=True)


class QueueQuery(PageQuery):
    region = fields.Text(max=12, min=2, validate=DIGITS)
    state = fields.Code("declaration_states", load_default="submitted")


class Decision(Schema):
    verdict = fields.Code("declaration_verdicts", required=True)
    reason = fields.Text(max=500, load_default="", metadata={"description": "退回时必填"})
