"""Other systems that come in: a client has a key, and the key is an Actor with exactly the client's permissions.

`ltk_` + the client's number + a secret: the number finds the client with one read, the secret is kept as a keyed hash.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend import gateways
from backend.base import clock, ids, store
from backend.base.actor import Actor, Grant, region_path
from backend.base.documents import Page
from backend.base.errors import BadRequest, NotFound, RuleBroken, Unauthenticated
from backend.domains.accounts import rules
from backend.domains.accounts.models import MAX_KEYS, ApiClient, ApiClientClaim, ApiKey
from backend.domains.accounts.service.audit import note
from backend.domains.accounts.service.sessions import actor_from_token

MARK = "ltk_"
ID_LENGTH, SECRET_LENGTH, SHOWN = 12, 32, 4  # 160 random bits, of which the list shows 20
CLIENT = "client"
MANAGE = "client:manage"
COARSE = timedelta(minutes=10)  # `used_at` is not written oftener


@dataclass(frozen=True, slots=True)
class Issued:
    """A client, and its new key in the only answer that ever carries it; None when a retry met what was there."""

    client: ApiClient
    key: str | None


def actor_from_bearer(token: str) -> Actor:
    """Whose a bearer token is: a person's access token or a client's key. Raises Unauthenticated; one database read."""
    return _actor_from_key(token) if token.startswith(MARK) else actor_from_token(token)


def _actor_from_key(key: str) -> Actor:
    found = ApiClient.find_one({"_id": key[len(MARK) : len(MARK) + ID_LENGTH]})
    moment = clock.now()
    if found is None or not _open(found, moment) or not _fits(found, key, moment):
        raise Unauthenticated("token_invalid")
    if found.used_at is None or moment - found.used_at >= COARSE:
        ApiClient.update_one({"_id": found.id, "used_at": found.used_at}, {"$set": {"used_at": moment}})
    return _as_actor(found)


def _open(found: ApiClient, moment: datetime) -> bool:
    return found.state == "active" and found.expires_at > moment


def _fits(found: ApiClient, key: str, moment: datetime) -> bool:
    """Every key is compared, and each in constant time."""
    given = _hash(key).encode()
    return any([hmac.compare_digest(one.hash.encode(), given) and one.until > moment for one in found.keys])  # noqa: C419


def _hash(key: str) -> str:
    return gateways.current().secrets.keyed_hash("api-key", key)


def _as_actor(found: ApiClient) -> Actor:
    scope = {"producer_id": found.producer_id} if found.producer_id else {"region": region_path(found.region)[-1]}
    grant = Grant(CLIENT, frozenset(found.permissions), **scope)
    return Actor(CLIENT, f"{CLIENT}:{found.id}", found.name, grants=(grant,), per_minute=found.per_minute)


def new_client(
    actor: Actor,
    *,
    client_id: str,
    name: str,
    holder: str,
    permissions: Sequence[str],
    region: str,
    producer_id: str | None,
    days: int,
    per_minute: int,
) -> Issued:
    """Let another system in, at most for what the actor may do there. `region` is the scope, or the producer's own.

    Raises NotFound elsewhere, RuleBroken `client_permission_of_people`, `client_permissions_wide`.
    """
    if not ids.CLIENT_ID.match(client_id):
        raise BadRequest("client_id_malformed", field="client_id")
    if not actor.may(MANAGE, region=region, producer_id=producer_id):
        raise NotFound
    rules.check_client(actor, permissions, region=region, producer_id=producer_id)
    moment = clock.now()
    made = ApiClient(
        id=ids.token(ID_LENGTH),
        name=name,
        holder=holder,
        permissions=sorted(set(permissions)),
        region=region,
        producer_id=producer_id,
        path=[*region_path(region), *([producer_id] if producer_id else [])],
        per_minute=per_minute,
        made_by=actor.account_id or actor.name,
        expires_at=moment + timedelta(days=days),
        created_at=moment,
    )
    return store.transaction(lambda: _keep(actor, made, f"{actor.account_id}.{client_id}"))


def _keep(actor: Actor, made: ApiClient, claim: str) -> Issued:
    earlier = ApiClientClaim.find_one({"_id": claim})
    if earlier is not None:
        return Issued(_stored(earlier.api_client_id), None)
    key, row = _new_key(made.id, made.created_at, made.expires_at)
    made.keys = [row]
    ApiClientClaim.insert([ApiClientClaim(id=claim, api_client_id=made.id)])
    ApiClient.insert([made])
    note(actor, "client.make", subjects=[made.id], producer_id=made.producer_id, region=made.region)
    return Issued(made, key)


def _new_key(api_client_id: str, moment: datetime, until: datetime) -> tuple[str, ApiKey]:
    key = f"{MARK}{api_client_id}{ids.token(SECRET_LENGTH)}"
    shown = key[: len(MARK) + ID_LENGTH + SHOWN]
    return key, ApiKey(hash=_hash(key), prefix=shown, made_at=moment, until=until)


def _stored(api_client_id: str) -> ApiClient:
    found = ApiClient.find_one({"_id": api_client_id})
    if found is None:
        raise NotFound
    return found


def client(actor: Actor, api_client_id: str, permission: str = MANAGE) -> ApiClient:
    """A client that the actor holds the permission over; also the client itself, if it has it. Raises NotFound."""
    found = _stored(api_client_id)
    over = actor.may(permission, region=found.region, producer_id=found.producer_id)
    itself = actor.account_id == f"{CLIENT}:{found.id}"
    if not (itself and permission in found.permissions if actor.kind == CLIENT else over):
        raise NotFound
    return found


def clients_of(
    actor: Actor, *, region: str, producer_id: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[ApiClient]:
    """The clients of a region, or of one producer in it, newest first. Raises NotFound."""
    if not actor.may(MANAGE, region=region, producer_id=producer_id):
        raise NotFound
    return ApiClient.page({"path": producer_id or region_path(region)[-1]}, cursor=cursor, size=size)


def client_actor(api_client_id: str) -> Actor | None:
    """For what is sent to a client and not asked for by it: who it is now; None when it is revoked or expired."""
    found = ApiClient.find_one({"_id": api_client_id})
    return _as_actor(found) if found is not None and _open(found, clock.now()) else None


def maker_of(api_client_id: str) -> str | None:
    """The account of whoever made the client, to be told what becomes of it."""
    rows = ApiClient.rows({"_id": api_client_id}, ("made_by",), limit=1)
    return str(rows[0]["made_by"]) if rows else None


def rotate_key(actor: Actor, *, api_client_id: str, overlap_hours: int) -> Issued:
    """A new key; those before it go on for `overlap_hours` and no longer than they would have. Of more than MAX_KEYS
    the oldest ends at once. A key in the hand opens what its client may see, so it is given as a new one is: to who
    holds all of it. Raises NotFound, RuleBroken `client_ended`, `client_permissions_wide`."""
    known = client(actor, api_client_id)
    rules.check_client(actor, known.permissions, region=known.region, producer_id=known.producer_id)
    return store.transaction(lambda: _rotate(actor, api_client_id, timedelta(hours=overlap_hours)))


def _rotate(actor: Actor, api_client_id: str, overlap: timedelta) -> Issued:
    known, moment = _stored(api_client_id), clock.now()
    if not _open(known, moment):
        raise RuleBroken("client_ended")
    key, row = _new_key(known.id, moment, known.expires_at)
    before = [_cut(one, moment + overlap) for one in known.keys if overlap and one.until > moment]
    keys = [one.to_mongo().to_dict() for one in [*before[-(MAX_KEYS - 1) :], row]]
    ApiClient.update_one({"_id": known.id, "state": "active"}, {"$set": {"keys": keys}})
    note(actor, "client.rotate", subjects=[known.id], producer_id=known.producer_id, region=known.region)
    return Issued(_stored(known.id), key)


def _cut(one: ApiKey, edge: datetime) -> ApiKey:
    return ApiKey(hash=one.hash, prefix=one.prefix, made_at=one.made_at, until=min(one.until, edge))


def revoke_client(actor: Actor, *, api_client_id: str, reason: str) -> ApiClient:
    """Its keys are worthless from the next request on; again is nothing new. Raises NotFound."""
    known = client(actor, api_client_id)
    if known.state == "active":
        store.transaction(lambda: _revoke(actor, known, reason))
    return _stored(known.id)


def _revoke(actor: Actor, known: ApiClient, reason: str) -> None:
    ApiClient.update_one({"_id": known.id}, {"$set": {"state": "revoked", "ended": reason, "keys": []}})
    note(actor, "client.revoke", subjects=[known.id], producer_id=known.producer_id, region=known.region)
