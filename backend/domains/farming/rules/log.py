"""Pure rules of what a farming record must say: its kind, its days, the fields the law wants, its amounts."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backend.base.errors import RuleBroken


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
