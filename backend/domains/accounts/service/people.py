"""Whom to tell: people by what they may do where, and the WeChat address of one."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend import gateways
from backend.base import vocab
from backend.domains.accounts.models import Account

MOST = 100


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a permission, and the region prefixes in which."""

    account_id: str
    regions: tuple[str, ...]


def people_of(producer_id: str, permission: str) -> tuple[str, ...]:
    """The producer's own people who hold a permission there, at most MOST."""
    rows = Account.rows({"grants.producer_id": producer_id, "active": True}, ("grants",), limit=MOST)
    roles = _roles(permission)
    return tuple(
        row["_id"]
        for row in rows
        if any(one.get("producer_id") == producer_id and one["role"] in roles for one in row["grants"])
    )


def holders(permission: str, *, after: str = "", size: int = MOST) -> Sequence[Holder]:
    """Those who hold a permission in a region, in the order of their ids, from `after` on."""
    roles = _roles(permission)
    where = {"grants.role": {"$in": sorted(roles)}, "_id": {"$gt": after}, "active": True}
    rows = Account.rows(where, ("grants",), limit=size, sort=[("_id", 1)])
    return [Holder(row["_id"], _regions(row["grants"], roles)) for row in rows]


def _regions(grants: Sequence[dict[str, str]], roles: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted({one["region"] for one in grants if one.get("region") and one["role"] in roles}))


def _roles(permission: str) -> frozenset[str]:
    return frozenset(role.code for role in vocab.get("roles") if permission in role["permissions"])


def openid_of(account_id: str) -> str | None:
    """Where WeChat finds this person; None for one who never logged in there. For the gateway only, never shown."""
    rows = Account.rows({"_id": account_id, "active": True}, ("openid_sealed",), limit=1)
    sealed = rows[0].get("openid_sealed") if rows else None
    return gateways.current().secrets.unseal("openid", bytes(sealed)) if sealed else None
