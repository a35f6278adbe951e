"""A copy of what an account holds, and its end: the document, its keys and with them every session are gone."""

from typing import Any

from backend import gateways
from backend.base import vocab
from backend.base.actor import Actor
from backend.base.errors import RuleBroken, Unauthenticated
from backend.domains.accounts.models import Account, AccountKey, AuditLine, GrantRow
from backend.domains.accounts.service.audit import note
from backend.domains.accounts.service.logins import key_of

CHUNK = 500
MOST_ACTS = 1000


def own_data(actor: Actor) -> dict[str, Any]:
    """`profile`, `roles`, `devices` and `acts`: the newest MOST_ACTS audit lines of what the actor did."""
    account = _account(actor)
    profile = {
        "id": account.id,
        "kind": account.kind,
        "name": account.name,
        "login": account.login,
        "wechat": bool(account.openid_sealed),
        "authenticator": account.totp_on,
        "created_at": account.created_at,
    }
    acts = _acts(account.id)
    note(actor, "account.export", subjects=[account.id], protected=True)
    return {"profile": profile, "roles": [_role(row) for row in account.grants], "devices": account.devices,
            "acts": acts}  # fmt: skip


def _account(actor: Actor) -> Account:
    account = Account.find_one({"_id": actor.account_id})
    if account is None:
        raise Unauthenticated("token_invalid")
    return account


def _role(row: GrantRow) -> dict[str, Any]:
    kept = {name: row[name] for name in ("role", "region", "producer_id", "granted_at")}
    return {**kept, "role_zh": vocab.label("roles", row.role)}


def _acts(account_id: str) -> dict[str, Any]:
    found: list[AuditLine] = []
    cursor = None
    for _ in range(MOST_ACTS // CHUNK):
        page = AuditLine.page({"actor_id": account_id}, cursor=cursor, size=CHUNK)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    return {"items": found, "truncated": cursor is not None}


def check_may_close(actor: Actor) -> None:
    """Raises RuleBroken `staff_account`: those belong to an office, which closes them."""
    if actor.kind != "person":
        raise RuleBroken("staff_account")


def close(actor: Actor) -> None:
    """In the caller's transaction. Nothing of the person is left but the account's number in the audit trail; the same
    WeChat identity makes a new account afterwards."""
    check_may_close(actor)
    account = _account(actor)
    if account.openid_sealed:
        openid = gateways.current().secrets.unseal("openid", bytes(account.openid_sealed))
        AccountKey.delete_many({"_id": key_of("wechat", openid)})
    Account.delete_many({"_id": account.id})
    note(actor, "account.delete", subjects=[account.id])
