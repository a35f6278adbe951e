"""Shapes of producers themselves, of invitations and of what was said before a change."""

from typing import Any

from marshmallow import validate

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
        max=40, load_only=True, metadata={"description": "居民身份证号，只保存加密摘要", "writeOnly": True}
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
