"""Sessions: a short signed access token, a rotating refresh token a device, and what makes both worthless."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from backend import gateways
from backend.base import clock, ids, vocab
from backend.base.actor import Actor, Grant
from backend.base.errors import NotFound, Unauthenticated
from backend.domains.accounts import rules
from backend.domains.accounts.models import MAX_DEVICES, Account, Device
from backend.domains.accounts.service.audit import note

ALGORITHM = "HS256"
AUDIENCE = "longtrace"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a login or a refresh gives. `expires_in` is the access token's life in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    account_id: str
    server_time: datetime


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def open_session(account: Account, device_name: str) -> Tokens:
    """A new device on the account; the one logged in longest ago goes when there are too many."""
    moment, secret, sid = clock.now(), ids.token(40), ids.token(16)
    device = Device(
        sid=sid,
        name=device_name,
        refresh_hash=_hash(secret),
        created_at=moment,
        seen_at=moment,
        expires_at=moment + timedelta(days=gateways.current().settings.refresh_days),
    )
    newest = {"$each": [device.to_mongo().to_dict()], "$slice": -MAX_DEVICES}
    Account.update_one({"_id": account.id}, {"$push": {"devices": newest}})
    return _tokens(account.id, sid, secret, moment)


def _tokens(account_id: str, sid: str, secret: str, moment: datetime) -> Tokens:
    settings = gateways.current().settings
    kid, key = settings.jwt_keys[0]
    life = settings.access_minutes * 60
    claims = {"sub": account_id, "sid": sid, "iat": moment, "exp": moment + timedelta(seconds=life), "aud": AUDIENCE}
    access = jwt.encode(claims, key, ALGORITHM, headers={"kid": kid})
    return Tokens(access, f"{account_id}.{sid}.{secret}", life, account_id, moment)


def actor_from_token(token: str) -> Actor:
    """The actor of an access token. Raises Unauthenticated for a forged, expired or revoked one; one database read."""
    claims = _claims(token)
    account = Account.find_one({"_id": claims["sub"]})
    if account is None or not account.active or not _device(account, claims["sid"]):
        raise Unauthenticated("token_invalid")
    return as_actor(account, claims["sid"])


def _claims(token: str) -> dict[str, Any]:
    keys = dict(gateways.current().settings.jwt_keys)
    try:
        key = keys[str(jwt.get_unverified_header(token).get("kid"))]
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require": ["sub", "sid", "exp"], "verify_exp": False, "verify_iat": False},
        )
    except (jwt.PyJWTError, KeyError) as error:
        raise Unauthenticated("token_invalid") from error
    if not isinstance(claims["exp"], int) or claims["exp"] <= clock.now().timestamp():
        raise Unauthenticated("token_invalid")
    return claims


def _device(account: Account, sid: str) -> Device | None:
    return next((device for device in account.devices if hmac.compare_digest(device.sid.encode(), sid.encode())), None)


def as_actor(account: Account, sid: str | None = None) -> Actor:
    everyone = frozenset(term.code for term in vocab.get("permissions") if term.get("everyone"))
    own = tuple(
        _grant(row.role, row.region, row.producer_id) for row in account.grants if row.role in vocab.get("roles")
    )
    return Actor(account.kind, account.id, account.name, sid, (Grant("everyone", everyone), *own))


def _grant(role: str, region: str | None, producer_id: str | None) -> Grant:
    return Grant(role, frozenset(vocab.get("roles")[role]["permissions"]), region, producer_id)


def refresh(*, refresh_token: str) -> Tokens:
    """Exchange a refresh token for new ones. A replayed one logs its device out: the thief and the owner alike."""
    account, device, secret = _presented(refresh_token)
    moment = clock.now()
    fate = rules.judge_refresh(_hash(secret), device.refresh_hash, device.previous_hash, device.replaced_at, moment)
    if fate is rules.Refresh.REUSED:
        _drop(account.id, device.sid)
        note(as_actor(account), "session.reuse_detected", subjects=[device.sid])
        raise Unauthenticated("refresh_invalid")
    return _rotate(account, device, moment)


def _presented(refresh_token: str) -> tuple[Account, Device, str]:
    account_id, _, rest = refresh_token.partition(".")
    sid, _, secret = rest.partition(".")
    account = Account.find_one({"_id": account_id})
    device = _device(account, sid) if account else None
    if account is None or device is None or not account.active or device.expires_at <= clock.now() or not secret:
        raise Unauthenticated("refresh_invalid")
    return account, device, secret


def _rotate(account: Account, device: Device, moment: datetime) -> Tokens:
    secret = ids.token(40)
    changed = Account.update_one(
        {"_id": account.id, "devices": {"$elemMatch": {"sid": device.sid, "refresh_hash": device.refresh_hash}}},
        {
            "$set": {
                "devices.$.refresh_hash": _hash(secret),
                "devices.$.previous_hash": device.refresh_hash,
                "devices.$.replaced_at": moment,
                "devices.$.seen_at": moment,
                "devices.$.expires_at": moment + timedelta(days=gateways.current().settings.refresh_days),
            }
        },
    )
    if not changed:  # two refreshes at once: one won, this one may simply ask again
        raise Unauthenticated("refresh_invalid")
    return _tokens(account.id, device.sid, secret, moment)


def _drop(account_id: str, sid: str) -> None:
    Account.update_one({"_id": account_id}, {"$pull": {"devices": {"sid": sid}}})


def log_out(actor: Actor) -> None:
    """End this device's session; its tokens are worthless at once."""
    _drop(str(actor.account_id), str(actor.session_id))
    note(actor, "session.end", subjects=[str(actor.session_id)])


def devices(actor: Actor) -> list[dict[str, Any]]:
    """The actor's own logged-in devices, newest first; `current` marks the asking one."""
    account = _own(actor)
    rows = sorted(account.devices, key=lambda device: device.seen_at, reverse=True)
    return [
        {
            "id": d.sid,
            "name": d.name,
            "created_at": d.created_at,
            "seen_at": d.seen_at,
            "current": d.sid == actor.session_id,
        }
        for d in rows
    ]


def revoke_device(actor: Actor, *, device_id: str) -> None:
    """Raises NotFound for a device that is not the actor's."""
    if _device(_own(actor), device_id) is None:
        raise NotFound
    _drop(str(actor.account_id), device_id)
    note(actor, "session.revoke", subjects=[device_id])


def _own(actor: Actor) -> Account:
    account = Account.find_one({"_id": actor.account_id})
    if account is None:
        raise Unauthenticated("token_invalid")
    return account


def me(actor: Actor) -> dict[str, Any]:
    """The actor as they see themselves: name, roles with scopes, permissions."""
    grants = [
        {
            "role": g.role,
            "role_zh": vocab.label("roles", g.role),
            "region": g.region,
            "producer_id": g.producer_id,
            "permissions": sorted(g.permissions),
        }
        for g in actor.grants
        if g.role != "everyone"
    ]
    return {
        "id": actor.account_id,
        "kind": actor.kind,
        "name": actor.name,
        "grants": grants,
        "server_time": clock.now(),
    }
