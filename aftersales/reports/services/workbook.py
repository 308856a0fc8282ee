"""The report as a workbook: a sheet of figures, and a sheet for each of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from aftersales.core import outbox
from aftersales.core.sheets.writing import Sheet, write_workbook
from aftersales.core.text import text as _
from aftersales.reports.queries import tables
from aftersales.reports.rules import wording
from aftersales.reports.rules.daily import DayReport

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_of(report: DayReport, language: str) -> outbox.Attached:
    """The report as an Excel file in this language, its times those of the station."""
    with (
        translation.override(language),
        timezone.override(ZoneInfo(report.zone)),
        TemporaryDirectory() as folder,
    ):
        path = Path(folder) / "report.xlsx"
        write_workbook(path, [_figures(report), *(_sheet(table) for table in tables.tables_of(report))])
        return outbox.Attached(file_name(report), XLSX, path.read_bytes())


def file_name(report: DayReport) -> str:
    """What the file is called: plain letters, so that every mail program can save it."""
    return f"daily-{report.station}-{report.day.isoformat()}.xlsx"


def _figures(report: DayReport) -> Sheet:
    heads = (_("Section"), _("Figure"), _("Count"), _("Before"), _("Amount"))
    return Sheet(str(_("Figures")), heads, list(_figure_rows(report)))


def _figure_rows(report: DayReport) -> Iterator[Sequence[Any]]:
    yield None, _("Station"), report.station_name, None, None
    yield None, _("Day"), report.day, None, None
    yield None, _("Counted until"), report.until, None, None
    for cell in tables.figures(report, wording.FLOW):
        yield _("Done today"), cell.label, cell.count, None, None
    for what, how_many, amount in tables.money_rows(report):
        yield _("Amounts"), what, how_many, None, amount
    for _code, label, before, now, _change in tables.stock_rows(report):
        yield _("In the house"), label, now, before, None
    yield _("In the house"), _("Altogether"), report.closing, report.opening, None
    for cell in tables.figures(report, wording.PROMISES):
        yield _("Promises"), cell.label, cell.count, None, None
    for cell in tables.figures(report, wording.STANDING):
        yield _("In the house"), cell.label, cell.count, None, None


def _sheet(table: tables.Table) -> Sheet:
    return Sheet(str(table.title), table.heads, [[_plain(cell) for cell in row] for row in table.rows])


def _plain(cell: Any) -> Any:
    if isinstance(cell, tables.Moment):
        return cell.at
    return str(cell) if isinstance(cell, (tables.OrderNo, tables.Toned)) else cell
