"""Spreadsheets of farmers as bytes: the template that is handed out, and the rows of what comes back.

What comes back may be hostile: size, entries, expanded size and rows are bounded before and while it is read, XML
entities are refused (openpyxl parses through defusedxml) and formulas arrive as text.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.styles import Font

from backend.base.errors import BadRequest, TooLarge
from backend.domains.producers import rules

MEGABYTE = 1024 * 1024
MAX_BYTES = 2 * MEGABYTE
MAX_EXPANDED = 12 * MEGABYTE  # 500 rows need 200 KB; what needs more is no list of farmers
MAX_ENTRIES = 60
MAX_SEEN_ROWS = 5000  # blank ones between and after included
WIDTHS = (14, 24, 16, 24, 36)
GUIDE = (
    "每行一户，最多 500 户。请勿改动第一行。",
    "身份证号、手机号请保持“文本”格式，否则后几位会丢失。身份证号只用于核对是否重复，系统不保存原号。",
    "第四列可填本县乡镇名称（如 黄羊镇）、9 位乡镇代码或 12 位村代码；不填则与合作社相同。",
    "不接受公式。",
)


def template() -> bytes:
    """An empty list: identity and phone columns are text, so that no digit is lost."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "农户"
    sheet.append(list(rules.COLUMNS))
    for column, width in zip("ABCDE", WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
        sheet.column_dimensions[column].number_format = "@"
        sheet[f"{column}1"].font = Font(bold=True)
    sheet.freeze_panes = "A2"
    guide = book.create_sheet("填写说明")
    guide.column_dimensions["A"].width = 100
    for line in GUIDE:
        guide.append([line])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def rows(content: bytes) -> list[tuple[int, tuple[Any, ...]]]:
    """(row number, cells) of every row of the first sheet that is not blank, the header checked and left out.

    Raises TooLarge, BadRequest.
    """
    _check_archive(content)
    try:
        found = list(_filled(content))
    except BadRequest:
        raise
    except Exception as error:  # a parser meeting a hostile or broken file raises whatever it likes
        raise BadRequest("import_unreadable", field="file") from error
    if not found or found[0][0] != 1:
        raise BadRequest("import_wrong_header", field="file", columns="、".join(rules.COLUMNS))
    rules.header(found[0][1])
    if len(found) == 1:
        raise BadRequest("import_empty", field="file")
    if len(found) - 1 > rules.MAX_ROWS:
        raise BadRequest("import_too_many_rows", field="file", most=rules.MAX_ROWS)
    return found[1:]


def _check_archive(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise TooLarge("import_too_large", field="file", megabytes=MAX_BYTES // MEGABYTE)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise BadRequest("import_unreadable", field="file") from error
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_EXPANDED:
        raise TooLarge("import_too_large", field="file", megabytes=MAX_BYTES // MEGABYTE)


def _filled(content: bytes) -> Iterator[tuple[int, tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # the declared size of a sheet is a claim
        for number, cells in enumerate(sheet.iter_rows(max_col=len(rules.COLUMNS), values_only=True), start=1):
            if number > MAX_SEEN_ROWS:
                raise BadRequest("import_too_many_rows", field="file", most=rules.MAX_ROWS)
            if any(cell is not None and str(cell).strip() for cell in cells):
                yield number, tuple(cells)
    finally:
        book.close()
