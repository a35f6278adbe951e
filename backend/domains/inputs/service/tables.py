"""A rulebook as tables: CSV of substances, and of products with one row for each registration × crop or animal."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.base.errors import RuleBroken, TooLarge

MAX_BYTES = 8_000_000
MAX_ROWS = 20_000
PRODUCT = ("name", "kind", "manufacturer", "formulation", "toxicity", "source", "confidence")
LISTS = ("actives", "traits", "not_with")
YES = frozenset({"1", "true", "yes", "是"})


def rows_of(content: bytes, *, needed: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a CSV in UTF-8 or, as spreadsheets in China write it, GB18030.

    Raises TooLarge, RuleBroken `rulebook_table_malformed` when it is no such table or lacks a column.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge("rulebook_table_too_large", limit=MAX_BYTES // 1_000_000)
    try:
        reader = csv.DictReader(io.StringIO(_text(content), newline=""), strict=True)
        absent = [name for name in needed if name not in (reader.fieldnames or ())]
        rows = [_row(row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise RuleBroken("rulebook_table_malformed", field="file", columns="、".join(needed)) from error
    if absent:
        raise RuleBroken("rulebook_table_malformed", field="file", columns="、".join(absent))
    if len(rows) > MAX_ROWS:
        raise RuleBroken("rulebook_table_too_long", limit=MAX_ROWS)
    return rows


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _row(row: Mapping[Any, Any]) -> dict[str, str]:
    """Cells without a column are passed over, missing ones are empty."""
    cells = {str(key): value for key, value in row.items() if key is not None}
    return {key: value.strip() if isinstance(value, str) else "" for key, value in cells.items()}


def products(rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The products of a table in their first order; rows of one registration number make one product.

    Raises RuleBroken `rulebook_row_malformed`.
    """
    found: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(rows, 2):
        product = found.setdefault(row["registration_no"], _product(row))
        for name in PRODUCT:
            if row.get(name, "") != product[name]:
                raise RuleBroken("rulebook_row_malformed", row=number, column=name, value=row.get(name, ""))
        product["labels"] += _label(number, row)
        product["withdrawals"] += _withdrawal(number, row)
    return list(found.values())


def _product(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "registration_no": row["registration_no"],
        **{name: row.get(name, "") for name in PRODUCT},
        **{name: [one for one in row.get(name, "").split("|") if one] for name in LISTS},
        "restricted": row.get("restricted", "").lower() in YES,
        "example": row.get("example", "").lower() in YES,
        "labels": [],
        "withdrawals": [],
    }


def _label(number: int, row: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    if row.get("crop"):
        yield {
            "crop": row["crop"],
            "phi_days": _whole(number, row, "phi_days"),
            "max_uses": _whole(number, row, "max_uses") if row.get("max_uses") else None,
            "dose_max": row.get("dose_max") or None,
            "dose_unit": row.get("dose_unit") or None,
        }


def _withdrawal(number: int, row: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    if row.get("animal"):
        forbidden = row.get("forbidden", "").lower() in YES
        days = 0 if forbidden else _whole(number, row, "withdrawal_days")
        yield {"animal": row["animal"], "produce": row.get("produce", ""), "days": days, "forbidden": forbidden}


def _whole(number: int, row: Mapping[str, str], column: str) -> int:
    text = row.get(column, "")
    if not text.isdecimal():
        raise RuleBroken("rulebook_row_malformed", row=number, column=column, value=text)
    return int(text)
