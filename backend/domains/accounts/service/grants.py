"""Giving roles, and making staff accounts."""

from collections.abc import Sequence
from typing import Any

from backend.base import clock, ids, store
from backend.base.actor import Actor, Grant, region_prefix
from backend.base.documents import Duplicate
from backend.base.errors import Conflict, NotFound, RuleBroken
from backend.domains.accounts import rules
from backend.domains.accounts.models import MAX_GRANTS, Account, AccountKey, GrantRow
from backend.domains.accounts.service.audit import note
from backend.domains.accounts.service.logins import hasher, key_of
from backend.domains.accounts.service.regions import check_region

EVERY_LEVEL = ("province", "city", "county", "township", "village")


def _checked(role: str, region: str | None, producer_id: str | None) -> Grant:
    if region is not None:
        check_region(region, levels=EVERY_LEVEL)
    return rules.granted(role, region=region_prefix(region) if region else None, producer_id=producer_id)


def grant(
    actor: Actor, *, account_id: str, role: str, region: str | None = None, producer_id: str | None = None
) -> None:
    """Give an account a role in a scope (twice is once). Raises Forbidden, NotFound, RuleBroken."""
    given = _checked(role, region, producer_id)
    rules.check_may_grant(actor, given)
    row = _row(actor, given)
    same = {"role": given.role, "region": given.region, "producer_id": given.producer_id}
    wanted = {key: value for key, value in same.items() if value is not None}
    if not Account.update_one(
        {"_id": account_id, "grants": {"$not": {"$elemMatch": wanted}}, f"grants.{MAX_GRANTS - 1}": {"$exists": False}},
        {"$push": {"grants": row.to_mongo().to_dict()}},
    ):
        _explain(account_id, wanted)
        return
    note(actor, "account.grant", subjects=[account_id], producer_id=producer_id, region=region)


def _explain(account_id: str, wanted: dict[str, Any]) -> None:
    account = Account.find_one({"_id": account_id})
    if account is None:
        raise NotFound
    if not any(all(row[key] == value for key, value in wanted.items()) for row in account.grants):
        raise RuleBroken("too_many_grants")


def _row(actor: Actor, given: Grant) -> GrantRow:
    return GrantRow(
        role=given.role,
        region=given.region,
        producer_id=given.producer_id,
        granted_by=actor.account_id or actor.name,
        granted_at=clock.now(),
    )


def grants_of(account_id: str) -> list[GrantRow]:
    account = Account.find_one({"_id": account_id})
    return list(account.grants) if account else []


def new_staff(actor: Actor, *, login: str, password: str, name: str, roles: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A staff account with roles (`role`, `region`). Raises Conflict `login_taken`, RuleBroken `password_weak`."""
    rules.check_password(password, login)
    given = [_checked(row["role"], row.get("region"), None) for row in roles]
    for one in given:
        rules.check_may_grant(actor, one)
    hashed = hasher().hash(password)
    try:
        return store.transaction(lambda: _make(actor, login.strip(), hashed, name, given))
    except Duplicate as taken:
        raise Conflict("login_taken", field="login") from taken


def _make(actor: Actor, login: str, hashed: str, name: str, given: Sequence[Grant]) -> dict[str, Any]:
    account = Account(
        id=ids.token(16),
        kind="staff",
        name=name,
        login=login,
        password_hash=hashed,
        grants=[_row(actor, one) for one in given],
        created_at=clock.now(),
    )
    AccountKey.insert([AccountKey(id=key_of("login", login), account_id=account.id)])
    Account.insert([account])
    note(actor, "account.create", subjects=[account.id], region=next((g.region for g in given if g.region), None))
    return {"id": account.id, "login": login, "name": name}
