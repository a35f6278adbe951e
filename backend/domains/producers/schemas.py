"""Shapes of producers, their sites, products and declarations, and of an import's report."""

from typing import Any

from marshmallow import validate

from backend.http import errors, language
from backend.http.api import PageQuery, Schema, fields

PHONE = {"description": "中国大陆手机号或带区号的座机号"}
DIGITS = validate.Regexp(r"^[0-9]+$")


class Reason(Schema):
    reason = fields.Text(required=True, min=1, max=500)


class NewProducer(Schema):
    client_id = fields.ClientId(required=True)
    name = fields.Text(required=True, min=2, max=80)
    kind = fields.Code("producer_kinds", required=True)
    credit_code = fields.Text(max=40, metadata={"description": "统一社会信用代码", "example": "93620826MA7DEM0027"})
    person_id = fields.Text(
        max=40, load_only=True, metadata={"description": "居民身份证号,只保存加密摘要", "writeOnly": True}
    )
    region = fields.Text(
        required=True, min=9, max=12, metadata={"description": "乡镇 9 位或村 12 位代码", "example": "620602100"}
    )
    address = fields.Text(max=200)
    contact_name = fields.Text(max=40)
    contact_phone = fields.Text(required=True, max=40, metadata=PHONE)
    public_contact = fields.Boolean(metadata={"description": "true 时电话作为合格证的联系方式公开"})


class ProducerChanges(Schema):
    name = fields.Text(min=2, max=80)
    address = fields.Text(max=200)
    contact_name = fields.Text(max=40)
    contact_phone = fields.Text(max=40, metadata=PHONE)
    public_contact = fields.Boolean()


class StatusChangeOut(Schema):
    status = fields.Code("producer_states")
    reason = fields.Text(max=500)
    changed_by = fields.Text(max=80)
    changed_at = fields.Instant()


class ProducerOut(Schema):
    id = fields.Identity()
    name = fields.Text(max=80)
    kind = fields.Code("producer_kinds")
    region = fields.Text(max=12)
    address = fields.Text(max=200)
    contact_name = fields.Text(max=40)
    contact_phone = fields.Text(max=20, attribute="phone_masked", metadata={"description": "已隐去中间几位"})
    public_contact = fields.Boolean()
    identity_kind = fields.Text(max=20)
    identity = fields.Text(max=18, attribute="identity_shown", metadata={"description": "身份证号只显示前六位和后四位"})
    status = fields.Code("producer_states")
    history = fields.List(fields.Nested(StatusChangeOut))
    managed_by = fields.Identity(allow_none=True)
    version = fields.Integer()
    created_at = fields.Instant()


class ProducerQuery(PageQuery):
    region = fields.Text(max=12, min=2, validate=DIGITS)
    managed_by = fields.Identity()
    status = fields.Code("producer_states")


class ContactOut(Schema):
    name = fields.Text(max=40)
    phone = fields.Text(max=20)


class NewInvitation(Schema):
    role = fields.Text(max=40, load_default="farmer", validate=validate.OneOf(("farmer", "cooperative_manager")))


class InvitationOut(Schema):
    code = fields.Text(max=20)
    producer_id = fields.Identity()
    role = fields.Text(max=40)
    expires_at = fields.Instant()


class Geometry(Schema):
    type = fields.Text(required=True, max=20, validate=validate.OneOf(("Point", "Polygon")))
    coordinates = fields.Raw(
        required=True, metadata={"type": "array", "items": {}, "description": "GeoJSON, WGS 84, 先经度后纬度"}
    )


class NewSite(Schema):
    client_id = fields.ClientId(required=True)
    name = fields.Text(required=True, min=1, max=60)
    geometry = fields.Nested(Geometry, required=True)
    typed_area_mu = fields.Amount(metadata={"description": "填写的面积,亩;只标点时必填"})
    region = fields.Text(min=9, max=12)


class SiteChanges(Schema):
    name = fields.Text(min=1, max=60)
    geometry = fields.Nested(Geometry)
    typed_area_mu = fields.Amount()
    region = fields.Text(min=9, max=12)


class Warned(Schema):
    reason = fields.Text(max=60)
    message = fields.Text(max=300)


class SiteOut(Schema):
    id = fields.Identity()
    producer_id = fields.Identity()
    name = fields.Text(max=60)
    region = fields.Text(max=12)
    geometry = fields.Nested(Geometry)
    area_mu = fields.Amount()
    typed_area_mu = fields.Amount(allow_none=True)
    measured_area_mu = fields.Amount(allow_none=True)
    warnings = fields.Method("_warnings", metadata={"type": "array", "items": {"$ref": "#/components/schemas/Warned"}})
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


class VersionsQuery(PageQuery):
    subject_id = fields.Identity(required=True, metadata={"description": "主体、基地或产品的编号"})


class PastVersionOut(Schema):
    subject_id = fields.Identity()
    version = fields.Integer()
    was = fields.Method("_was", metadata={"type": "object"})
    replaced_by = fields.Text(max=80)
    replaced_at = fields.Instant()

    def _was(self, past: Any) -> dict[str, Any]:
        return {key: value for key, value in past.was.items() if not isinstance(value, bytes)}


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


class ImportQuery(Schema):
    commit = fields.Boolean(load_default=False, metadata={"description": "false 只检查,不保存"})
    skip_rejected = fields.Boolean(load_default=False, metadata={"description": "true 时跳过不合格的行"})


class ImportFile(Schema):
    file = fields.Upload(required=True, metadata={"description": "XLSX,不超过 2 MB、500 户"})


class ImportRowOut(Schema):
    number = fields.Integer(metadata={"description": "表格中的行号"})
    name = fields.Text(max=30)
    outcome = fields.Text(max=20, metadata={"enum": ["created", "duplicate", "rejected"]})
    producer_id = fields.Identity(allow_none=True)
    problem = fields.Method("_problem", metadata={"type": ["object", "null"]})

    def _problem(self, row: Any) -> dict[str, Any] | None:
        return None if row.problem is None else errors.describe(row.problem)


class ImportOut(Schema):
    committed = fields.Boolean(metadata={"description": "false 表示没有保存任何一户"})
    counts = fields.Dict(keys=fields.Text(max=20), values=fields.Integer())
    rows = fields.List(fields.Nested(ImportRowOut))
