"""Pure rules of a test result: a verdict for each analyte, and for the sample.

A sample fails if any analyte fails; “未检出” is a value below the limit of detection (GB 2763: value against limit).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from backend.base.errors import RuleBroken

PASS, FAIL = "pass", "fail"


def check_days(*, sampled_on: date, reported_on: date, today: date) -> None:
    """Raises RuleBroken."""
    if reported_on < sampled_on:
        raise RuleBroken("reported_before_sampled", field="reported_on")
    if sampled_on > today:
        raise RuleBroken("sampled_in_future", field="sampled_on")


def judge(item: Mapping[str, Any]) -> str:
    """The verdict for one analyte. `value` None is not detected. Raises RuleBroken `limit_missing`."""
    value: Decimal | None = item.get("value")
    limit: Decimal | None = item.get("limit")
    if value is None or (item.get("lod") is not None and value < item["lod"]):
        return PASS
    if limit is None:
        raise RuleBroken("limit_missing", field="items", analyte=item["analyte"])
    return PASS if value <= limit else FAIL


def verdict(verdicts: Iterable[str]) -> str:
    return FAIL if FAIL in set(verdicts) else PASS
