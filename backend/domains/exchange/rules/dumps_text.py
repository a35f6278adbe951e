"""Rows as CSV and as JSON Lines. The CSV is made for spreadsheets, which must neither guess its encoding nor run it."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

BOM = "\ufeff"  # without it a Chinese Excel reads UTF-8 as GBK
RISKY = tuple("=+-@＝＋－＠")  # how a formula begins, in half and full width (OWASP, CSV injection)
CUT = ("\t", "\r", "\n")  # some spreadsheets drop these first
FORMS: Mapping[str, str] = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}


def head(form: str, columns: Sequence[str]) -> bytes:
    """What stands before the first row."""
    return (BOM + _lines([columns])).encode() if form == "csv" else b""


def body(form: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The rows, each with exactly these columns; a row without one of them raises KeyError."""
    ordered = [{name: row[name] for name in columns} for row in rows]
    if form == "csv":
        return _lines([cell(value) for value in row.values()] for row in ordered).encode()
    return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in ordered).encode()


def _lines(rows: Iterable[Sequence[str]]) -> str:
    """RFC 4180: CRLF, quotes where needed."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def cell(value: Any) -> str:
    """A value as text: lists joined by `; `, nothing as nothing. Text that a spreadsheet would take for a formula gets
    an apostrophe before it; numbers do not."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = "; ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if text.lstrip().startswith(RISKY) or text.startswith(CUT) else text
