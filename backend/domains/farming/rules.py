"""Pure rules of the farming log: current versions, what the law wants in a record, and when harvest becomes lawful.

The earliest lawful harvest is the latest of (last day of use + pre-harvest interval) over all uses on the batch
(农药管理条例 art. 34), and likewise for withdrawal periods of animals (兽药管理条例 art. 40).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from backend.domains.inputs import rules as inputs

CHEMICAL_KINDS = frozenset({"pesticide", "vet_drug"})  # what has an interval; fertiliser and feed have none


@dataclass(frozen=True, slots=True)
class Crop:
    """What a rule needs to know of a crop or herd: its class, the names labels know it by, the produce of an animal."""

    code: str
    crop_class: str
    label_crops: tuple[str, ...]
    produce: str | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """One input in one record. `registration_no` None: the farmer found no number on the pack."""

    name: str
    registration_no: str | None = None
    kind: str = "pesticide"
    method: str | None = None


@dataclass(frozen=True, slots=True)
class GateRecord:
    """A farming record as the gate and the window see it; `root_id` is the id of its first version."""

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


@dataclass(frozen=True, slots=True)
class Reason:
    """Why harvest must wait, or can never be lawful (`until` None)."""

    code: str  # phi | withdrawal | banned | unknown_input | no_label
    record_id: str
    input_name: str
    until: date | None = None
    days: int | None = None
    substance: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """`earliest` is the first lawful day of harvest (None: any day); `blocked` means no day is, as the log stands."""

    earliest: date | None
    blocked: bool
    because: tuple[Reason, ...]


def current(records: Iterable[GateRecord]) -> tuple[GateRecord, ...]:
    """The newest version of each record, by day."""
    newest: dict[str, GateRecord] = {}
    for record in records:
        known = newest.get(record.root_id)
        if known is None or record.version > known.version:
            newest[record.root_id] = record
    return tuple(sorted(newest.values(), key=lambda record: (record.happened_on, record.root_id)))


def harvest_window(records: Iterable[GateRecord], crop: Crop, rulebook: inputs.Rulebook) -> Window:
    """The window over all current uses of the batch. Unknown inputs, missing labels and banned substances block."""
    because = tuple(
        reason for record in current(records) for use in record.uses for reason in reasons(record, use, crop, rulebook)
    )
    days = [reason.until for reason in because if reason.until is not None]
    return Window(max(days, default=None), any(reason.until is None for reason in because), because)


def reasons(record: GateRecord, use: Use, crop: Crop, rulebook: inputs.Rulebook) -> tuple[Reason, ...]:
    """What one use means for the harvest: each ban, the interval, or that the platform does not know."""
    product = rulebook.products.get(use.registration_no or "")
    kind = product.kind if product else use.kind
    if product is None:
        return (_unknown(record, use, "unknown_input"),) if kind in CHEMICAL_KINDS else ()
    bans = tuple(_banned(record, use, substance, crop, rulebook) for substance in product.actives)
    found = tuple(reason for reason in bans if reason is not None)
    if kind not in CHEMICAL_KINDS:
        return found
    return (*found, _interval(record, use, product, crop))


def _unknown(record: GateRecord, use: Use, code: str) -> Reason:
    return Reason(code, record.root_id, use.name)


def _banned(record: GateRecord, use: Use, substance: str, crop: Crop, rulebook: inputs.Rulebook) -> Reason | None:
    """Judged on each day of the use: a ban that begins while it goes on counts."""
    rule = inputs.ban(substance, crop.crop_class, record.ended_on, rulebook, method=use.method)
    if rule is None:
        return None
    return Reason("banned", record.root_id, use.name, substance=substance, source=rule.announcement)


def _interval(record: GateRecord, use: Use, product: inputs.Product, crop: Crop) -> Reason:
    if product.kind == "vet_drug":
        withdrawal = inputs.withdrawal_for(product, crop.label_crops, crop.produce or "meat")
        days, code, source = (withdrawal.days if withdrawal else None), "withdrawal", "兽药管理条例第四十条"
    else:
        label = inputs.label_for(product, crop.label_crops)
        days, code, source = (label.phi_days if label else None), "phi", "农药管理条例第三十四条"
    if days is None:
        return Reason("no_label", record.root_id, use.name, source=source)
    return Reason(code, record.root_id, use.name, record.ended_on + timedelta(days=days), days, source=source)


def missing_fields(kind: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the mandatory fields this record leaves empty; `kind` is a term of `record_kinds`.

    `mandatory` are fields of the record, `mandatory_inputs` those of each input used.
    """
    absent = [name for name in kind.get("mandatory", ()) if _empty(data.get(name))]
    used: Sequence[Mapping[str, Any]] = data.get("inputs") or ()
    for name in kind.get("mandatory_inputs", ()):
        if any(_empty(one.get(name)) for one in used):
            absent.append(f"inputs.{name}")
    return tuple(absent)


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], ())


def late_days(happened_on: date, received_on: date) -> int:
    """Days between the deed and its entry; the day after is still in time."""
    return max((received_on - happened_on).days - 1, 0)
