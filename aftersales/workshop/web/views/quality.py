"""The quality of repairs: by technician and station as picture and table, and the orders behind each number."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from aftersales.core import clock
from aftersales.core.text import text
from aftersales.core.web.access import ActorRequest, needs
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.charts import Chart, Series
from aftersales.ui.lists import paginate
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.quality import ENOUGH, FIGURE_LABELS, Figure, Tally
from aftersales.workshop.web import quality_listing as listing
from aftersales.workshop.web.exports import QUALITY

MOST_BARS = 20


@needs(Permission.SEE_OWN_QUALITY)
@require_safe
def quality(request: ActorRequest) -> HttpResponse:
    """What each technician finished, passed at the first check, got back from it, and which faults came back."""
    listed = listing.listed(request, today=timezone.localdate(clock.now()), zone=timezone.get_current_timezone_name())
    page = paginate(listed.rows, request)
    context = {
        "form": listed.form,
        "heads": listed.sorting.heads,
        "page": page,
        "rows": [(row, _links(row, listed.asked)) for row in page],
        "totals": [
            (label, sum(getattr(row, figure) for row in listed.rows)) for figure, label in FIGURE_LABELS.items()
        ],
        "enough": ENOUGH,
        "first": listed.asked.first,
        "last": listed.asked.last,
        "chart": _chart(listed.rows),
        "export": export_button(request, QUALITY),
    }
    return render(request, "workshop/quality.html", context)


@needs(Permission.SEE_OWN_QUALITY)
@require_safe
def quality_orders(request: ActorRequest) -> HttpResponse:
    """The orders behind one number."""
    listed = listing.listed(request, today=timezone.localdate(clock.now()), zone=timezone.get_current_timezone_name())
    figure = listing.figure_of(request.GET)
    page = paginate(queries.list_quality_orders(request.actor, listed.asked, figure), request)
    context = {
        "label": FIGURE_LABELS[figure],
        "is_repeat": figure is Figure.CAME_BACK,
        "page": page,
        "asked": listed.asked,
        "back": urlencode(listing.days_of(listed.asked)),
    }
    return render(request, "workshop/quality_orders.html", context)


def _links(row: Tally, asked: queries.QualityAsked) -> dict[str, str]:
    said = listing.days_of(asked) | {"station": row.station, "technician": row.technician_id}
    return {figure.value: urlencode(said | {"figure": figure.value}) for figure in Figure}


def _chart(rows: list[Tally]) -> Chart | None:
    shown = [row for row in rows if row.is_enough][:MOST_BARS]
    if not shown:
        return None
    return Chart(
        title=text("Repairs by technician"),
        labels=[f"{row.technician} · {row.station}" for row in shown],
        series=[
            Series(text("Passed the first check"), [row.first_time for row in shown], "success"),
            Series(text("Passed after rework"), [row.passed - row.first_time for row in shown], "warning"),
            Series(text("Faults that came back"), [row.came_back for row in shown], "danger"),
        ],
        is_horizontal=True,
    )
