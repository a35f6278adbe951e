"""What a trace is told from: plain public-safe facts, gathered by the service from the features below."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Basis:
    """One 承诺依据 box of the certificate."""

    code: str
    zh: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Card:
    """The frozen certificate, as printed. `fields` are (label, value) in print order."""

    certificate_id: str
    number: str
    template_version: str
    title: str
    lead: str
    commitments: tuple[str, ...]
    bases: tuple[Basis, ...]
    fields: tuple[tuple[str, str], ...]
    issued_at: datetime
    amount: Decimal
    unit: str
    voided_at: datetime | None = None
    void_reason: str | None = None
    gate_version: str | None = None
    overridden: bool = False
    signed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Maker:
    """The producer as the public may know it; `region` is the township at most."""

    producer_id: str
    name: str
    kind: str
    status: str
    region: str
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Goods:
    """The lot: what was harvested, when, from which batches."""

    lot_id: str
    crop: str
    crop_class: str
    product_name: str
    variety: str | None
    started_on: date | None
    harvested_on: date
    held: bool = False
    held_reason: str | None = None


@dataclass(frozen=True, slots=True)
class InputUse:
    """One input in a deed. `phi_days` is the label's waiting period for this crop, None when it has none."""

    name: str
    registration_no: str | None = None
    example: bool = False
    amount: str | None = None
    unit: str | None = None
    phi_days: int | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    url: str
    thumb: str


@dataclass(frozen=True, slots=True)
class Deed:
    """One farming record in its newest version. `received_on` is the day the platform first had it."""

    kind: str
    happened_on: date
    ended_on: date
    received_on: date
    text: str = ""
    inputs: tuple[InputUse, ...] = ()
    photos: tuple[Photo, ...] = ()
    amended: bool = False
    grade: str = "self"


@dataclass(frozen=True, slots=True)
class TestItem:
    analyte: str
    value: str
    unit: str
    limit: str | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Test:
    lab: str
    sampled_on: date | None
    reported_on: date | None
    verdict: str
    items: tuple[TestItem, ...] = ()
    grade: str = "lab"


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a code was looked up, until `last_at`."""

    count: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recall:
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PartRecall:
    """The recall of some of the goods that were sold under this certificate; `region` is where to ask."""

    reason: str
    at: datetime
    region: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the goods' way: a code of `lot_event_kinds`, at whom (as the public may know it), in which county."""

    kind: str
    happened_on: date
    holder: str
    region: str


@dataclass(frozen=True, slots=True)
class Related:
    """An article that readers of this crop may want next."""

    slug: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one trace is told from."""

    code: str
    url: str
    card: Card
    maker: Maker
    goods: Goods
    deeds: tuple[Deed, ...] = ()
    tests: tuple[Test, ...] = ()
    tally: Tally = Tally()
    recall: Recall | None = None
    parts: tuple[PartRecall, ...] = ()
    related: tuple[Related, ...] = ()
    path: tuple[Step, ...] = ()
