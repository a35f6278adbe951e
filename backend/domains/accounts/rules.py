"""Pure rules of logging in: password strength, who may give which role, what a refresh token's fate is."""

from collections.abc import Collection
from datetime import datetime
from enum import Enum

from backend.base import vocab
from backend.base.actor import Actor, Grant
from backend.base.errors import Forbidden, RuleBroken

MIN_PASSWORD = 10
COMMON = {
    "1234567890",
    "0123456789",
    "password123",
    "qwertyuiop",
    "1111111111",
    "0987654321",
    "abcdefghij",
    "88888888888",
}
REUSE_GRACE_SECONDS = 60  # the answer to a refresh may be lost in a tunnel; the phone then repeats its old token


class Refresh(Enum):
    """What a presented refresh secret is: the current one, the one just replaced, or a stolen or stale one."""

    CURRENT = "current"
    JUST_REPLACED = "just_replaced"
    REUSED = "reused"


def check_password(password: str, login: str) -> None:
    """Raises RuleBroken `password_weak`."""
    lowered = password.lower()
    if len(password) < MIN_PASSWORD or lowered in COMMON or lowered == login.lower() or len(set(password)) < 4:
        raise RuleBroken("password_weak", field="password")


def granted(role: str, *, region: str | None = None, producer_id: str | None = None) -> Grant:
    """The grant of a role in a scope. Raises RuleBroken when the role is unknown or takes the other kind of scope."""
    roles = vocab.get("roles")
    if role not in roles:
        raise RuleBroken("role_scope_wrong", field="role")
    scope = roles[role]["scope"]
    if (scope == "region") != (region is not None) or (scope == "producer") != (producer_id is not None):
        raise RuleBroken("role_scope_wrong", field="role")
    return Grant(role, frozenset(roles[role]["permissions"]), region, producer_id)


def check_may_grant(actor: Actor, grant: Grant) -> None:
    """A role is given by whoever holds the permission that the role's data names, in a scope around the grant's."""
    needed = vocab.get("roles")[grant.role]["granted_by"]
    if not actor.may(needed, region=_as_region(grant.region), producer_id=grant.producer_id):
        raise Forbidden("forbidden", permission=needed)


def _as_region(prefix: str | None) -> str | None:
    """A prefix read back as a code: 62 → 620000, 6206 → 620600."""
    return prefix.ljust(6, "0") if prefix and len(prefix) < 6 else prefix


def judge_refresh(
    presented: str, current: str, previous: str | None, replaced_at: datetime | None, now: datetime
) -> Refresh:
    """Compares hashes (hex). A just-replaced secret is honoured once more for REUSE_GRACE_SECONDS."""
    if presented == current:
        return Refresh.CURRENT
    if previous == presented and replaced_at and (now - replaced_at).total_seconds() <= REUSE_GRACE_SECONDS:
        return Refresh.JUST_REPLACED
    return Refresh.REUSED


def check_client(actor: Actor, permissions: Collection[str], *, region: str, producer_id: str | None) -> None:
    """Whether the actor may give another system these permissions in this scope: what a machine may hold at all (the
    vocabulary says), and what the actor holds there. Raises RuleBroken `client_permission_of_people`,
    `client_permissions_wide`."""
    known = vocab.get("permissions")
    if of_people := sorted(word for word in permissions if not known[word].get("client")):
        raise RuleBroken("client_permission_of_people", field="permissions", permissions=", ".join(of_people))
    missing = sorted(word for word in permissions if not actor.may(word, region=region, producer_id=producer_id))
    if missing:
        raise RuleBroken("client_permissions_wide", field="permissions", permissions=", ".join(missing))
