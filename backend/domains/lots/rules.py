"""Pure rules of the ledger; all arithmetic is in whole base units (grams, pieces)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from backend.base.errors import RuleBroken


def check_correction(
    *, new_base: int, certified_base: int, unit: Mapping[str, Any], old_unit: Mapping[str, Any]
) -> None:
    """A corrected harvest may not fall under what is certified, nor change from weight to count. Raises RuleBroken."""
    if unit["dimension"] != old_unit["dimension"]:
        raise RuleBroken("harvest_dimension_changed", field="unit")
    if new_base < certified_base:
        raise RuleBroken("harvest_under_certified", field="amount", certified=shown(certified_base, unit))


def shown(base: int, unit: Mapping[str, Any]) -> str:
    """A base quantity in a unit, without trailing zeros: 1500000 g in kg is 1500."""
    value = Decimal(base) / int(unit["to_base"])
    return format(value.quantize(Decimal("0.001")).normalize(), "f")
