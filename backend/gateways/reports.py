"""Reports as files: a page of facts and tables as PDF, and the same rows as a workbook whose columns can be sorted."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
from fpdf import FPDF
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from backend.gateways.labels.paper import GREEN, INK, QUIET_INK, fit_line, new_document, put, wrap

WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 15.0
ROOM = WIDTH - 2 * MARGIN
LINE = 6.2
SHADE = PatternFill("solid", fgColor="E7F0EA")


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` are (heading, share of the width); a cell is text or a number. `title` names it and its sheet."""

    title: str
    columns: Sequence[tuple[str, float]]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Report:
    """`facts` are (label, value) lines above the tables; `foot` stands on every page."""

    title: str
    facts: Sequence[tuple[str, str]]
    tables: Sequence[Table]
    foot: str = ""


def pdf(report: Report, *, most: int = 300) -> bytes:
    """A4 pages. A table shows its first `most` rows and says how many it has; the workbook has them all."""
    page = new_document("P", "A4")
    page.set_title(report.title)
    page.set_lang("zh-CN")
    y = _new_page(page, report)
    page.set_text_color(*GREEN)
    put(page, MARGIN, y, report.title, width=ROOM, size=20)
    y = _facts(page, report, y + 13)
    for table in report.tables:
        y = _table(page, report, table, y + 5, most)
    return bytes(page.output())


def _new_page(page: FPDF, report: Report) -> float:
    page.add_page()
    page.set_font("sans", size=8)
    page.set_text_color(*QUIET_INK)
    put(page, MARGIN, HEIGHT - 12, f"{report.foot}   {page.page_no()}", width=ROOM, size=8)
    page.set_text_color(*INK)
    return MARGIN


def _facts(page: FPDF, report: Report, y: float) -> float:
    for label, value in report.facts:
        page.set_font("sans", size=10.5)
        lines = wrap(page, value, ROOM - 38) or [""]
        if y + LINE * len(lines) > HEIGHT - 22:
            y = _new_page(page, report)
        page.set_text_color(*QUIET_INK)
        put(page, MARGIN, y, label, width=36, size=10.5)
        page.set_text_color(*INK)
        for line in lines:
            put(page, MARGIN + 38, y, line, width=ROOM - 38, size=10.5)
            y += LINE
    return y


def _table(page: FPDF, report: Report, table: Table, y: float, most: int) -> float:
    if y > HEIGHT - 50:
        y = _new_page(page, report)
    omitted = len(table.rows) - most
    more = f"（{len(table.rows)}，下列前 {most} 行，全部见表格文件）" if omitted > 0 else f"（{len(table.rows)}）"
    page.set_text_color(*GREEN)
    page.set_font("sans", size=13)
    put(page, MARGIN, y, table.title + more, width=ROOM, size=13)
    y = _row(page, [name for name, _ in table.columns], table, y + 8, head=True)
    for row in table.rows[:most]:
        if y > HEIGHT - 22:
            y = _row(page, [name for name, _ in table.columns], table, _new_page(page, report), head=True)
        y = _row(page, row, table, y)
    return y


def _row(page: FPDF, cells: Sequence[Any], table: Table, y: float, *, head: bool = False) -> float:
    x, whole = MARGIN, sum(share for _, share in table.columns)
    page.set_text_color(*(QUIET_INK if head else INK))
    for cell, (_, share) in zip(cells, table.columns, strict=True):
        width = ROOM * share / whole
        page.set_font("sans", size=9)
        shown, size = fit_line(page, str(cell), width - 1.5, 9, 6.5)
        page.set_font_size(size)
        page.set_xy(x, y)
        page.cell(width, 4, shown)
        x += width
    page.set_draw_color(*(GREEN if head else (215, 222, 218)))
    page.set_line_width(0.3 if head else 0.15)
    page.line(MARGIN, y + 5, WIDTH - MARGIN, y + 5)
    return y + LINE


def workbook(report: Report) -> bytes:
    """The facts on the first sheet, a sheet for each table; whatever looks like a formula is text."""
    book = openpyxl.Workbook()
    first = book.worksheets[0]
    first.title = "摘要"
    first.append([report.title])
    first["A1"].font = Font(bold=True, size=14)
    for label, value in report.facts:
        first.append([label, value])
    first.column_dimensions["A"].width, first.column_dimensions["B"].width = 18, 70
    _as_text(first)
    for table in report.tables:
        _sheet(book, table)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _sheet(book: openpyxl.Workbook, table: Table) -> None:
    sheet = book.create_sheet(table.title[:31])
    sheet.append([name for name, _ in table.columns])
    whole = sum(share for _, share in table.columns)
    for number, (_, share) in enumerate(table.columns, start=1):
        cell = sheet.cell(1, number)
        cell.font, cell.fill, cell.alignment = Font(bold=True), SHADE, Alignment(vertical="center")
        sheet.column_dimensions[get_column_letter(number)].width = max(10, 110 * share / whole)
    for row in table.rows:
        sheet.append(list(row))
    _as_text(sheet)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _as_text(sheet: Any) -> None:
    """A name that begins like a formula must not become one on the reader's machine."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"
