"""The empty table that one fills in: headings in the reader's language, words to choose among, an explanation of each column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from aftersales.core.sheets import writing
from aftersales.core.text import text as _
from aftersales.exchange.queries.tables import Table
from aftersales.exchange.rules.imports import TableField

ROWS_WITH_CHOICES = 5000
MOST_CHOICES_IN_A_CELL = 250
"""Characters that a drop-down may hold by itself; longer lists stand in the explanation."""


def make_template(path: Path, table: Table) -> int:
    """The number of columns of the template written to `path`."""
    fields = table.fields()
    book = xlsxwriter.Workbook(str(path))
    bold = book.add_format({"bold": True, "bg_color": "#EEF1F4", "bottom": 1})
    needed = book.add_format({"bold": True, "bg_color": "#FAEACB", "bottom": 1})
    typed = book.add_format({"num_format": "@"})  # as text, so that zeros in front and long numbers stay
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(writing.sheet_title(str(table.title)))
    sheet.freeze_panes(1, 0)
    for place, field in enumerate(fields):
        head = f"{field.label}*" if field.is_required else str(field.label)
        sheet.write_string(0, place, head, needed if field.is_required else bold)
        sheet.set_column(place, place, max(12, 2 * len(head) + 4), typed)
        _offer_choices(sheet, place, field)
    _explain(book.add_worksheet(writing.sheet_title(str(_("Explanation")))), fields, bold, wrapped)
    book.close()
    return len(fields)


def _offer_choices(sheet: Any, place: int, field: TableField) -> None:
    words = [str(choice) for choice in field.choices]
    if words and len(",".join(words)) <= MOST_CHOICES_IN_A_CELL:
        sheet.data_validation(
            1, place, ROWS_WITH_CHOICES, place, {"validate": "list", "source": words, "error_type": "warning"}
        )


def _explain(sheet: Any, fields: Any, bold: Any, wrapped: Any) -> None:
    heads = (_("Column"), _("Needed"), _("What to write"), _("Example"), _("Words to choose among"))
    for place, (head, width) in enumerate(zip(heads, (22, 8, 60, 24, 60), strict=True)):
        sheet.write_string(0, place, str(head), bold)
        sheet.set_column(place, place, width)
    for row, field in enumerate(fields, start=1):
        needed = _("yes") if field.is_required else ""
        words = "\n".join(str(choice) for choice in field.choices)
        for place, value in enumerate((field.label, needed, field.hint, field.example, words)):
            sheet.write_string(row, place, str(value), wrapped)
