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


def check_valid_until(*, reported_on: date, valid_until: date | None) -> None:
    """Raises RuleBroken for a report that ends before it begins."""
    if valid_until is not None and valid_until < reported_on:
        raise RuleBroken("report_ends_before_it_begins", field="valid_until")


def check_scope(*, matrix: str, matrices: Iterable[str], valid_from: date, valid_to: date) -> None:
    """A scope names a crop, a class of crops or `*`, and ends after it begins. Raises RuleBroken."""
    if matrix not in matrices:
        raise RuleBroken("matrix_unknown", field="matrix", matrix=matrix)
    if valid_to < valid_from:
        raise RuleBroken("accreditation_ends_before_it_begins", field="valid_to")


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
