"""What farming tells the features above."""

from dataclasses import dataclass

from backend.base.events import Event


@dataclass(frozen=True)
class BatchBegun(Event):
    batch_id: str
    producer_id: str


@dataclass(frozen=True)
class HarvestRecorded(Event):
    """A first version of a record that yields: `base` is whole grams or pieces, `happened_on` an ISO date."""

    record_id: str
    root_id: str
    batch_id: str
    producer_id: str
    crop: str
    product_name: str
    variety: str
    gtin: str | None
    amount: str
    unit: str
    base: int
    happened_on: str


@dataclass(frozen=True)
class HarvestAmended(HarvestRecorded):
    """A later version of such a record."""

    version: int = 2


@dataclass(frozen=True)
class RecordsChanged(Event):
    """Something was written on this batch."""

    batch_id: str
    producer_id: str
