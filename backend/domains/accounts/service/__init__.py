"""Verbs of accounts, as other features and the routes call them."""

from backend.domains.accounts.service.audit import audit_page, note
from backend.domains.accounts.service.clients import (
    Issued,
    actor_from_bearer,
    client,
    client_actor,
    clients_of,
    maker_of,
    new_client,
    revoke_client,
    rotate_key,
)
from backend.domains.accounts.service.grants import grant, grants_of, new_staff
from backend.domains.accounts.service.invitations import INVITABLE, accept_invitation, invite, join_by_invitation
from backend.domains.accounts.service.leaving import check_may_close, close, own_data
from backend.domains.accounts.service.logins import enrol_totp, log_in_staff, log_in_wechat, switch_totp_on
from backend.domains.accounts.service.people import Holder, holders, openid_of, people_of
from backend.domains.accounts.service.regions import (
    check_region,
    import_villages,
    map_source,
    place_name,
    region,
    regions_under,
)
from backend.domains.accounts.service.sessions import (
    Tokens,
    actor_from_token,
    devices,
    log_out,
    me,
    refresh,
    revoke_device,
)

__all__ = [
    "INVITABLE",
    "Holder",
    "Issued",
    "Tokens",
    "accept_invitation",
    "actor_from_bearer",
    "actor_from_token",
    "audit_page",
    "check_may_close",
    "check_region",
    "client",
    "client_actor",
    "clients_of",
    "close",
    "devices",
    "enrol_totp",
    "grant",
    "grants_of",
    "holders",
    "import_villages",
    "invite",
    "join_by_invitation",
    "log_in_staff",
    "log_in_wechat",
    "log_out",
    "maker_of",
    "map_source",
    "me",
    "new_client",
    "new_staff",
    "note",
    "openid_of",
    "own_data",
    "people_of",
    "place_name",
    "refresh",
    "region",
    "regions_under",
    "revoke_client",
    "revoke_device",
    "rotate_key",
    "switch_totp_on",
]
