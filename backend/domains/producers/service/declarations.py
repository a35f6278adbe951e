"""Submitting a declaration 主体自主申报 for a season, and finding declarations again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backend.base import clock, ids
from backend.base.actor import Actor
from backend.base.documents import Page, settled
from backend.base.errors import Conflict
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.producers import rules
from backend.domains.producers.models import Declaration, DeclaredSeason
from backend.domains.producers.service.catalogue import products
from backend.domains.producers.service.doors import ProducerFacts, door
from backend.domains.producers.service.edits import owned, who
from backend.domains.producers.service.sites import sites


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a declaration names, by id; planned rows hold `product_id`, `amount` (Decimal) and `unit`."""

    season: str
    site_ids: Sequence[str]
    product_ids: Sequence[str]
    planned: Sequence[Mapping[str, Any]]


def submit(
    actor: Actor,
    producer_id: str,
    *,
    client_id: str,
    season: str,
    product_ids: Sequence[str],
    commitments: Sequence[str],
    site_ids: Sequence[str] = (),
    planned: Sequence[Mapping[str, Any]] = (),
) -> Declaration:
    """The next version of the season's declaration; it supersedes an undecided one, never a decided one.

    `planned` rows hold `product_id`, `amount` (Decimal), `unit`. Raises NotFound, RuleBroken, Conflict
    `client_id_used`.
    """
    producer = door(actor, producer_id, "declaration:submit")
    rules.check_declaration(
        kind=producer.kind,
        sites=site_ids,
        products=product_ids,
        planned=[row["product_id"] for row in planned],
        commitments=commitments,
    )
    choice = _Choice(rules.season(season, today=clock.today()), site_ids, product_ids, planned)
    declaration_id = ids.owned(producer.id, client_id)
    return settled(lambda: _submit(actor, producer, declaration_id, choice))


def _submit(actor: Actor, producer: ProducerFacts, declaration_id: str, choice: _Choice) -> Declaration:
    existing = Declaration.find_one({"_id": declaration_id, "producer_id": producer.id})
    if existing:
        return _same(existing, choice)
    declared = _declared(producer, choice)
    version, previous = _next_version(producer.id, choice.season, declaration_id)
    submitted = Declaration(
        id=declaration_id,
        season=choice.season,
        version=version,
        previous_id=previous,
        state="submitted",
        submitted_at=clock.now(),
        submitted_by=who(actor),
        **declared,
    )
    if previous:
        Declaration.update_one(
            {"_id": previous, "producer_id": producer.id, "state": "submitted"}, {"$set": {"state": "superseded"}}
        )
    Declaration.insert([submitted])
    evidence.append([evidence.Leaf("declaration", submitted.id, producer.id, submitted.to_mongo())])
    accounts.note(actor, "declaration.submit", subjects=[submitted.id], producer_id=producer.id, region=producer.region)
    return submitted


def _same(existing: Declaration, choice: _Choice) -> Declaration:
    """What was sent under this id before, if it said the same: names may have changed since, but not what is named."""
    said = (
        existing.season,
        {row["id"] for row in existing.sites},
        {row["id"] for row in existing.products},
        {(row["product_id"], row["amount"], row["unit"]) for row in existing.planned},
    )
    if said != (choice.season, *_named(choice)):
        raise Conflict("client_id_used", field="client_id")
    return existing


def _named(choice: _Choice) -> tuple[set[str], set[str], set[tuple[str, str, str]]]:
    planned = {(row["product_id"], _decimal(row["amount"]), row["unit"]) for row in choice.planned}
    return set(choice.site_ids), set(choice.product_ids), planned


def _declared(producer: ProducerFacts, choice: _Choice) -> dict[str, Any]:
    """Copies of what the declaration names, as it is today."""
    return {
        "producer_id": producer.id,
        "producer_name": producer.name,
        "producer_kind": producer.kind,
        "region": producer.region,
        "region_path": list(producer.region_path),
        "sites": [
            {"id": s.id, "name": s.name, "area_mu": str(s.area_mu), "region": s.region}
            for s in sites(producer.id, choice.site_ids)
        ],
        "products": [
            {"id": e.id, "name": e.name, "crop": e.crop, "variety": e.variety}
            for e in products(producer.id, choice.product_ids)
        ],
        "planned": [
            {"product_id": row["product_id"], "amount": _decimal(row["amount"]), "unit": row["unit"]}
            for row in choice.planned
        ],
        "commitments": rules.commitments_text(),
    }


def _decimal(amount: Decimal) -> str:
    return format(amount.normalize(), "f")


def _next_version(producer_id: str, season: str, declaration_id: str) -> tuple[int, str | None]:
    """The version number to use and the id before it. Two submissions at once conflict here; the later one repeats."""
    key = {"_id": f"{producer_id}.{season}", "producer_id": producer_id}
    head = DeclaredSeason.find_one(key)
    if head is None:
        DeclaredSeason.insert(
            [DeclaredSeason(id=key["_id"], producer_id=producer_id, version=1, latest_id=declaration_id)]
        )
        return 1, None
    DeclaredSeason.update_one(key, {"$set": {"latest_id": declaration_id, "version": head.version + 1}})
    return head.version + 1, head.latest_id


def declaration(actor: Actor, declaration_id: str) -> Declaration:
    """One version, for the producer's people and the officers in charge. Raises NotFound."""
    producer_id = ids.owner_of(declaration_id)
    door(actor, producer_id, "producer:read")
    return owned(Declaration, producer_id, declaration_id)


def declarations_of(actor: Actor, producer_id: str, *, cursor: str | None = None, size: int = 50) -> Page[Declaration]:
    """Every version of every season, newest first."""
    door(actor, producer_id, "producer:read")
    return Declaration.page({"producer_id": producer_id}, cursor=cursor, size=size, key="submitted_at")


def queue(
    actor: Actor, *, state: str = "submitted", region: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[Declaration]:
    """An officer's queue, longest waiting first. Raises NotFound for another's region, BadRequest `region_needed`."""
    where = {"region_path": actor.region_of("declaration:review", region), "state": state}
    return Declaration.page(where, cursor=cursor, size=size, key="submitted_at", descending=False)
