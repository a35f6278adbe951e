"""Logging in: farmers by WeChat, staff by name and password with an optional authenticator."""

from datetime import timedelta
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from backend import gateways
from backend.base import clock, ids, store
from backend.base.actor import Actor
from backend.base.documents import Duplicate
from backend.base.errors import RuleBroken, TooMany, Unauthenticated
from backend.domains.accounts.models import Account, AccountKey, LoginFailures
from backend.domains.accounts.service.audit import note
from backend.domains.accounts.service.sessions import Tokens, as_actor, open_session

TOTP_STEP_SECONDS = 30
ISSUER = "LongTrace"


def hasher() -> PasswordHasher:
    """Argon2id at the cost that the settings ask for."""
    settings = gateways.current().settings
    return _hasher(settings.password_memory_kib, settings.password_passes)


@cache
def _hasher(memory_kib: int, passes: int) -> PasswordHasher:
    return PasswordHasher(time_cost=passes, memory_cost=memory_kib)


@cache
def _nobody(hashing: PasswordHasher) -> str:
    """What an unknown login is compared with, so that it takes as long as a known one."""
    return hashing.hash(ids.token())


def key_of(purpose: str, value: str) -> str:
    """The `_id` of an AccountKey: purpose is `login` or `wechat`."""
    return gateways.current().secrets.keyed_hash(purpose, value.strip().lower() if purpose == "login" else value)


def log_in_wechat(*, code: str, device_name: str = "") -> Tokens:
    """The WeChat account's person, made at their first login. The session_key stays inside the gateway."""
    identity = gateways.current().wechat.code_to_session(code)
    try:
        return store.transaction(lambda: _open_wechat(identity.openid, device_name))
    except Duplicate:  # the same person's first two requests at once
        return store.transaction(lambda: _open_wechat(identity.openid, device_name))


def _open_wechat(openid: str, device_name: str) -> Tokens:
    key = key_of("wechat", openid)
    claim = AccountKey.find_one({"_id": key})
    account = Account.find_one({"_id": claim.account_id}) if claim else _new_person(key, openid)
    if account is None or not account.active:
        raise Unauthenticated("account_inactive")
    note(as_actor(account), "session.begin", subjects=[account.id])
    return open_session(account, device_name)


def _new_person(key: str, openid: str) -> Account:
    account = Account(
        id=ids.token(16),
        kind="person",
        openid_sealed=gateways.current().secrets.seal("openid", openid),
        created_at=clock.now(),
    )
    AccountKey.insert([AccountKey(id=key, account_id=account.id)])
    Account.insert([account])
    return account


def log_in_staff(*, login: str, password: str, totp: str | None = None, device_name: str = "") -> Tokens:
    """Raises Unauthenticated `login_wrong` alike for a wrong password and an unknown name, and takes as long for both;
    TooMany `login_locked` after repeated failures of one name, known or not."""
    key = key_of("login", login)
    _refuse_locked(key)
    claim = AccountKey.find_one({"_id": key})
    account = Account.find_one({"_id": claim.account_id}) if claim else None
    if not _password_right(account, password) or account is None or not account.active:
        _count_failure(key)
        raise Unauthenticated("login_wrong")
    _check_totp(account, totp, key)
    LoginFailures.delete_many({"_id": key})
    note(as_actor(account), "session.begin", subjects=[account.id])
    return open_session(account, device_name)


def _password_right(account: Account | None, password: str) -> bool:
    stored = account.password_hash if account and account.password_hash else _nobody(hasher())
    try:
        right = hasher().verify(stored, password)
    except VerificationError:
        return False
    if account and hasher().check_needs_rehash(stored):  # the settings ask for another cost than then
        Account.update_one({"_id": account.id}, {"$set": {"password_hash": hasher().hash(password)}})
    return right


def _refuse_locked(key: str) -> None:
    failures = LoginFailures.find_one({"_id": key})
    if failures and failures.locked_until and failures.locked_until > clock.now():
        left = int((failures.locked_until - clock.now()).total_seconds())
        raise TooMany("login_locked", minutes=left // 60 + 1, retry_after=left + 1)


def _count_failure(key: str) -> None:
    settings = gateways.current().settings
    LoginFailures.update_one({"_id": key}, {"$inc": {"count": 1}}, upsert=True)
    until = clock.now() + timedelta(minutes=settings.lockout_minutes)
    LoginFailures.update_one(
        {"_id": key, "count": {"$gte": settings.lockout_failures}}, {"$set": {"count": 0, "locked_until": until}}
    )


def _check_totp(account: Account, code: str | None, key: str) -> None:
    if not account.totp_on:
        return
    if not code:
        raise Unauthenticated("totp_required", field="totp")
    if not _spend_totp(account, code):
        _count_failure(key)
        raise Unauthenticated("totp_wrong", field="totp")


def _spend_totp(account: Account, code: str) -> bool:
    """RFC 6238, one step of clock drift either way, each code good for one use."""
    totp = pyotp.TOTP(gateways.current().secrets.unseal("totp", bytes(account.totp_sealed)))
    step = int(clock.now().timestamp()) // TOTP_STEP_SECONDS
    for candidate in (step - 1, step, step + 1):
        if pyotp.utils.strings_equal(totp.generate_otp(candidate), code):
            return Account.update_one(
                {"_id": account.id, "totp_last_step": {"$lt": candidate}}, {"$set": {"totp_last_step": candidate}}
            )
    return False


def enrol_totp(actor: Actor) -> dict[str, str]:
    """A new authenticator secret, not yet in force. `uri` is for the authenticator's camera."""
    secret = pyotp.random_base32()
    sealed = gateways.current().secrets.seal("totp", secret)
    Account.update_one({"_id": actor.account_id, "totp_on": False}, {"$set": {"totp_sealed": sealed}})
    note(actor, "totp.enrol", subjects=[str(actor.account_id)])
    return {"secret": secret, "uri": pyotp.TOTP(secret).provisioning_uri(name=actor.name, issuer_name=ISSUER)}


def switch_totp_on(actor: Actor, *, totp: str) -> None:
    """Raises RuleBroken when nothing was enrolled, Unauthenticated when the code is wrong."""
    account = Account.find_one({"_id": actor.account_id})
    if account is None or not account.totp_sealed:
        raise RuleBroken("totp_not_started")
    if not _spend_totp(account, totp):
        raise Unauthenticated("totp_wrong", field="totp")
    Account.update_one({"_id": account.id}, {"$set": {"totp_on": True}})
    note(actor, "totp.on", subjects=[account.id])
