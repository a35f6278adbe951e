"""Endpoints of logging in, devices, staff accounts, regions and the audit trail."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.accounts import schemas
from backend.domains.accounts import service as accounts
from backend.http import limits
from backend.http.api import LOGGED_IN, PUBLIC, Blueprint, Limit, page_of

blueprint = Blueprint("accounts", description="登录、设备、角色、行政区划与审计")
PER_ADDRESS = Limit("120 per minute", limits.by_address)  # a training room of thirty behind one address is fine


@blueprint.post("/auth/wechat", needs=PUBLIC, takes=schemas.WeChatLogin, gives=schemas.TokensOut, limits=(PER_ADDRESS,))
def log_in_wechat(_actor: Actor, data: dict[str, Any]) -> accounts.Tokens:
    """Log in with what wx.login gave; the first time makes the account."""
    return accounts.log_in_wechat(**data)


@blueprint.post(
    "/auth/staff",
    needs=PUBLIC,
    takes=schemas.StaffLogin,
    gives=schemas.TokensOut,
    limits=(PER_ADDRESS, Limit("20 per minute", limits.by_body("login"))),
)
def log_in_staff(_actor: Actor, data: dict[str, Any]) -> accounts.Tokens:
    """Log in with name and password, and the authenticator's code where it is switched on."""
    return accounts.log_in_staff(**data)


@blueprint.post(
    "/auth/invitation",
    needs=PUBLIC,
    takes=schemas.InvitationLogin,
    gives=schemas.TokensOut,
    limits=(Limit("30 per minute", limits.by_address),),
)
def join_by_invitation(_actor: Actor, data: dict[str, Any]) -> accounts.Tokens:
    """Log in outside WeChat with an invitation code."""
    return accounts.join_by_invitation(**data)


@blueprint.post("/auth/refresh", needs=PUBLIC, takes=schemas.RefreshIn, gives=schemas.TokensOut, limits=(PER_ADDRESS,))
def refresh(_actor: Actor, data: dict[str, Any]) -> accounts.Tokens:
    """Exchange a refresh token for new tokens; the old one is spent."""
    return accounts.refresh(**data)


@blueprint.post("/auth/logout", needs=LOGGED_IN, status=204)
def log_out(actor: Actor) -> None:
    """End this device's session."""
    accounts.log_out(actor)


@blueprint.get("/auth/devices", needs=LOGGED_IN, gives=schemas.DevicesOut)
def list_devices(actor: Actor) -> dict[str, Any]:
    """The devices that are logged in as you."""
    return {"items": accounts.devices(actor)}


@blueprint.delete("/auth/devices/<device_id>", needs=LOGGED_IN, status=204)
def revoke_device(actor: Actor, device_id: str) -> None:
    """Log one of your devices out."""
    accounts.revoke_device(actor, device_id=device_id)


@blueprint.post("/auth/totp", needs=LOGGED_IN, gives=schemas.TotpOut)
def enrol_totp(actor: Actor) -> dict[str, str]:
    """A new authenticator secret; it takes effect when a code of it is confirmed."""
    return accounts.enrol_totp(actor)


@blueprint.post("/auth/totp/confirmation", needs=LOGGED_IN, takes=schemas.TotpCode, status=204)
def switch_totp_on(actor: Actor, data: dict[str, Any]) -> None:
    """Switch the authenticator on."""
    accounts.switch_totp_on(actor, **data)


@blueprint.post(
    "/invitations/acceptance",
    needs=LOGGED_IN,
    takes=schemas.InvitationCode,
    gives=schemas.BindingOut,
    limits=(Limit("10 per minute", limits.by_bearer),),
)
def accept_invitation(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Join a producer with the code its manager or an officer gave you."""
    return accounts.accept_invitation(actor, **data)


@blueprint.get("/me", needs=LOGGED_IN, gives=schemas.MeOut)
def me(actor: Actor) -> dict[str, Any]:
    """Who you are and what you may do where."""
    return accounts.me(actor)


@blueprint.post("/accounts", needs="account:manage", takes=schemas.NewStaff, gives=schemas.StaffOut, status=201)
def new_staff(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Make a staff account with roles in regions you manage."""
    return accounts.new_staff(actor, **data)


@blueprint.get("/regions", needs=PUBLIC, query=schemas.RegionsQuery, gives=schemas.RegionsOut)
def list_regions(_actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """The places right below one."""
    return {"items": accounts.regions_under(query["parent"])}


@blueprint.get("/regions/<code>", needs=PUBLIC, gives=schemas.RegionOut)
def get_region(_actor: Actor, code: str) -> Any:
    """One place by its code (GB/T 2260, 9-digit township, 12-digit village)."""
    return accounts.region(code)


@blueprint.get("/map", needs=PUBLIC, gives=schemas.MapOut)
def get_map(_actor: Actor) -> dict[str, Any]:
    """Where tiles of a map are, if the operator has a server of them; phones ask there by a tap alone."""
    return accounts.map_source()


@blueprint.get("/audit", needs="audit:read", query=schemas.AuditQuery, gives=page_of(schemas.AuditOut))
def read_audit(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """Who did what in a region; reading it is recorded too."""
    return accounts.audit_page(actor, **query)
