"""Verbs of the key list: who signs now, sign, change keys, and what a signature is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend import gateways
from backend.base import clock, events, store, vocab
from backend.base.actor import Actor, system
from backend.base.documents import MAX_FOUND, Duplicate
from backend.base.errors import NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.signing import rules
from backend.domains.signing.models import CurrentKey, SigningKey
from backend.gateways import keys
from backend.gateways.keys import jws
from backend.gateways.keys.algorithms import decode


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """A key as the world may know it. `jwk` holds the required members of RFC 7517 alone."""

    kid: str
    purpose: str
    alg: str
    jwk: Mapping[str, str]
    handle: str
    state: str
    since: datetime
    until: datetime | None = None
    revoked_at: datetime | None = None
    revoked_reason: str | None = None

    @property
    def raw(self) -> bytes:
        """The 32 bytes of an Ed25519 public key, as signed notes want them."""
        return decode(self.jwk["x"])


@dataclass(frozen=True)
class KeyRevoked(events.Event):
    kid: str


@dataclass(frozen=True, slots=True)
class Verified:
    """`verdict` is a word of `rules.judge`; `payload` is believed only when it is `good`."""

    verdict: str
    payload: bytes
    key: KeyFacts | None


def current(purpose: str) -> KeyFacts:
    """The key that signs for a purpose of `key_purposes`. The very first is made here: not inside a transaction,
    because a key in a file cannot be rolled back. Raises GatewayFailed."""
    pointer = CurrentKey.find_one({"_id": purpose})
    if pointer is None:
        if store.session() is not None:
            raise RuntimeError("the first key must be made outside of a transaction: call current() before it")
        return _replace(system("signing"), purpose, _algorithms(purpose)[0], old=None)
    return find(pointer.kid)


def find(kid: str) -> KeyFacts:
    """Raises NotFound."""
    row = SigningKey.find_one({"_id": kid})
    if row is None:
        raise NotFound
    return _facts(row)


def listed() -> list[KeyFacts]:
    """Every key that ever was, newest first in each purpose."""
    purposes = vocab.get("key_purposes").codes
    rows = [SigningKey.find({"purpose": one}, limit=MAX_FOUND, sort=[("since", -1)]) for one in purposes]
    return [_facts(row) for found in rows for row in found]


def published() -> dict[str, Any]:
    """The list as a JWK Set of JSON values, instants in China time; `as_of` is now."""
    return {"as_of": clock.local(clock.now()).isoformat(), "keys": [_told(key) for key in listed()]}


def _told(key: KeyFacts) -> dict[str, Any]:
    instants = {name: getattr(key, name) for name in ("since", "until", "revoked_at")}
    told = {name: clock.local(at).isoformat() if at else None for name, at in instants.items()}
    said = {name: getattr(key, name) for name in ("kid", "alg", "purpose", "state", "revoked_reason")}
    return {**key.jwk, "use": "sig", **said, **told}


def sign(key: KeyFacts, message: bytes) -> bytes:
    """The raw signature. Raises Unavailable when the private half is gone, GatewayFailed."""
    return gateways.current().keys.sign(key.handle, key.alg, message)


def sign_jws(key: KeyFacts, payload: bytes) -> str:
    """A compact JWS whose header holds `alg` and `kid` alone. Raises as `sign`."""
    message = jws.message_of({"alg": key.alg, "kid": key.kid}, payload)
    return jws.compact(message, sign(key, message))


def verify_jws(token: str, purpose: str, at: datetime) -> Verified:
    """What can be said of a token that claims to be signed at `at`. Raises ValueError when it is no JWS."""
    parsed = jws.parse(token)
    row = SigningKey.find_one({"_id": parsed.header["kid"]})
    if row is None:
        return Verified(rules.judge(None, purpose, at, False), parsed.payload, None)
    key = _facts(row)
    fits = parsed.header["alg"] == key.alg and keys.verify(key.alg, key.jwk, parsed.message, parsed.signature)
    standing = rules.Standing(key.purpose, key.since, key.until, key.revoked_at)
    return Verified(rules.judge(standing, purpose, at, fits), parsed.payload, key)


def rotate(actor: Actor, purpose: str, alg: str | None = None) -> KeyFacts:
    """A new current key, by the purpose's own algorithm unless another is named; the one before is retired and stays
    listed. Raises NotFound, RuleBroken `key_alg_not_for_purpose`."""
    known = _algorithms(purpose)
    alg = alg or known[0]
    if alg not in known:
        raise RuleBroken("key_alg_not_for_purpose", alg=alg, purpose=purpose)
    pointer = CurrentKey.find_one({"_id": purpose})
    return _replace(actor, purpose, alg, old=pointer.kid if pointer else None)


def revoke(actor: Actor, kid: str, reason: str) -> KeyFacts:
    """Nothing the key signed is believed any more. If it was the current one, a new one takes its place at once; its
    private half is destroyed. Raises NotFound, RuleBroken `key_already_revoked`."""
    key = find(kid)
    vocab.get("key_revocations")[reason]
    said = {"at": clock.now(), "reason": reason}
    if key.state == "current":
        _replace(actor, key.purpose, key.alg, old=kid)

    def mark() -> None:
        where = {"_id": kid, "state": {"$ne": "revoked"}}
        if not SigningKey.update_one(where, {"$set": {"state": "revoked", "revoked": said}}):
            raise RuleBroken("key_already_revoked", kid=kid)
        accounts.note(actor, "key.revoke", subjects=[kid])
        events.publish(KeyRevoked(kid))

    store.transaction(mark)
    gateways.current().keys.destroy(key.handle)
    return find(kid)


def _algorithms(purpose: str) -> list[str]:
    """What a purpose may use, its default first. Raises NotFound."""
    terms = vocab.get("key_purposes")
    if purpose not in terms:
        raise NotFound
    return list(terms[purpose]["algorithms"])


def _replace(actor: Actor, purpose: str, alg: str, *, old: str | None) -> KeyFacts:
    """Make a key and let it take the place of `old`; when somebody else did so first, theirs is the current one."""
    keeper = gateways.current().keys
    made = keeper.make(alg)
    try:
        won = store.transaction(lambda: _install(actor, purpose, made, old))
    except Duplicate:
        won = False
    if not won:
        keeper.destroy(made.handle)
        return current(purpose)
    return find(made.kid)


def _install(actor: Actor, purpose: str, made: keys.MadeKey, old: str | None) -> bool:
    moment = clock.now()
    if old is None:
        CurrentKey.insert([CurrentKey(id=purpose, kid=made.kid)])
    elif not CurrentKey.update_one({"_id": purpose, "kid": old}, {"$set": {"kid": made.kid}}):
        return False
    else:
        SigningKey.update_one({"_id": old, "state": "current"}, {"$set": {"state": "retired", "until": moment}})
    new: dict[str, Any] = {"id": made.kid, "alg": made.alg, "jwk": dict(made.jwk), "handle": made.handle}
    SigningKey.insert([SigningKey(**new, purpose=purpose, state="current", since=moment)])
    accounts.note(actor, "key.make", subjects=[made.kid, *([old] if old else [])])
    return True


def _facts(row: SigningKey) -> KeyFacts:
    revoked = row.revoked or {}
    return KeyFacts(
        kid=row.id,
        purpose=row.purpose,
        alg=row.alg,
        jwk=dict(row.jwk),
        handle=row.handle,
        state=row.state,
        since=row.since,
        until=row.until,
        revoked_at=revoked.get("at"),
        revoked_reason=revoked.get("reason"),
    )
