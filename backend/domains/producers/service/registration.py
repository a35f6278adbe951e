"""Registering a producer, editing what may be edited, finding it again, and letting people in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend import gateways
from backend.base import clock, events, ids, store, vocab
from backend.base.actor import Actor, region_path, system
from backend.base.documents import Page, settled
from backend.base.errors import BadRequest, Conflict, Forbidden, NotFound
from backend.domains.accounts import service as accounts
from backend.domains.producers import rules
from backend.domains.producers.models import IdentityClaim, Producer, RegistrationClaim, StatusChange
from backend.domains.producers.service.doors import allowed, door, open_phone, seal_phone
from backend.domains.producers.service.edits import owned_producer, replace, who
from backend.domains.producers.service.news import ProducerRenamed

PUBLIC_FIELDS = {"name", "public_contact", "phone_sealed"}


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    phone: str


def identity_key(identity: rules.Identity) -> str:
    """The keyed hash under which an identity is unique: nobody reads the number back from the database."""
    return gateways.current().secrets.keyed_hash("producer-identity", identity.key)


def register(
    actor: Actor,
    *,
    client_id: str,
    name: str,
    kind: str,
    region: str,
    contact_phone: str,
    credit_code: str | None = None,
    person_id: str | None = None,
    address: str = "",
    contact_name: str = "",
    public_contact: bool = False,
) -> Producer:
    """A new producer; the account becomes its farmer or manager, the same `client_id` gives the same producer.

    Raises RuleBroken for numbers and places that cannot be, Conflict `credit_code_taken` or `person_taken` without
    saying by whom.
    """
    if not ids.CLIENT_ID.match(client_id):
        raise BadRequest("client_id_malformed", field="client_id")
    identity = rules.identity(kind, code=credit_code, person=person_id, today=clock.today())
    producer = new_producer(
        actor,
        identity,
        name=name,
        kind=kind,
        region=rules.place(region),
        phone=rules.phone(contact_phone),
        address=address,
        contact_name=contact_name,
        public_contact=public_contact,
    )
    claim = RegistrationClaim(id=f"{who(actor)}.{client_id}", producer_id=producer.id)
    return settled(lambda: _keep(actor, producer, claim, identity_key(identity)))


def new_producer(
    actor: Actor,
    identity: rules.Identity,
    *,
    name: str,
    kind: str,
    region: str,
    phone: str,
    address: str = "",
    contact_name: str = "",
    public_contact: bool = False,
    managed_by: str | None = None,
) -> Producer:
    """A producer that is not yet stored, from checked values."""
    moment = clock.now()
    return Producer(
        id=ids.producer_id(),
        name=name,
        kind=kind,
        region=region,
        region_path=region_path(region),
        address=address,
        contact_name=contact_name,
        phone_sealed=seal_phone(phone),
        phone_masked=rules.mask_phone(phone),
        public_contact=public_contact,
        identity_kind=identity.kind,
        identity_shown=identity.shown,
        status="registered",
        history=[StatusChange(status="registered", changed_by=who(actor), changed_at=moment)],
        managed_by=managed_by,
        created_by=who(actor),
        created_at=moment,
    )


def _keep(actor: Actor, producer: Producer, claim: RegistrationClaim, key: str) -> Producer:
    earlier = RegistrationClaim.find_one({"_id": claim.id})
    if earlier:
        return owned_producer(earlier.producer_id)
    if IdentityClaim.find_one({"_id": key}):
        raise Conflict(
            "credit_code_taken" if producer.identity_kind == "credit_code" else "person_taken",
            field=producer.identity_kind,
        )
    RegistrationClaim.insert([claim])
    IdentityClaim.insert([IdentityClaim(id=key, producer_id=producer.id, subject_id=producer.id)])
    Producer.insert([producer])
    if actor.account_id:
        role = str(vocab.get("producer_kinds")[producer.kind]["role"])
        accounts.grant(system("producers"), account_id=actor.account_id, role=role, producer_id=producer.id)
    accounts.note(actor, "producer.register", subjects=[producer.id], producer_id=producer.id, region=producer.region)
    return producer


def get(actor: Actor, producer_id: str) -> Producer:
    """Raises NotFound."""
    door(actor, producer_id, "producer:read")
    return owned_producer(producer_id)


def edit(actor: Actor, producer_id: str, *, expected_version: int, **changes: Any) -> Producer:
    """Change `name`, `address`, `contact_name`, `contact_phone` or `public_contact`; the old version is kept.

    Kind, identity and place are what was admitted and stay. Raises NotFound, StaleVersion, RuleBroken.
    """
    door(actor, producer_id, "producer:write")
    new = {key: value for key, value in changes.items() if key != "contact_phone"}
    if "contact_phone" in changes:
        number = rules.phone(changes["contact_phone"])
        new |= {"phone_sealed": seal_phone(number), "phone_masked": rules.mask_phone(number)}
    return store.transaction(lambda: _edit(actor, producer_id, expected_version, new))


def _edit(actor: Actor, producer_id: str, expected_version: int, new: Mapping[str, Any]) -> Producer:
    producer = owned_producer(producer_id)
    replace(actor, producer, key={"_id": producer_id}, expected_version=expected_version, changes=new)
    accounts.note(actor, "producer.edit", subjects=[producer_id], producer_id=producer_id, region=producer.region)
    if PUBLIC_FIELDS & set(new):
        events.publish(ProducerRenamed(producer_id))
    return owned_producer(producer_id)


def list_for(
    actor: Actor,
    *,
    region: str | None = None,
    managed_by: str | None = None,
    status: str | None = None,
    cursor: str | None = None,
    size: int = 50,
) -> Page[Producer]:
    """The producers of a region, those a cooperative manages, or (with neither) one's own. Raises NotFound."""
    if managed_by:
        door(actor, managed_by, "producer:read")
        return Producer.page({"managed_by": managed_by}, cursor=cursor, size=size)
    mine = actor.producers("producer:read")
    held = actor.regions("producer:read")
    if region is None and (mine or len(held) != 1):
        found = Producer.find({"_id": {"$in": list(mine)}}, limit=len(mine)) if mine else []
        return Page(sorted(found, key=lambda producer: producer.created_at, reverse=True))
    prefix = actor.region_of("producer:read", region)
    where = {"region_path": prefix, **({"status": status} if status else {})}
    return Producer.page(where, cursor=cursor, size=size)


