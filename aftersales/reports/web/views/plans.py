"""When the daily report goes out and to whom, a test letter, and sending a day's report again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from aftersales.core import clock
from aftersales.core.errors import Missing, Refused
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.reports import queries, services
from aftersales.reports.permissions import Permission
from aftersales.reports.rules import schedule
from aftersales.reports.web.forms import PlanForm, TestForm
from aftersales.ui.forms import add_refusal


@needs(Permission.EDIT_PLAN)
@require_safe
def report_plans(request: ActorRequest) -> HttpResponse:
    """When and to whom each station reports."""
    rows = [(plan, schedule.DAYS_LABELS[schedule.Days(plan.days)]) for plan in queries.list_plans(request.actor)]
    return render(request, "reports/plans.html", {"rows": rows})


@needs(Permission.EDIT_PLAN)
def edit_plan(request: ActorRequest, station: str) -> HttpResponse:
    """The form for a station's plan."""
    plan = queries.get_plan(request.actor, station)
    form = PlanForm(request.POST or None, initial=_initial(plan))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.edit_plan(request.actor, station=station, **form.cleaned_data, now=clock.now())
            except Refused as refused:
                add_refusal(form, refused)
                status = refused.status
            else:
                messages.success(request, str(_("Saved.")))
                return redirect("reports:plans")
    return render(request, "reports/plan.html", {"form": form, "plan": plan, "test_form": TestForm()}, status=status)


def _initial(plan: Any) -> dict[str, Any]:
    names = ("is_on", "send_at", "days", "covers", "language", "version")
    return {name: getattr(plan, name) for name in names} | {"addresses": "\n".join(plan.addresses)}


@needs(Permission.EDIT_PLAN)
@require_POST
def send_test_report(request: ActorRequest, station: str) -> HttpResponse:
    """Send today's report, as far as the day has come, to one address."""
    form = TestForm(request.POST)
    typed = form.cleaned_data["address"] if form.is_valid() else request.POST.get("address", "")
    try:
        address = services.send_test_report(request.actor, station=station, address=typed, now=clock.now())
    except Refused as refused:
        if refused.field != "address":
            raise
        add_refusal(form, refused)
        plan = queries.get_plan(request.actor, station)
        context = {"form": PlanForm(initial=_initial(plan)), "plan": plan, "test_form": form}
        return render(request, "reports/plan.html", context, status=refused.status)
    messages.success(request, str(_("The test is on its way to {address}.", address=address)))
    return redirect("reports:edit_plan", station)


@needs(Permission.EDIT_PLAN)
@require_POST
def send_report_again(request: ActorRequest, station: str, day: str) -> HttpResponse:
    """Send a day's report once more."""
    services.send_report_again(request.actor, station=station, day=day_of(day), now=clock.now())
    messages.success(request, str(_("The report is on its way again.")))
    return redirect(f"{reverse('reports:daily')}?station={station}&day={day}&version=sent")


def day_of(typed: str) -> date:
    """The day in an address; missing when there is no such day."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Missing from None
