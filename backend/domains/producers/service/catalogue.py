"""Products of a producer: new ones, edits, and what the features above ask of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.base import clock, ids, vocab
from backend.base.actor import Actor
from backend.base.documents import Page, settled
from backend.base.errors import Conflict, NotFound
from backend.domains.accounts import service as accounts
from backend.domains.producers import rules
from backend.domains.producers.models import IdentityClaim, Product
from backend.domains.producers.service.doors import ProducerFacts, door
from backend.domains.producers.service.edits import owned, replace


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """`crop_class` is the crop's class (vocabulary crop_classes); `gtin` has 14 digits."""

    id: str
    producer_id: str
    crop: str
    crop_class: str
    name: str
    variety: str
    gtin: str | None


def new_product(
    actor: Actor, producer_id: str, *, client_id: str, crop: str, name: str, variety: str = "", gtin: str | None = None
) -> Product:
    """A catalogue entry. Raises NotFound, RuleBroken `gtin_*`, Conflict `gtin_taken`."""
    producer = door(actor, producer_id, "producer:write")
    product_entry = Product(
        id=ids.owned(producer.id, client_id),
        producer_id=producer.id,
        crop=crop,
        name=name,
        variety=variety,
        gtin=rules.gtin(gtin) if gtin else None,
        created_at=clock.now(),
    )
    return settled(lambda: _keep(actor, producer, product_entry))


def _keep(actor: Actor, producer: ProducerFacts, entry: Product) -> Product:
    existing = Product.find_one({"_id": entry.id, "producer_id": producer.id})
    if existing:
        return existing
    if entry.gtin:
        _claim_gtin(entry.gtin, producer.id, entry.id)
    Product.insert([entry])
    accounts.note(actor, "product.create", subjects=[entry.id], producer_id=producer.id, region=producer.region)
    return entry


def _gtin_key(gtin: str) -> str:
    return f"gtin:{gtin}"


def _claim_gtin(gtin: str, producer_id: str, product_id: str) -> None:
    if IdentityClaim.find_one({"_id": _gtin_key(gtin)}):
        raise Conflict("gtin_taken", field="gtin")
    IdentityClaim.insert([IdentityClaim(id=_gtin_key(gtin), producer_id=producer_id, subject_id=product_id)])


def edit_product(actor: Actor, producer_id: str, product_id: str, *, expected_version: int, **changes: Any) -> Product:
    """Change `name`, `variety` or `gtin`; the crop stays what it is. Raises StaleVersion, RuleBroken, Conflict."""
    producer = door(actor, producer_id, "producer:write")
    return settled(lambda: _edit(actor, producer, product_id, expected_version, changes))


def _edit(
    actor: Actor, producer: ProducerFacts, product_id: str, expected_version: int, changes: Mapping[str, Any]
) -> Product:
    entry = owned(Product, producer.id, product_id)
    new = dict(changes)
    if "gtin" in new:
        new["gtin"] = rules.gtin(new["gtin"]) if new["gtin"] else None
    key = {"_id": entry.id, "producer_id": producer.id}
    replace(actor, entry, key=key, expected_version=expected_version, changes=new)
    if "gtin" in new and new["gtin"] != entry.gtin:
        if entry.gtin:
            IdentityClaim.delete_many({"_id": _gtin_key(entry.gtin), "subject_id": entry.id})
        if new["gtin"]:
            _claim_gtin(new["gtin"], producer.id, entry.id)
    accounts.note(actor, "product.edit", subjects=[entry.id], producer_id=producer.id, region=producer.region)
    return owned(Product, producer.id, product_id)


def get_product(actor: Actor, producer_id: str, product_id: str) -> Product:
    door(actor, producer_id, "producer:read")
    return owned(Product, producer_id, product_id)


def products_of(actor: Actor, producer_id: str, *, cursor: str | None = None, size: int = 50) -> Page[Product]:
    door(actor, producer_id, "producer:read")
    return Product.page({"producer_id": producer_id}, cursor=cursor, size=size)


def product(producer_id: str, product_id: str) -> ProductFacts:
    """One command. Raises NotFound."""
    return _facts(owned(Product, producer_id, product_id))


def products(producer_id: str, product_ids: Sequence[str]) -> list[ProductFacts]:
    """The products in the order asked for, with one command. Raises NotFound when one is not the producer's."""
    wanted = list(dict.fromkeys(product_ids))
    if not wanted:
        return []
    rows = Product.find({"producer_id": producer_id, "_id": {"$in": wanted}}, limit=len(wanted))
    found = {row.id: _facts(row) for row in rows}
    if len(found) != len(wanted):
        raise NotFound
    return [found[product_id] for product_id in wanted]


def _facts(entry: Product) -> ProductFacts:
    crop_class = str(vocab.get("crops")[entry.crop]["class"])
    return ProductFacts(entry.id, entry.producer_id, entry.crop, crop_class, entry.name, entry.variety, entry.gtin)


def gtin_owner(gtin: str) -> tuple[str, str] | None:
    """(producer id, product id) of a GTIN as typed or scanned; None when nobody here sells under it."""
    claim = IdentityClaim.find_one({"_id": _gtin_key(rules.gtin(gtin))})
    return (claim.producer_id, claim.subject_id) if claim else None
