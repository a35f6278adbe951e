"""The scoped door to a producer: everything that belongs to one is reached through here, in one database command."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend import gateways
from backend.base import ids
from backend.base.actor import Actor
from backend.base.documents import MAX_FOUND
from backend.base.errors import Forbidden, NotFound
from backend.domains.producers import rules
from backend.domains.producers.models import Producer

PHONE = "producer-phone"


@dataclass(frozen=True, slots=True)
class ProducerFacts:
    """What the features above may know. `public_name` and `contact_public` are what strangers may see;
    `contact_sealed` is for freezing with a certificate, which on paper names its subject in full."""

    id: str
    name: str
    kind: str
    region: str
    region_path: tuple[str, ...]
    status: str
    public_name: str
    contact_name: str
    contact_masked: str
    public_contact: bool
    contact_public: str
    contact_sealed: bytes
    identity_kind: str
    identity_shown: str
    managed_by: str | None


def door(actor: Actor, producer_id: str, permission: str) -> ProducerFacts:
    """The producer, if the actor holds the permission on it, on its region, or on the cooperative that manages it.

    Raises NotFound otherwise: that a producer exists is not for strangers to know.
    """
    row = _row(producer_id)
    if not allowed(actor, row, permission):
        raise NotFound
    return facts_of(row)


def facts(producer_id: str) -> ProducerFacts:
    """For event handlers, which act for nobody. Raises NotFound."""
    return facts_of(_row(producer_id))


def reading_door(actor: Actor, producer_id: str) -> ProducerFacts:
    """To what people said, signed and photographed for each other: a client's key does not open it, whatever else of
    the producer it may see. Raises Forbidden `people_only`, NotFound."""
    if actor.kind == "client":
        raise Forbidden("people_only")
    return door(actor, producer_id, "producer:read")


@dataclass(frozen=True, slots=True)
class Named:
    id: str
    name: str
    kind: str
    region: str


def names(producer_ids: Sequence[str]) -> list[Named]:
    """For people who belong to them: what these producers are called, with one command; unknown ones are left out."""
    if not producer_ids:
        return []
    where = {"_id": {"$in": list(producer_ids)}}
    rows = Producer.rows(where, ("name", "kind", "region"), limit=len(producer_ids))
    return [Named(row["_id"], row["name"], row["kind"], row["region"]) for row in rows]


@dataclass(frozen=True, slots=True)
class Visible:
    """A producer and whether somebody holds a permission on it; `public_name` is for those who do not."""

    id: str
    name: str
    public_name: str
    region: str
    allowed: bool


def visible(actor: Actor, producer_ids: Sequence[str], permission: str) -> dict[str, Visible]:
    """Of these producers, which the actor may do this to; one command a thousand. Unknown ones are left out."""
    found = {}
    for start in range(0, len(producer_ids), MAX_FOUND):
        some = list(producer_ids[start : start + MAX_FOUND])
        for row in Producer.rows({"_id": {"$in": some}}, {"history": 0}, limit=len(some)):
            known = facts_of(row)
            may = allowed(actor, row, permission)
            found[known.id] = Visible(known.id, known.name, known.public_name, known.region, may)
    return found


def allowed(actor: Actor, row: Mapping[str, Any], permission: str) -> bool:
    """Whether the actor may do this to the stored producer `row`."""
    if actor.may(permission, region=row["region"], producer_id=row["_id"]):
        return True
    manager = row.get("managed_by")
    return manager is not None and actor.may(permission, producer_id=manager)


def _row(producer_id: str) -> dict[str, Any]:
    if len(producer_id) != ids.PRODUCER_ID_LENGTH:
        raise NotFound
    found = Producer.rows({"_id": producer_id}, {"history": 0}, limit=1)
    if not found:
        raise NotFound
    return found[0]


def facts_of(row: Mapping[str, Any]) -> ProducerFacts:
    return ProducerFacts(
        id=row["_id"],
        name=row["name"],
        kind=row["kind"],
        region=row["region"],
        region_path=tuple(row["region_path"]),
        status=row["status"],
        public_name=rules.public_name(row["name"], kind=row["kind"], identity_kind=row["identity_kind"]),
        contact_name=row.get("contact_name", ""),
        contact_masked=row["phone_masked"],
        public_contact=row.get("public_contact", False),
        contact_public=_public_phone(row),
        contact_sealed=bytes(row["phone_sealed"]),
        identity_kind=row["identity_kind"],
        identity_shown=row["identity_shown"],
        managed_by=row.get("managed_by"),
    )


def _public_phone(row: Mapping[str, Any]) -> str:
    """The certificate's 联系方式: in full only where the producer chose to publish it."""
    return open_phone(row["phone_sealed"]) if row.get("public_contact") else row["phone_masked"]


def seal_phone(number: str) -> bytes:
    return gateways.current().secrets.seal(PHONE, number)


def open_phone(sealed: bytes) -> str:
    return gateways.current().secrets.unseal(PHONE, bytes(sealed))
