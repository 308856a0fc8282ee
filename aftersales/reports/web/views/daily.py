"""The daily repair report as a page, the orders behind each figure, and the workbook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from aftersales.core import clock
from aftersales.core.errors import Missing
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.reports import queries, services
from aftersales.reports.permissions import Permission
from aftersales.reports.queries import tables
from aftersales.reports.rules import wording
from aftersales.reports.rules.daily import DayReport, Figure
from aftersales.reports.web.forms import DayForm
from aftersales.staff import queries as staff
from aftersales.ui.charts import Chart, Series

ROWS_ON_A_PAGE = 200


@dataclass(frozen=True)
class Wanted:
    """What the address asks for: the station, the day, and whether as it was sent."""

    station: Any
    day: date
    is_sent: bool
    now: datetime
    form: DayForm

    def query(self, **changed: object) -> str:
        """The same request with something changed, as the query of an address."""
        facts = {"station": self.station.code, "day": self.day.isoformat(), "version": "sent" if self.is_sent else ""}
        return "&".join(f"{name}={value}" for name, value in (facts | changed).items() if value)


@needs(Permission.SEE_DAILY)
@require_safe
def daily_report(request: ActorRequest) -> HttpResponse:
    """A station's day: figures, promises, waits, and what changed."""
    wanted = _wanted(request)
    sent = queries.find_sent(request.actor, station=wanted.station.code, day=wanted.day)
    now_stands = queries.get_report(request.actor, station=wanted.station.code, day=wanted.day, now=wanted.now)
    report = sent.report if sent and wanted.is_sent else now_stands
    with timezone.override(report.zone):
        return render(request, "reports/daily.html", _context(request, wanted, sent, now_stands, report))


def _context(
    request: ActorRequest, wanted: Wanted, sent: queries.Sent | None, now_stands: DayReport, report: DayReport
) -> dict[str, Any]:
    today = clock.local_date(wanted.now, wanted.station.time_zone)
    return {
        "wanted": wanted,
        "form": wanted.form,
        "report": report,
        "sent": sent,
        "is_sent_shown": report is not now_stands,
        "differences": differences(sent.report, now_stands) if sent else [],
        "previous": wanted.query(day=wanted.day - timedelta(days=1)),
        "following": wanted.query(day=wanted.day + timedelta(days=1)) if wanted.day < today else "",
        "query": wanted.query(),
        "flow": tables.figures(report, wording.FLOW),
        "promises": tables.figures(report, wording.PROMISES),
        "standing": tables.figures(report, wording.STANDING),
        "stock": list(tables.stock_rows(report)),
        "money": tables.money_rows(report),
        "tables": tables.tables_of(report, most=ROWS_ON_A_PAGE),
        "charts": _charts(request, wanted),
        "may_plan": request.actor.may(Permission.EDIT_PLAN),
    }


def differences(sent: DayReport, now_stands: DayReport) -> list[tuple[Any, int, int]]:
    """The figures that were sent otherwise than they stand now: words, as sent, as it stands."""
    return [
        (wording.FIGURE_LABELS[figure], sent.count(figure), now_stands.count(figure))
        for figure in Figure
        if sent.count(figure) != now_stands.count(figure)
    ]


def _charts(request: ActorRequest, wanted: Wanted) -> list[tuple[str, Chart]]:
    days = queries.list_days(request.actor, station=wanted.station.code, last=wanted.day, now=wanted.now)
    labels = [f"{line.day.month}/{line.day.day}" for line in days]
    flow = Chart(
        title=_("Units in and out"),
        labels=labels,
        series=[
            Series(wording.FIGURE_LABELS[Figure.TAKEN_IN], [line.taken_in for line in days], "info"),
            Series(wording.FIGURE_LABELS[Figure.HANDED_OVER], [line.handed_over for line in days], "success"),
        ],
    )
    promises = Chart(
        title=_("Promises"),
        labels=labels,
        series=[
            Series(_("Kept"), [line.kept for line in days], "success"),
            Series(_("Not kept"), [line.broken for line in days], "danger"),
        ],
        is_stacked=True,
    )
    return [("daily-flow", flow), ("daily-promises", promises)]


@needs(Permission.SEE_DAILY)
@require_safe
def figure(request: ActorRequest) -> HttpResponse:
    """The orders behind a figure of the report."""
    wanted = _wanted(request)
    code = request.GET.get("figure", Figure.IN_HOUSE.value)
    report = _report(request, wanted)
    rows = queries.list_orders_of(request.actor, report, code)
    context = {
        "title": _label_of(code),
        "report": report,
        "rows": [(number, report.units.get(number, ""), order, _state(order)) for number, order in rows],
        "query": wanted.query(),
        "is_sent_shown": wanted.is_sent,
    }
    return render(request, "reports/figure.html", context)


def _label_of(code: str) -> Any:
    if code in set(Figure):
        return wording.FIGURE_LABELS[Figure(code)]
    return tables.phase_label(code.removeprefix("phase:"))


def _state(order: Any) -> Any:
    return tables.state_of(order.state) if order is not None else None


@needs(Permission.SEE_DAILY)
@require_safe
def workbook(request: ActorRequest) -> HttpResponse:
    """The report as an Excel file."""
    report = _report(request, _wanted(request))
    file = services.workbook_of(report, get_language() or "")
    response = HttpResponse(file.content, content_type=file.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _report(request: ActorRequest, wanted: Wanted) -> DayReport:
    if not wanted.is_sent:
        return queries.get_report(request.actor, station=wanted.station.code, day=wanted.day, now=wanted.now)
    sent = queries.find_sent(request.actor, station=wanted.station.code, day=wanted.day)
    if sent is None:
        raise Missing(_("No report of that day was sent."))
    return sent.report


def _wanted(request: ActorRequest) -> Wanted:
    now = clock.now()
    station = queries.station_for(request.actor, request.GET.get("station", ""))
    today = clock.local_date(now, station.time_zone)
    stations = _choices(staff.list_stations(request.actor))
    asked = DayForm(stations, request.GET)
    asked.is_valid()
    day: date = asked.cleaned_data.get("day") or today
    version = asked.cleaned_data.get("version", "")
    shown = {"station": station.code, "day": day, "version": version}
    return Wanted(station, day, version == "sent", now, DayForm(stations, initial=shown))


def _choices(stations: Iterable[Any]) -> list[tuple[str, str]]:
    return [(row.code, f"{row.code} · {row.name}") for row in stations]
