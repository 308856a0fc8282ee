"""Writing tables as Excel workbooks and CSV: row by row, whatever their length, and no cell ever runs as a formula.

Spreadsheet programs take a cell that begins with `=`, `+`, `-`, `@` (or their full-width forms, a tab or a line end) for a formula.
In a workbook every text is written as text; in CSV, which knows no types, such a text gets an apostrophe in front. What this
module writes, `reading` reads back the same.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from django.utils import timezone

from aftersales.core.errors import Refused
from aftersales.core.money import Money
from aftersales.core.text import text as _

MOST_ROWS_IN_A_SHEET = 1_048_575
LONGEST_TEXT = 32_767
"""What a cell of a workbook holds; XlsxWriter would silently leave out a longer one."""
LONGEST_NUMBER = 15
"""Digits that survive in a spreadsheet's numbers; a longer one is written as text."""
NARROWEST, WIDEST = 8, 48
ROWS_MEASURED = 200
CUT = "…"
RISKY = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""How a text begins that a spreadsheet program would run, or would read with one apostrophe less."""

_NOT_IN_A_CELL = {code: None for code in [*range(0x20), 0x7F, 0xFFFE, 0xFFFF] if chr(code) not in "\t\n"}
_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\]")
_YES, _NO = _("Yes"), _("No")
_MONEY, _DAY, _MOMENT = "#,##0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"

Rows = Iterable[Sequence[object]]


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook."""

    title: str
    heads: Sequence[object]
    rows: Rows


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> int:
    """The number of rows written into a workbook of these sheets, whose titles must differ."""
    with TemporaryDirectory(dir=path.parent, prefix=".") as aside:
        # Constant memory: every row goes to the disk when the next one begins.
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": aside})
        count = sum(_fill(book, each.title, [plain_text(head) for head in each.heads], each.rows) for each in sheets)
        book.close()
    return count


def write_xlsx(path: Path, *, title: str, heads: Sequence[object], rows: Rows) -> int:
    """The number of rows written into a workbook of one sheet: heads frozen, days and amounts as such."""
    return write_workbook(path, [Sheet(title, heads, rows)])


def write_csv(path: Path, *, title: str, heads: Sequence[object], rows: Rows) -> int:  # noqa: ARG001 - as write_xlsx
    """The number of rows written as CSV in UTF-8 with the mark by which Excel knows it."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([harmless(plain_text(head)) for head in heads])
        for row in rows:
            writer.writerow([_in_csv(value) for value in row])
            count += 1
    return count


WRITERS: Mapping[str, Callable[..., int]] = {"xlsx": write_xlsx, "csv": write_csv}


def plain_text(value: object) -> str:
    """The value in words, without the signs that no cell may hold, and cut where a cell ends."""
    words = value if isinstance(value, str) else str(value)
    words = words.replace("\r\n", "\n").replace("\r", "\n").translate(_NOT_IN_A_CELL)
    words = words.encode("utf-8", "replace").decode()  # half a surrogate pair is no character
    return words if len(words) <= LONGEST_TEXT else words[: LONGEST_TEXT - 1] + CUT


def harmless(text: str) -> str:
    """The text with an apostrophe in front where it would otherwise be run."""
    return f"'{text}" if RISKY.match(text) else text


def _in_csv(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_YES if value else _NO)
    if isinstance(value, Money):
        return value.plain
    if isinstance(value, int | Decimal):
        return value
    if isinstance(value, datetime):
        return f"{_local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return harmless(plain_text(value))


def _fill(book: Any, title: str, heads: Sequence[str], rows: Rows) -> int:
    sheet = book.add_worksheet(sheet_title(title))
    bold = book.add_format({"bold": True, "bg_color": "#EEF1F4", "bottom": 1, "text_wrap": False})
    formats = {form: book.add_format({"num_format": form}) for form in (_MONEY, _DAY, _MOMENT)}
    rows = iter(rows)
    first = list(islice(rows, ROWS_MEASURED))
    for column, width in enumerate(_widths(heads, first)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    count = 0
    for count, row in enumerate(chain(first, rows), start=1):
        if count > MOST_ROWS_IN_A_SHEET:
            raise Refused(_("An Excel sheet has no room for more than a million rows. Narrow the list, or take CSV."))
        for column, value in enumerate(row):
            _write(sheet, formats, count, column, value)
    if heads:
        sheet.autofilter(0, 0, count, len(heads) - 1)
    return count


def _write(sheet: Any, formats: Mapping[str, Any], row: int, column: int, value: object) -> None:
    if value is None or value == "":
        return
    if isinstance(value, Money):
        sheet.write_number(row, column, value.fen / 100, formats[_MONEY])
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        _write_number(sheet, row, column, value)
    elif isinstance(value, date):
        _write_day(sheet, formats, row, column, value)
    else:
        words = (_YES if value else _NO) if isinstance(value, bool) else value
        sheet.write_string(row, column, plain_text(words))


def _write_number(sheet: Any, row: int, column: int, value: int | Decimal) -> None:
    if len(str(value).strip("-").replace(".", "")) > LONGEST_NUMBER:
        sheet.write_string(row, column, str(value))
    else:
        sheet.write_number(row, column, value)


def _write_day(sheet: Any, formats: Mapping[str, Any], row: int, column: int, value: date) -> None:
    if value.year < 1900:  # where a workbook's calendar begins
        sheet.write_string(row, column, value.isoformat())
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, _local(value), formats[_MOMENT])
    else:
        sheet.write_datetime(row, column, value, formats[_DAY])


def _local(value: datetime) -> datetime:
    """The moment on the clock of the place, which is the only one a spreadsheet knows."""
    return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value


def sheet_title(title: str) -> str:
    """The title as the name of a sheet may be."""
    return _NOT_IN_A_TITLE.sub(" ", title).strip(" '")[:31] or "1"


def _widths(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> list[int]:
    shown = [[_width(head) + 3 for head in heads], *([_width(_in_csv(value)) + 1 for value in row] for row in rows)]
    return [min(WIDEST, max(NARROWEST, *column)) for column in zip(*shown, strict=False)]


def _width(value: object) -> int:
    """How wide it is drawn: Chinese characters take two places; of several lines the first counts."""
    line = str(value).split("\n", 1)[0][:WIDEST]
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)
