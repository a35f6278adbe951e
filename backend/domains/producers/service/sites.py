"""Sites 基地/地块: new ones, edits, and what the features above ask of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backend.base import clock, ids, store
from backend.base.actor import Actor
from backend.base.documents import Page, settled
from backend.base.errors import NotFound
from backend.domains.accounts import service as accounts
from backend.domains.producers import rules
from backend.domains.producers.models import Site
from backend.domains.producers.service.doors import ProducerFacts, door
from backend.domains.producers.service.edits import owned, replace


@dataclass(frozen=True, slots=True)
class SiteFacts:
    id: str
    name: str
    area_mu: Decimal
    region: str


def new_site(
    actor: Actor,
    producer_id: str,
    *,
    client_id: str,
    name: str,
    geometry: Mapping[str, Any],
    typed_area_mu: Decimal | None = None,
    region: str | None = None,
) -> Site:
    """A site with its measured area; `area_differs` warns of a typed one a fifth off. Raises NotFound, RuleBroken."""
    producer = door(actor, producer_id, "producer:write")
    land = rules.land(geometry, typed_mu=typed_area_mu)
    site = Site(
        id=ids.owned(producer.id, client_id),
        producer_id=producer.id,
        name=name,
        region=rules.place(region) if region else producer.region,
        created_at=clock.now(),
        **_measures(land, typed_area_mu),
    )
    return settled(lambda: _keep(actor, producer, site))


def _measures(land: rules.Land, typed: Decimal | None) -> dict[str, Any]:
    return {
        "geometry": land.geometry,
        "area_mu": str(land.area_mu),
        "typed_area_mu": None if typed is None else str(typed),
        "measured_area_mu": None if land.measured_mu is None else str(land.measured_mu),
        "area_differs": land.area_differs,
    }


def _keep(actor: Actor, producer: ProducerFacts, site: Site) -> Site:
    existing = Site.find_one({"_id": site.id, "producer_id": producer.id})
    if existing:
        return existing
    Site.insert([site])
    accounts.note(actor, "site.create", subjects=[site.id], producer_id=producer.id, region=producer.region)
    return site


def edit_site(actor: Actor, producer_id: str, site_id: str, *, expected_version: int, **changes: Any) -> Site:
    """Change `name`, `region`, or `geometry` with `typed_area_mu`; the old version is kept. Raises StaleVersion."""
    producer = door(actor, producer_id, "producer:write")
    return store.transaction(lambda: _edit(actor, producer, site_id, expected_version, changes))


def _edit(
    actor: Actor, producer: ProducerFacts, site_id: str, expected_version: int, changes: Mapping[str, Any]
) -> Site:
    site = owned(Site, producer.id, site_id)
    new = {key: changes[key] for key in ("name", "region") if key in changes}
    if "region" in new:
        new["region"] = rules.place(new["region"])
    if {"geometry", "typed_area_mu"} & set(changes):
        typed = changes.get("typed_area_mu", Decimal(site.typed_area_mu) if site.typed_area_mu else None)
        new |= _measures(rules.land(changes.get("geometry", site.geometry), typed_mu=typed), typed)
    key = {"_id": site.id, "producer_id": producer.id}
    replace(actor, site, key=key, expected_version=expected_version, changes=new)
    accounts.note(actor, "site.edit", subjects=[site.id], producer_id=producer.id, region=producer.region)
    return owned(Site, producer.id, site_id)


def get_site(actor: Actor, producer_id: str, site_id: str) -> Site:
    door(actor, producer_id, "producer:read")
    return owned(Site, producer_id, site_id)


def sites_of(actor: Actor, producer_id: str, *, cursor: str | None = None, size: int = 50) -> Page[Site]:
    door(actor, producer_id, "producer:read")
    return Site.page({"producer_id": producer_id}, cursor=cursor, size=size)


def sites(producer_id: str, site_ids: Sequence[str]) -> list[SiteFacts]:
    """The sites in the order asked for, with one command. Raises NotFound when one is not the producer's."""
    wanted = list(dict.fromkeys(site_ids))
    if not wanted:
        return []
    rows = Site.rows(
        {"producer_id": producer_id, "_id": {"$in": wanted}}, ["name", "area_mu", "region"], limit=len(wanted)
    )
    found = {row["_id"]: SiteFacts(row["_id"], row["name"], Decimal(row["area_mu"]), row["region"]) for row in rows}
    if len(found) != len(wanted):
        raise NotFound
    return [found[site_id] for site_id in wanted]
