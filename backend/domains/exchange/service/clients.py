"""API clients as people manage them: the scope is settled here, where producers are known; identity is accounts'."""

from collections.abc import Sequence
from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.base.errors import RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.producers import service as producers


def new_client(
    actor: Actor,
    *,
    client_id: str,
    name: str,
    holder: str,
    permissions: Sequence[str],
    days: int,
    per_minute: int,
    region: str | None = None,
    producer_id: str | None = None,
) -> accounts.Issued:
    """Let another system in, for a region or for one producer. The key is in this answer and never again.

    Raises NotFound, RuleBroken `client_scope_wrong`, `region_unknown` and as `accounts.new_client`.
    """
    return accounts.new_client(
        actor,
        client_id=client_id,
        name=name,
        holder=holder,
        permissions=permissions,
        region=_place(region, producer_id),
        producer_id=producer_id,
        days=days,
        per_minute=per_minute,
    )


def _place(region: str | None, producer_id: str | None) -> str:
    if (region is None) == (producer_id is None):
        raise RuleBroken("client_scope_wrong", field="region")
    if producer_id is not None:
        return producers.facts(producer_id).region
    return accounts.check_region(str(region), levels=("province", "city", "county", "township")).code


def clients_of(
    actor: Actor,
    *,
    region: str | None = None,
    producer_id: str | None = None,
    cursor: str | None = None,
    size: int = 50,
) -> Page[Any]:
    """The clients of a region or of a producer, newest first. Raises NotFound, RuleBroken."""
    place = _place(region, producer_id)
    return accounts.clients_of(actor, region=place, producer_id=producer_id, cursor=cursor, size=size)


def client(actor: Actor, api_client_id: str) -> Any:
    """Raises NotFound."""
    return accounts.client(actor, api_client_id)


def rotate_key(actor: Actor, *, api_client_id: str, overlap_hours: int) -> accounts.Issued:
    """A new key. Raises NotFound, RuleBroken `client_ended`."""
    return accounts.rotate_key(actor, api_client_id=api_client_id, overlap_hours=overlap_hours)


def revoke_client(actor: Actor, *, api_client_id: str, reason: str) -> Any:
    """Shut it out at once; what was still to be sent to it stays unsent. Raises NotFound."""
    return accounts.revoke_client(actor, api_client_id=api_client_id, reason=reason)
