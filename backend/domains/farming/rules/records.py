"""The farming log as the gate and the window see it: frozen facts, kept in the cases of decisions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Crop:
    """What a rule needs to know of a crop or herd: its class, the names labels know it by, the produce of an animal."""

    code: str
    crop_class: str
    label_crops: tuple[str, ...]
    produce: str | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """One input in one record. `registration_no` None: the farmer found no number on the pack. `dose` is exact decimal
    text: grams or millilitres a mu (`dose_of` mass or volume) or times of dilution; None where it cannot be told."""

    name: str
    registration_no: str | None = None
    kind: str = "pesticide"
    method: str | None = None
    dose: str | None = None
    dose_of: str | None = None


@dataclass(frozen=True, slots=True)
class GateRecord:
    """A farming record as the gate and the window see it; `root_id` is the id of its first version. `site_ids` empty:
    all land of the batch. `apart`: of another season of the land, whose applications are not counted with these.
    `yields`: of a kind that takes something off the land or out of the herd."""

    id: str
    root_id: str
    version: int
    kind: str
    batch_id: str
    happened_on: date
    ended_on: date
    received_on: date
    uses: tuple[Use, ...] = ()
    quantity_base: int | None = None
    missing: tuple[str, ...] = ()
    site_ids: tuple[str, ...] = ()
    quantity_of: str = ""  # mass or count
    apart: bool = False
    yields: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why harvest must wait, or can never be lawful (`until` None). `said` and `allowed` are what the record says and
    what the label allows, as text; `version_id` the very version of the record that is judged."""

    code: str  # phi | withdrawal | banned | toxic | produce | unknown_input | no_label | dose | uses | mix
    record_id: str
    input_name: str
    until: date | None = None
    days: int | None = None
    substance: str | None = None
    source: str = ""
    said: str | None = None
    allowed: str | None = None
    version_id: str = ""


@dataclass(frozen=True, slots=True)
class Vouched:
    """An officer vouches, by name, for one input of exactly this version of a record: an amendment ends it. `reasons`
    are the codes that it answers for."""

    record_id: str
    input_name: str
    by: str
    reasons: tuple[str, ...] = ("unknown_input", "no_label")


def current(records: Iterable[GateRecord]) -> tuple[GateRecord, ...]:
    """The newest version of each record, by day."""
    newest: dict[str, GateRecord] = {}
    for record in records:
        known = newest.get(record.root_id)
        if known is None or record.version > known.version:
            newest[record.root_id] = record
    return tuple(sorted(newest.values(), key=lambda record: (record.happened_on, record.root_id)))


def late_days(happened_on: date, received_on: date) -> int:
    """Days between the deed and its entry; the day after is still in time."""
    return max((received_on - happened_on).days - 1, 0)
