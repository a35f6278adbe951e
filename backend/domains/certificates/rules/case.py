"""Everything the gate decides from, as frozen data kept so that it can be replayed, and what it answers.

A case names the `edition` of the gate that decides it. What a later edition added has a default here, so that cases
kept before it are read, and are decided by their own edition's checks.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.domains.farming import rules as farming
from backend.domains.farming.rules import Beside, Crop, GateRecord, Vouched
from backend.domains.inputs.rules import Rulebook

EDITION = farming.EDITION
Override = Vouched  # an officer's word for one input of one version of a record


@dataclass(frozen=True, slots=True)
class Lot:
    """`base` is what was harvested or received in grams or pieces, `certified_base` of it is certified, `gone_base` was
    sold, split off or used up without a certificate of this lot; `to_base` how many of those make one `unit`, a code of
    `units`. `harvest_record` is empty for a lot made of others."""

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
    gone_base: int = 0


@dataclass(frozen=True, slots=True)
class Origin:
    """A harvest from which the lot, or a part of it, comes; without batches what came from outside. `tested_by`: lots
    through which all of it went, so that a sample of one of them speaks for it. `beside`: other batches of the crop on
    the same land, whose inputs count from the day `since` on."""

    lot_id: str
    producer_id: str
    crop: Crop
    harvest_record: str
    harvested_on: date
    batch_ids: tuple[str, ...]
    tested_by: tuple[str, ...] = ()
    held: bool = False
    beside: tuple[Beside, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Parent:
    """A certificate or other proof of `base` of a lot that came in. `code` is a trace code or what the paper says;
    `valid` whether it stands today."""

    code: str
    valid: bool
    lot_id: str
    base: int


@dataclass(frozen=True, slots=True)
class Inlet:
    """Where goods came from another: `lot_id` is that lot of the other, or the own lot of what came from outside the
    platform; `base` of it came in, `carried` of that under certificates. It needs standing proofs of as much
    (农产品质量安全法 art. 39)."""

    lot_id: str
    base: int
    carried: int


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
class Scope:
    """What a laboratory is accredited for: one analyte in one matrix (a crop, a class of crops, or `*`), from a day to
    a day (农产品质量安全法 art. 48)."""

    analyte: str
    matrix: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Test:
    """A result on a lot. `basis` is what it can stand for (None: a supervisory test), `analytes` what was sought.
    `valid_until` is what the report says of itself; `accredited` asks for `scopes` of the laboratory."""

    id: str
    lot_id: str
    basis: str | None
    verdict: str
    analytes: tuple[str, ...]
    sampled_on: date
    reported_on: date
    report: str = ""
    valid_until: date | None = None
    lab: str = ""
    accredited: bool = False
    scopes: tuple[Scope, ...] = ()


@dataclass(frozen=True, slots=True)
class Land:
    """A batch and its land. `most_base`: the largest plausible yield a mu in grams or pieces (`of` mass or count), None
    where nobody said one."""

    batch_id: str
    area_mu: str
    most_base: int | None = None
    of: str = "mass"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """The largest plausible dose a mu of one kind of input, in grams or millilitres: beyond it a slip is likelier."""

    kind: str
    of: str
    most: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One question to the gate. `records` are all versions on the batches of the lot's `origins` and of the deeds with
    inputs on those beside them, `wanted_base` the quantity to certify, `today` the civil date in China. `parents` are
    the trace codes and proofs it came in with."""

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
    overrides: tuple[Vouched, ...] = ()
    edition: int = 1
    origins: tuple[Origin, ...] = ()
    incoming: tuple[Parent, ...] = ()
    inlets: tuple[Inlet, ...] = ()
    lands: tuple[Land, ...] = ()
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: a word of `reasons_certificates` and what fills its text, the law, the records, the first lawful day."""

    reason: str
    params: dict[str, Any]
    source: str = ""
    record_ids: tuple[str, ...] = ()
    earliest: date | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What is lawful and still worth an officer's look: `note_…` in `reasons_certificates` and what fills its text."""

    code: str
    params: dict[str, Any]
    source: str = ""
    record_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer. `checked` names each check that ran to its end; `flags` what is lawful but worth knowing, `notes` the
    same with numbers and records."""

    allowed: bool
    refusals: tuple[Refusal, ...]
    flags: tuple[str, ...]
    rulebook_version: str
    checked: tuple[str, ...]
    notes: tuple[Note, ...] = ()

    @property
    def earliest(self) -> date | None:
        """The first day on which nothing of this stands in the way; None when none does, or when waiting is no help."""
        days = [refusal.earliest for refusal in self.refusals]
        return max((day for day in days if day), default=None) if all(days) else None
