"""Work counted by category for any period (the repair station's annual report, 1.1)."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from aftersales.core import clock
from aftersales.core.text import text
from aftersales.core.web.access import ActorRequest, needs
from aftersales.ui.charts import Chart, Series
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission

MOST_BARS = 20


class PeriodForm(forms.Form):
    """A period of days, both included."""

    first = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


@needs(Permission.SEE_COUNTS)
@require_safe
def work_by_category(request: ActorRequest) -> HttpResponse:
    """How many units of each category were taken in during a period, as chart and table, old repairs beside our own orders."""
    today = timezone.localdate(clock.now())
    form = PeriodForm(request.GET or None)
    typed = form.cleaned_data if form.is_bound and form.is_valid() else {}
    first: date = typed.get("first") or today.replace(month=1, day=1)
    last: date = typed.get("last") or today
    if first > last:
        first, last = last, first
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
        "form": form if form.is_bound else PeriodForm(initial={"first": first, "last": last}),
        "first": first,
        "last": last,
        "rows": rows,
        "chart": chart if rows else None,
        "orders": sum(row.orders for row in rows),
        "past": sum(row.past for row in rows),
    }
    return render(request, "workshop/work_by_category.html", context)
