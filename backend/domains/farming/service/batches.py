"""Production batches: begun by the producer, on their own sites, for one of their products."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from backend.base import clock, events, ids, store
from backend.base.actor import Actor
from backend.base.documents import Duplicate, Page
from backend.base.errors import NotFound
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.farming.models import ProductionBatch
from backend.domains.farming.service.facts import BatchFacts, batch_facts, facts_of
from backend.domains.farming.service.news import BatchBegun
from backend.domains.producers import service as producers


def new_batch(
    actor: Actor,
    *,
    producer_id: str,
    client_id: str,
    product_id: str,
    site_ids: Sequence[str],
    started_on: date,
    planned_harvest_on: date | None = None,
) -> BatchFacts:
    """Begin a batch. A repeated client id answers with the batch that is there. Raises NotFound, BadRequest."""
    producers.door(actor, producer_id, "farming:write")
    batch_id = ids.owned(producer_id, client_id)
    try:
        return batch_facts(batch_id)
    except NotFound:
        pass
    product = producers.product(producer_id, product_id)
    sites = producers.sites(producer_id, site_ids)
    made = ProductionBatch(
        id=batch_id,
        producer_id=producer_id,
        product_id=product_id,
        product_name=product.name,
        crop=product.crop,
        crop_class=product.crop_class,
        variety=product.variety,
        gtin=product.gtin,
        site_ids=[site.id for site in sites],
        area_mu=str(sum((site.area_mu for site in sites), Decimal(0))),
        started_on=started_on.isoformat(),
        planned_harvest_on=planned_harvest_on.isoformat() if planned_harvest_on else None,
        created_by=actor.account_id or actor.name,
        created_at=clock.now(),
    )
    try:
        store.transaction(lambda: _keep(actor, made))
    except Duplicate:  # the same request twice at once: the other one made it
        return batch_facts(batch_id)
    return facts_of(made.to_mongo())


def _keep(actor: Actor, made: ProductionBatch) -> None:
    ProductionBatch.insert([made])
    evidence.append([evidence.Leaf("farming.batch", made.id, made.producer_id, made.to_mongo())])
    accounts.note(actor, "farming.batch", subjects=[made.id], producer_id=made.producer_id)
    events.publish(BatchBegun(made.id, made.producer_id))


def batch(actor: Actor, batch_id: str, permission: str = "farming:read") -> BatchFacts:
    """The batch, if the actor holds the permission on its producer. Raises NotFound."""
    producers.door(actor, ids.owner_of(batch_id), permission)
    return batch_facts(batch_id)


def batches_of(
    actor: Actor, *, producer_id: str, state: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[BatchFacts]:
    """A producer's batches, newest first."""
    producers.door(actor, producer_id, "farming:read")
    where = {"producer_id": producer_id, **({"state": state} if state else {})}
    page = ProductionBatch.page(where, cursor=cursor, size=size)
    return Page([facts_of(found.to_mongo()) for found in page.items], page.next_cursor)


def set_state(actor: Actor, *, batch_id: str, state: str) -> BatchFacts:
    """Finish a batch, or open it again."""
    known = batch(actor, batch_id, "farming:write")
    if known.state != state:
        store.transaction(lambda: _set_state(actor, known, state))
    return batch_facts(batch_id)


def _set_state(actor: Actor, known: BatchFacts, state: str) -> None:
    ProductionBatch.update_one({"producer_id": known.producer_id, "_id": known.id}, {"$set": {"state": state}})
    accounts.note(actor, f"farming.batch_{state}", subjects=[known.id], producer_id=known.producer_id)
