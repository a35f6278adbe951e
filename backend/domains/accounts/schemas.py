"""Shapes of logging in, devices, roles, regions and the audit trail."""

from backend.http.api import PageQuery, Schema, fields


class WeChatLogin(Schema):
    code = fields.Text(required=True, min=1, max=128, metadata={"description": "What wx.login gave"})
    device_name = fields.Text(max=80, load_default="")


class StaffLogin(Schema):
    login = fields.Text(required=True, min=1, max=64)
    password = fields.Text(required=True, min=1, max=128, metadata={"format": "password"})
    totp = fields.Text(max=8, load_default=None, allow_none=True)
    device_name = fields.Text(max=80, load_default="")


class InvitationLogin(Schema):
    code = fields.Text(required=True, min=1, max=32)
    name = fields.Text(required=True, min=1, max=40)
    device_name = fields.Text(max=80, load_default="")


class InvitationCode(Schema):
    code = fields.Text(required=True, min=1, max=32)


class RefreshIn(Schema):
    refresh_token = fields.Text(required=True, min=1, max=200)


class TokensOut(Schema):
    access_token = fields.Text(max=4096)
    refresh_token = fields.Text(max=200)
    token_type = fields.Constant("Bearer")
    expires_in = fields.Integer(metadata={"description": "seconds"})
    account_id = fields.Identity()
    server_time = fields.Instant(metadata={"description": "so that a phone notices a wrong clock"})


class BindingOut(Schema):
    producer_id = fields.Identity()
    role = fields.Text()


class DeviceOut(Schema):
    id = fields.Identity()
    name = fields.Text()
    created_at = fields.Instant()
    seen_at = fields.Instant()
    current = fields.Boolean()


class DevicesOut(Schema):
    items = fields.List(fields.Nested(DeviceOut))


class GrantOut(Schema):
    role = fields.Text()
    role_zh = fields.Text()
    region = fields.Text(allow_none=True)
    producer_id = fields.Text(allow_none=True)
    permissions = fields.List(fields.Text())


class MeOut(Schema):
    id = fields.Identity()
    kind = fields.Text()
    name = fields.Text()
    grants = fields.List(fields.Nested(GrantOut))
    server_time = fields.Instant()


class TotpOut(Schema):
    secret = fields.Text()
    uri = fields.Text(max=400)


class TotpCode(Schema):
    totp = fields.Text(required=True, min=6, max=8)


class StaffRole(Schema):
    role = fields.Code("roles", required=True)
    region = fields.Text(required=True, min=6, max=12)


class NewStaff(Schema):
    login = fields.Text(required=True, min=3, max=64)
    password = fields.Text(required=True, min=1, max=128, metadata={"format": "password"})
    name = fields.Text(required=True, min=1, max=40)
    roles = fields.List(fields.Nested(StaffRole), required=True, min=1, max=10)


class StaffOut(Schema):
    id = fields.Identity()
    login = fields.Text()
    name = fields.Text()


class RegionOut(Schema):
    code = fields.Text()
    name = fields.Text()
    level = fields.Text()
    parent = fields.Text(allow_none=True)


class RegionsQuery(Schema):
    parent = fields.Text(load_default="620000", max=12)


class RegionsOut(Schema):
    items = fields.List(fields.Nested(RegionOut), max=2000)


class MapOut(Schema):
    tiles = fields.Text(allow_none=True, metadata={"description": "with {z}, {x} and {y}; web Mercator, WGS 84"})
    credit = fields.Text(metadata={"description": "whose map it is, with its 审图号; stands under it"})


class AuditQuery(PageQuery):
    region = fields.Text(required=True, min=6, max=12)
    producer_id = fields.Text(load_default=None, max=10)


class AuditOut(Schema):
    id = fields.Identity()
    created_at = fields.Instant()
    actor_kind = fields.Text()
    actor_id = fields.Text()
    action = fields.Text()
    subjects = fields.List(fields.Text(), max=500)
    producer_id = fields.Text(allow_none=True)
    protected = fields.Boolean()
    request_id = fields.Text(allow_none=True)
