"""Pure rules of the farming log: current versions, what the law wants in a record, and when harvest becomes lawful.

The earliest lawful harvest is the latest of (last day of use + pre-harvest interval) over all uses on the batch
(农药管理条例 art. 34), and likewise for withdrawal periods of animals (兽药管理条例 art. 40).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backend.base.errors import RuleBroken
from backend.domains.inputs import rules as inputs

NEWS = timedelta(days=7)  # that harvest has been lawful for longer is no news, even after the worker stood still
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


def is_news(window: Window, today: date) -> bool:
    """Whether people should be told that harvest is lawful now: its day has come, lately, and nothing forbids it."""
    if window.earliest is None or window.blocked:
        return False
    return window.earliest <= today <= window.earliest + NEWS


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


def check_dates(data: Mapping[str, Any], *, batch_started: date, today: date) -> None:
    """Raises RuleBroken for a deed in the future, before its batch, or that ends before it begins."""
    begun, ended = data["happened_on"], data.get("ended_on") or data["happened_on"]
    if ended > today + timedelta(days=1):  # a phone may be a day ahead; the law wants deeds, not plans
        raise RuleBroken("happened_in_future", field="happened_on", day=ended.isoformat())
    if begun < batch_started:
        started = batch_started.isoformat()
        raise RuleBroken("happened_before_batch", field="happened_on", day=begun.isoformat(), started=started)
    if ended < begun:
        raise RuleBroken("ended_before_begun", field="ended_on")


def check_fits(kind: Mapping[str, Any], data: Mapping[str, Any], *, animal: bool, batch_sites: Sequence[str]) -> None:
    """Raises RuleBroken when the kind is not for this crop or herd, or a site is not the batch's."""
    if ("animal" if animal else "plant") not in kind["applies_to"]:
        raise RuleBroken("record_kind_wrong", field="kind", kind=kind["zh"])
    if not set(data.get("site_ids") or ()) <= set(batch_sites):
        raise RuleBroken("site_not_of_batch", field="site_ids")


def check_complete(kind: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    """Raises RuleBroken `record_field_missing` naming every absent field in plain words, with the law in the words."""
    if absent := missing_fields(kind, data):
        said = "、".join(FIELD_WORDS.get(name, name) for name in absent)
        raise RuleBroken("record_field_missing", field=absent[0], details=list(absent), kind=kind["zh"], fields=said)


FIELD_WORDS = {
    "site_ids": "地点（哪块地）",
    "target": "防治对象（治什么）",
    "inputs": "用了什么投入品",
    "amount": "数量",
    "unit": "单位",
    "note": "说明",
    "inputs.name": "投入品名称",
    "inputs.manufacturer": "生产企业",
    "inputs.source": "从哪里买的",
    "inputs.method": "怎么用的",
    "inputs.amount": "用量",
    "inputs.unit": "用量单位",
}
YIELD_DIMENSIONS = ("mass", "count")


def base_amount(amount: Decimal, unit: Mapping[str, Any]) -> int:
    """The amount in whole base units (grams, pieces, millilitres), rounded down: never more than was said."""
    return int(amount * int(unit["to_base"]))


def check_yield(unit: Mapping[str, Any] | None, base: int | None) -> None:
    """Harvests are weighed or counted. Raises RuleBroken `unit_wrong`."""
    if unit is None or unit["dimension"] not in YIELD_DIMENSIONS or not base:
        raise RuleBroken("unit_wrong", field="unit", unit=unit["zh"] if unit else "")
