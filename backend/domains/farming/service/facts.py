"""What other features may know of a batch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from backend.base import ids, vocab
from backend.base.documents import MAX_FOUND
from backend.base.errors import NotFound
from backend.domains.farming import rules
from backend.domains.farming.models import FarmingRecord, ProductionBatch


@dataclass(frozen=True, slots=True)
class BatchFacts:
    id: str
    producer_id: str
    product_id: str
    crop: str
    crop_class: str
    product_name: str
    variety: str
    gtin: str | None
    site_ids: tuple[str, ...]
    area_mu: Decimal
    started_on: date
    planned_harvest_on: date | None
    state: str


def crop_of(code: str) -> rules.Crop:
    """The crop as the rules see it; an unknown code answers to no label, so that the gate refuses."""
    crops = vocab.get("crops")
    if code not in crops:
        return rules.Crop(code, "", ())
    term = crops[code]
    return rules.Crop(code, term["class"], tuple(term.get("label_crops", ())), term.get("produce"))


def is_animal(crop_class: str) -> bool:
    classes = vocab.get("crop_classes")
    return crop_class in classes and classes[crop_class]["kingdom"] == "animal"


def batch_facts(batch_id: str) -> BatchFacts:
    """For event handlers, which act for nobody. Raises NotFound."""
    found = ProductionBatch.rows({"producer_id": ids.owner_of(batch_id), "_id": batch_id}, limit=1)
    if not found:
        raise NotFound
    return facts_of(found[0])


def batches_named(batch_ids: Iterable[str]) -> tuple[BatchFacts, ...]:
    """For features above, which act for nobody: these batches, of any producers; one command a thousand of them."""
    wanted, found = sorted(set(batch_ids)), []
    for start in range(0, len(wanted), MAX_FOUND):
        some = wanted[start : start + MAX_FOUND]
        owners = sorted({ids.owner_of(batch_id) for batch_id in some})
        found += ProductionBatch.rows({"_id": {"$in": some}, "producer_id": {"$in": owners}}, limit=MAX_FOUND)
    return tuple(facts_of(row) for row in found)


def batches_on(site_id: str) -> list[str]:
    """The batches that grew on a site. Reads the batches of its producer."""
    where = {"producer_id": ids.owner_of(site_id), "site_ids": site_id}
    return [row["_id"] for row in ProductionBatch.every(where, ("producer_id",))]


def batches_using(registration_no: str, among: Sequence[str] | None = None) -> list[str]:
    """The batches on which any version of a record names this registered input, of all producers or among some."""
    where: dict[str, Any] = {"inputs.registration_no": registration_no}
    if among is not None:
        owners = sorted({ids.owner_of(batch_id) for batch_id in among})
        where |= {"producer_id": {"$in": owners}, "batch_id": {"$in": list(among)}}
    rows = FarmingRecord.every(where, ("batch_id",))
    return sorted({row["batch_id"] for row in rows})


def open_batches(after: str, size: int) -> list[BatchFacts]:
    """For walks of the worker over all producers: the next open batches by their id."""
    where = {"state": "open", "_id": {"$gt": after}}
    return [facts_of(row) for row in ProductionBatch.rows(where, limit=size, sort=[("_id", 1)])]


def facts_of(row: Mapping[str, Any]) -> BatchFacts:
    planned = row.get("planned_harvest_on")
    return BatchFacts(
        id=row["_id"],
        producer_id=row["producer_id"],
        product_id=row["product_id"],
        crop=row["crop"],
        crop_class=row["crop_class"],
        product_name=row["product_name"],
        variety=row.get("variety", ""),
        gtin=row.get("gtin"),
        site_ids=tuple(row.get("site_ids", ())),
        area_mu=Decimal(row["area_mu"]),
        started_on=date.fromisoformat(row["started_on"]),
        planned_harvest_on=date.fromisoformat(planned) if planned else None,
        state=row["state"],
    )
