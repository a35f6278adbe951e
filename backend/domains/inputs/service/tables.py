"""A rulebook as tables: CSV of substances, and of products with one row for each registration × crop or animal."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.base.errors import RuleBroken, TooLarge
from backend.domains.inputs import rules

MAX_BYTES = 8_000_000
MAX_ROWS = 20_000
PRODUCT = ("name", "kind", "manufacturer", "formulation", "toxicity", "source", "confidence")
LISTS = ("actives", "traits", "not_with")
FLAGS = ("restricted", "example")
YES = frozenset({"1", "true", "yes", "是"})
NO = frozenset({"", "0", "false", "no", "否"})


def rows_of(content: bytes, *, needed: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a CSV in UTF-8 or, as spreadsheets in China write it, GB18030.

    Raises TooLarge, RuleBroken `rulebook_table_malformed` when it is no such table, lacks a column or has one twice,
    `rulebook_row_malformed` when a row has a cell more than there are columns: a comma that was not quoted.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge("rulebook_table_too_large", limit=MAX_BYTES // 1_000_000)
    try:
        reader = csv.DictReader(io.StringIO(_text(content), newline=""), strict=True)
        names = reader.fieldnames = [rules.cleaned(name) for name in reader.fieldnames or ()]
        rows = [_row(number, row) for number, row in enumerate(reader, 2)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise RuleBroken("rulebook_table_malformed", field="file", columns="、".join(needed)) from error
    wrong = [name for name in needed if names.count(name) != 1] or [n for n in names if n and names.count(n) > 1]
    if wrong:
        raise RuleBroken("rulebook_table_malformed", field="file", columns="、".join(dict.fromkeys(wrong)))
    if len(rows) > MAX_ROWS:
        raise RuleBroken("rulebook_table_too_long", limit=MAX_ROWS)
    return rows


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _row(number: int, row: Mapping[Any, Any]) -> dict[str, str]:
    """Missing cells are empty."""
    beyond = [cell for cell in row.get(None, ()) if rules.cleaned(cell)]
    if beyond:
        raise _bad(number, "+", beyond[0])
    return {str(name): rules.cleaned(cell or "") for name, cell in row.items() if name is not None}


def _bad(number: int, column: str, value: str) -> RuleBroken:
    return RuleBroken("rulebook_row_malformed", row=number, column=column, value=value[:80])


def products(rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The products of a table in their first order; rows of one registration number make one product.

    Raises RuleBroken `rulebook_row_malformed`, `rulebook_names_unseparated`, `rulebook_rows_contradict` when two rows
    of one registration say different things of the product itself.
    """
    found: dict[str, tuple[int, dict[str, Any], dict[str, Any]]] = {}
    for number, row in enumerate(rows, 2):
        said = _product(number, row)
        first, told, product = found.setdefault(row["registration_no"], (number, said, _whole_product(said)))
        for name, value in said.items():
            if value != told[name]:
                raise RuleBroken("rulebook_rows_contradict", row=number, first=first, column=name)
        product["labels"] += _label(number, row)
        product["withdrawals"] += _withdrawal(number, row)
    return [product for _, _, product in found.values()]


def _whole_product(said: Mapping[str, Any]) -> dict[str, Any]:
    return {**said, "labels": [], "withdrawals": []}


def _product(number: int, row: Mapping[str, str]) -> dict[str, Any]:
    """What every row of a registration repeats."""
    return {
        "registration_no": row["registration_no"],
        **{name: row.get(name, "") for name in PRODUCT},
        **{name: list(names_in(number, name, row.get(name, ""))) for name in LISTS},
        **{name: _flag(number, row, name) for name in FLAGS},
    }


def names_in(number: int, column: str, cell: str) -> Iterator[str]:
    """The names of a cell, `|` between them. Raises as `check_name` does."""
    for name in filter(None, map(rules.cleaned, cell.split("|"))):
        check_name(number, column, name)
        yield name


def check_name(number: int, column: str, name: str) -> None:
    """Raises RuleBroken `rulebook_names_unseparated` naming row and column when something other than `|` stands between
    two names, which would make one of them that no rule knows."""
    if rules.separator_in(name):
        raise RuleBroken("rulebook_names_unseparated", row=number, column=column, value=name[:80])


def _flag(number: int, row: Mapping[str, str], column: str) -> bool:
    said = row.get(column, "").lower()
    if said not in YES | NO:
        raise _bad(number, column, said)
    return said in YES


def _label(number: int, row: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    if row.get("crop"):
        yield {
            "crop": row["crop"],
            "phi_days": _whole(number, row, "phi_days"),
            "max_uses": _whole(number, row, "max_uses") if row.get("max_uses") else None,
            "dose_max": _amount(number, row, "dose_max") if row.get("dose_max") else None,
            "dose_unit": row.get("dose_unit") or None,
        }


def _withdrawal(number: int, row: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    if row.get("animal"):
        forbidden = _flag(number, row, "forbidden")
        days = 0 if forbidden else _whole(number, row, "withdrawal_days")
        yield {"animal": row["animal"], "produce": row.get("produce", ""), "days": days, "forbidden": forbidden}


def _whole(number: int, row: Mapping[str, str], column: str) -> int:
    text = row.get(column, "")
    if not rules.is_whole(text):
        raise _bad(number, column, text)
    return int(text)


def _amount(number: int, row: Mapping[str, str], column: str) -> str:
    if not rules.is_amount(row[column]):
        raise _bad(number, column, row[column])
    return row[column]
