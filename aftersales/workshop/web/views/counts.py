"""Work counted by category for any period (the repair station's annual report, 1.1)."""

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
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission
from aftersales.workshop.web.exports import WORK_BY_CATEGORY
from aftersales.workshop.web.listing import period

MOST_BARS = 20


@needs(Permission.SEE_COUNTS)
@require_safe
def work_by_category(request: ActorRequest) -> HttpResponse:
    """How many units of each category were taken in during a period, as chart and table, old repairs beside our own orders."""
    today = timezone.localdate(clock.now())
    first, last, form = period(request.GET, today=today)
    rows = queries.count_by_category(request.actor, first=first, last=last, zone=timezone.get_current_timezone_name())
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
