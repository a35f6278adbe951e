"""One row of a cooperative's list of farmers, from cell values to a checked farmer or the reasons against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.base.errors import BadRequest, RuleBroken
from backend.domains.producers.rules.identity import Identity, identity, phone, plain
from backend.domains.producers.rules.places import place, township_named

COLUMNS = ("姓名", "身份证号", "手机号", "乡镇名称或区划代码", "详细地址")
MAX_ROWS = 500
LONGEST = (30, 32, 20, 20, 100)  # characters, column by column
EXACT_DIGITS = 15  # a spreadsheet keeps no more of a number


@dataclass(frozen=True, slots=True)
class Farmer:
    name: str
    identity: Identity
    phone: str
    region: str
    address: str


def header(cells: Sequence[Any]) -> None:
    """The first row names the template's columns. Raises BadRequest `import_wrong_header`."""
    if tuple(str(cell or "").strip() for cell in cells[: len(COLUMNS)]) != COLUMNS:
        raise BadRequest("import_wrong_header", field="file", columns="、".join(COLUMNS))


def farmer(cells: Sequence[Any], *, region: str, today: date) -> Farmer:
    """A farmer from the cells of a row; a blank place means the cooperative's own `region`. Raises RuleBroken.

    Formulas arrive as text that begins with "=" and are refused, never evaluated.
    """
    name, number, contact, where, address = [_text(cell, column) for column, cell in enumerate(_padded(cells))]
    if not name:
        raise RuleBroken("import_name_missing", field=COLUMNS[0])
    if not number:
        raise RuleBroken("identity_missing", field=COLUMNS[1], kind="农户")
    return Farmer(
        name=name,
        identity=identity("smallholder", code=None, person=number, today=today),
        phone=phone(contact),
        region=_place(where, region),
        address=address,
    )


def _padded(cells: Sequence[Any]) -> list[Any]:
    width = len(COLUMNS)
    return [*cells[:width], *([None] * (width - len(cells)))]


def _text(cell: Any, column: int) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    if isinstance(cell, int | float) and len(text) > EXACT_DIGITS:
        raise RuleBroken("import_number_lost_digits", field=COLUMNS[column])
    if text.startswith("="):
        raise RuleBroken("import_formula", field=COLUMNS[column])
    if len(text) > LONGEST[column]:
        raise RuleBroken("import_cell_too_long", field=COLUMNS[column], most=LONGEST[column])
    return text


def _place(where: str, region: str) -> str:
    if not where:
        return region
    code = plain(where)
    return place(code) if code.isascii() and code.isdigit() else township_named(where, near=region)
