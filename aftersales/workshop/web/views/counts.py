"""Work counted: by category for any period (the repair station's annual report, 1.1), and by month and phase."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from aftersales.core import clock
from aftersales.core.text import text
from aftersales.core.web.access import ActorRequest, needs
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.charts import Chart, Series
from aftersales.ui.lists import chips
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.order import PHASE_LABELS
from aftersales.workshop.web.exports import WORK_BY_CATEGORY
from aftersales.workshop.web.listing import MonthsForm, period

MOST_BARS = 20


@needs(Permission.SEE_COUNTS)
@require_safe
def work_by_category(request: ActorRequest) -> HttpResponse:
    """How many units of each category were taken in during a period, as chart and table, old repairs beside our own orders."""
    today = timezone.localdate(clock.now())
    first, last, form = period(request.GET, today=today)
    rows = queries.count_by_category(request.actor, first=first, last=last)
    shown = rows[:MOST_BARS]
    chart = Chart(
        title=text("Units taken in by category"),
        labels=[str(row.label) for row in shown],
        series=[
            Series(text("Repair orders"), [row.orders for row in shown]),
            Series(text("Repair history"), [row.past for row in shown]),
        ],
        is_stacked=True,
        is_horizontal=True,
    )
    context = {
        "form": form,
        "first": first,
        "last": last,
        "rows": rows,
        "chart": chart if rows else None,
        "orders": sum(row.orders for row in rows),
        "past": sum(row.past for row in rows),
        "export": export_button(request, WORK_BY_CATEGORY),
    }
    return render(request, "workshop/work_by_category.html", context)


@needs(Permission.SEE_COUNTS)
@require_safe
def work_by_month(request: ActorRequest) -> HttpResponse:
    """How many units came in each month, and where they stand now, as chart and table."""
    today = timezone.localdate(clock.now())
    form = MonthsForm(request.GET, request.actor, today=today)
    rows = queries.count_by_month(request.actor, **form.wanted())
    series = [Series(label, [row.in_phase[phase] for row in reversed(rows)]) for phase, label in PHASE_LABELS.items()]
    chart = Chart(
        title=text("Units taken in by month, and where they stand"),
        labels=[f"{row.month:%Y-%m}" for row in reversed(rows)],
        series=[*series, Series(text("Handed over"), [row.gone for row in reversed(rows)], "neutral")],
        is_stacked=True,
    )
    context = {
        "form": form,
        "chips": chips(request, form),
        "phases": PHASE_LABELS.values(),
        "rows": [(row, [(label, row.in_phase[phase]) for phase, label in PHASE_LABELS.items()]) for row in rows],
        "taken_in": sum(row.taken_in for row in rows),
        "here": sum(row.taken_in - row.gone for row in rows),
        "gone": sum(row.gone for row in rows),
        "chart": chart,
    }
    return render(request, "workshop/work_by_month.html", context)
