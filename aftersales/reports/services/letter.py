"""The report as an e-mail: subject, plain text, HTML that mail programs draw as meant, and the workbook beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from aftersales.core import outbox
from aftersales.core.text import Text, text as _
from aftersales.reports.queries import tables
from aftersales.reports.rules import plain, wording
from aftersales.reports.rules.daily import DayReport, Figure
from aftersales.reports.services.workbook import workbook_of

ROWS_IN_A_LETTER = 60
"""The workbook beside it has all of them."""


@dataclass(frozen=True)
class Letter:
    """A report to be written to somebody, and what is to be said about it."""

    report: DayReport
    made_at: datetime
    due_at: datetime | None = None
    is_late: bool = False
    is_test: bool = False
    sha256: str = ""

    @classmethod
    def of(cls, row: Any) -> Letter:
        """The letter of a report that was made and kept."""
        report = plain.thaw(DayReport, row.snapshot)
        return cls(report, row.made_at, row.due_at, row.is_late, sha256=row.sha256)

    @classmethod
    def test(cls, report: DayReport, now: datetime) -> Letter:
        """A letter that only shows whether letters arrive."""
        return cls(report, now, is_test=True)


@dataclass(frozen=True)
class Written:
    """A letter as it goes out."""

    subject: str
    text: str
    html: str
    workbook: outbox.Attached


def write(letter: Letter, language: str) -> Written:
    """The letter in this language; its times are those of the station."""
    with translation.override(language), timezone.override(ZoneInfo(letter.report.zone)):
        context = _context(letter, language)
        return Written(
            subject=str(_subject(letter)),
            text=render_to_string("reports/mail/daily.txt", context),
            html=render_to_string("reports/mail/daily.html", context),
            workbook=workbook_of(letter.report, language),
        )


def _subject(letter: Letter) -> Text:
    report = letter.report
    facts = {
        "day": report.day.isoformat(),
        "station": report.station_name,
        "taken_in": report.count(Figure.TAKEN_IN),
        "handed_over": report.count(Figure.HANDED_OVER),
        "in_house": report.closing,
        "missed": report.count(Figure.TOLD) + report.count(Figure.MISSED),
    }
    subject = _(
        "Daily repair report {day}, {station}: {taken_in} in, {handed_over} out, {in_house} in the house, {missed} promises not kept",
        **facts,
    )
    if letter.is_test:
        return _("[Test] {subject}", subject=subject)
    return _("[Late] {subject}", subject=subject) if letter.is_late else subject


def _context(letter: Letter, language: str) -> dict[str, Any]:
    report = letter.report
    query = urlencode({"station": report.station, "day": report.day.isoformat()})
    return {
        "letter": letter,
        "report": report,
        "language": language,
        "flow": tables.figures(report, wording.FLOW),
        "promises": tables.figures(report, wording.PROMISES),
        "standing": tables.figures(report, wording.STANDING),
        "stock": list(tables.stock_rows(report)),
        "money": tables.money_rows(report),
        "tables": tables.tables_of(report, most=ROWS_IN_A_LETTER),
        "page": f"{settings.PUBLIC_URL}{reverse('reports:daily')}?{query}",
        "figure_page": f"{settings.PUBLIC_URL}{reverse('reports:figure')}?{query}&figure=",
        "site": settings.PUBLIC_URL,
    }