def contact(actor: Actor, producer_id: str) -> Contact:
    """Name and full phone, for the producer's own people and for officers who may open it; opening is recorded."""
    producer = owned_producer(producer_id)
    row = {"_id": producer.id, "region": producer.region, "managed_by": producer.managed_by}
    if not (allowed(actor, row, "contact:open") or allowed(actor, row, "producer:write")):
        raise NotFound
    store.transaction(
        lambda: accounts.note(
            actor,
            "producer.contact_open",
            subjects=[producer.id],
            producer_id=producer.id,
            region=producer.region,
            protected=True,
        )
    )
    return Contact(producer.contact_name, open_phone(producer.phone_sealed))


def invite(actor: Actor, producer_id: str, *, role: str = "farmer") -> dict[str, Any]:
    """A code that binds one more person to the producer. Raises NotFound, Forbidden.

    Managers are only for cooperatives, and only a manager or an officer in charge lets another one in.
    """
    producer = door(actor, producer_id, "invitation:create")
    own_manager = actor.may("producer:import", producer_id=producer.id)
    officer = actor.may("invitation:create", region=producer.region)
    if role != "farmer" and not (producer.kind == "cooperative" and (own_manager or officer)):
        raise Forbidden("forbidden", permission="producer:import")
    return accounts.invite(actor, producer_id=producer.id, role=role)
