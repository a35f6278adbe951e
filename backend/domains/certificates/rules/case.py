"""Everything the gate decides from, as frozen data kept so that it can be replayed, and what it answers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.domains.farming.rules import Crop, GateRecord
from backend.domains.inputs.rules import Rulebook


@dataclass(frozen=True, slots=True)
class Lot:
    """`base` is what was harvested in grams or pieces; `to_base` how many of those make one `unit`, a code of
    `units`."""

    id: str
    crop: Crop
    product_name: str
    in_scope: bool
    harvest_record: str
    harvested_on: date
    base: int
    certified_base: int
    to_base: int
    unit: str
    held: bool
    held_reason: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who commits: `status` is a code of `producer_states`, `buyer` whether it sells what others grew."""

    id: str
    status: str
    buyer: bool


@dataclass(frozen=True, slots=True)
class Template:
    """What the gate needs of a certificate form: for whom it is, which bases it has, when it is in force."""

    code: str
    subject: str
    bases: tuple[str, ...]
    needing_test: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Test:
    """A result on a lot. `basis` is what it can stand for (None: a supervisory test), `analytes` what was sought."""

    id: str
    lot_id: str
    basis: str | None
    verdict: str
    analytes: tuple[str, ...]
    sampled_on: date
    reported_on: date
    report: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """An officer vouches, by name, for one input of exactly this version of a record: an amendment ends it."""

    record_id: str
    input_name: str
    by: str


@dataclass(frozen=True, slots=True)
class Case:
    """One question to the gate. `records` are all versions on the lot's batches, `wanted_base` the quantity to certify,
    `today` the civil date in China."""

    lot: Lot
    subject: Subject
    records: tuple[GateRecord, ...]
    rulebook: Rulebook
    template: Template
    bases: tuple[str, ...]
    wanted_base: int
    today: date
    tests: tuple[Test, ...] = ()
    parents: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: a word of `reasons_certificates` and what fills its text, the law, the records, the first lawful day."""

    reason: str
    params: dict[str, Any]
    source: str = ""
    record_ids: tuple[str, ...] = ()
    earliest: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer. `checked` names each check that ran to its end; `flags` what is lawful but worth knowing."""

    allowed: bool
    refusals: tuple[Refusal, ...]
    flags: tuple[str, ...]
    rulebook_version: str
    checked: tuple[str, ...]
