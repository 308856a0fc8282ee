"""Pages of calendars: look at a year, change it, and work out a date."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aftersales.core import clock
from aftersales.core.errors import Refused
from aftersales.core.text import text as _, text_n
from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.web.idempotency import reads
from aftersales.deadlines import queries, services
from aftersales.deadlines.permissions import Permission
from aftersales.deadlines.queries import CalendarView, SpecialDayView
from aftersales.deadlines.rules import years
from aftersales.deadlines.services import Edited
from aftersales.deadlines.web import exports, forms
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.forms import add_refusal


@require_GET
@needs(Permission.SEE)
def calendars(request: ActorRequest) -> HttpResponse:
    """Every calendar with its hours."""
    shown = queries.list_calendars(request.actor)
    context = {
        "calendars": shown,
        "may_edit": _may_edit(request),
        "export": export_button(request, exports.CALENDARS),
    }
    return render(request, "deadlines/calendars.html", context)


@require_GET
@needs(Permission.SEE)
def calendar(request: ActorRequest, code: str) -> HttpResponse:
    """One calendar with a year of it."""
    shown = queries.get_calendar(request.actor, code=code)
    today = clock.local_date(clock.now(), shown.zone)
    number = exports.asked_year(request.GET.get("year", ""), today.year)
    context = {
        "calendar": shown,
        "year": queries.get_year(request.actor, code=code, year=number),
        "today": today,
        "years": range(number - 2, number + 3),
        "may_edit": _may_edit(request),
        "export": export_button(request, exports.SPECIAL_DAYS, calendar=code, year=number),
    }
    return render(request, "deadlines/calendar.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.EDIT)
def create_calendar(request: ActorRequest) -> HttpResponse:
    """A new calendar."""
    others = queries.list_calendars(request.actor)
    standard = next(iter(others), None)
    initial = {"zone": "Asia/Shanghai", "based_on": standard.code if standard else "", "has_public_holidays": True}
    form = forms.NewCalendarForm(request.POST or None, others=others, initial=initial | _week(standard))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_calendar(
                request.actor, code=form.cleaned_data["code"], **form.facts(), now=clock.now()
            )
        except Refused as refused:
            return _refused(request, "deadlines/calendar_form.html", form, refused, {})
        messages.success(request, str(_("The calendar {code} was created.", code=made.code)))
        return redirect("deadlines:calendar", code=made.code)
    return render(request, "deadlines/calendar_form.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "POST"])
@needs(Permission.EDIT)
def edit_calendar(request: ActorRequest, code: str) -> HttpResponse:
    """Other hours, zone or basis."""
    shown = queries.get_calendar(request.actor, code=code)
    others = [other for other in queries.list_calendars(request.actor) if other.code != code]
    form = forms.CalendarForm(request.POST or None, others=others, initial=_initial(shown))
    if request.method == "POST" and form.is_valid():
        try:
            edited = services.edit_calendar(
                request.actor,
                code=code,
                version=form.cleaned_data["version"] or 0,
                **form.facts(),
                now=clock.now(),
            )
        except Refused as refused:
            return _refused(request, "deadlines/calendar_form.html", form, refused, {"calendar": shown})
        return _done(request, edited)
    return render(request, "deadlines/calendar_form.html", {"form": form, "calendar": shown}, status=_status(form))


@require_http_methods(["GET", "POST"])
@needs(Permission.EDIT)
def set_special_day(request: ActorRequest, code: str) -> HttpResponse:
    """A date off, worked, or open at own hours."""
    shown = queries.get_calendar(request.actor, code=code)
    on = _date(request.GET.get("on", ""))
    standing = queries.find_special_day(request.actor, code=code, on=on) if on else None
    form = forms.SpecialDayForm(request.POST or None, initial=_special(shown, on, standing))
    if request.method == "POST" and form.is_valid():
        try:
            edited = services.set_special_day(request.actor, code=code, **form.cleaned_data, now=clock.now())
        except Refused as refused:
            return _refused(request, "deadlines/special_day.html", form, refused, {"calendar": shown})
        return _done(request, edited, year=form.cleaned_data["on"].year)
    context = {"form": form, "calendar": shown, "standing": standing}
    return render(request, "deadlines/special_day.html", context, status=_status(form))


@require_POST
@needs(Permission.EDIT)
def remove_special_day(request: ActorRequest, code: str) -> HttpResponse:
    """A date that follows its weekday again."""
    form = forms.RemoveDayForm(request.POST)
    if not form.is_valid():
        return redirect("deadlines:calendar", code=code)
    edited = services.remove_special_day(request.actor, code=code, **form.cleaned_data, now=clock.now())
    return _done(request, edited, year=form.cleaned_data["on"].year)


@reads
@require_POST
@needs(Permission.EDIT)
def preview_year(request: ActorRequest, code: str, year: int) -> HttpResponse:
    """What a pasted announcement would change, before anything is changed."""
    shown = queries.get_calendar(request.actor, code=code)
    context: dict[str, Any] = {"calendar": shown, "year": year}
    form = forms.YearForm(request.POST)
    if form.is_valid():
        try:
            context["preview"] = queries.preview_year(
                request.actor, code=code, year=year, days=form.cleaned_data["days"]
            )
        except Refused as refused:
            return _refused(request, "deadlines/import_year.html", form, refused, context)
    return render(request, "deadlines/import_year.html", context | {"form": form}, status=_status(form))


@require_http_methods(["GET", "POST"])
@needs(Permission.EDIT)
def import_year(request: ActorRequest, code: str, year: int) -> HttpResponse:
    """A year's announcement in place of the one before."""
    shown = queries.get_calendar(request.actor, code=code)
    standing = queries.list_announced_days(request.actor, code=code, year=year)
    form = forms.YearForm(request.POST or None, initial={"version": shown.version, "days": standing})
    context = {"calendar": shown, "year": year}
    if request.method == "POST" and form.is_valid():
        try:
            edited = services.import_year(request.actor, code=code, year=year, **form.cleaned_data, now=clock.now())
        except Refused as refused:
            return _refused(request, "deadlines/import_year.html", form, refused, context)
        return _done(request, edited, year=year)
    return render(request, "deadlines/import_year.html", context | {"form": form}, status=_status(form))


@require_GET
@needs(Permission.SEE)
def work_out_date(request: ActorRequest) -> HttpResponse:
    """When so much from then on ends, and why."""
    known = queries.list_calendars(request.actor)
    now = clock.now()
    initial = {"started_at": now, "amount": 3, "unit": "working_days", "calendar": "CN"}
    form = forms.WorkOutForm(request.GET if "amount" in request.GET else None, calendars=known, initial=initial)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            context["explanation"] = queries.work_out_date(
                request.actor,
                code=data["calendar"],
                started_at=_on_the_wall(data["started_at"], data["calendar"], known),
                amount=data["amount"],
                unit=data["unit"],
            )
        except Refused as refused:
            return _refused(request, "deadlines/work_out_date.html", form, refused, {})
    return render(request, "deadlines/work_out_date.html", context, status=_status(form))


def _may_edit(request: ActorRequest) -> bool:
    return request.actor.may(Permission.EDIT)


def _on_the_wall(typed: datetime, code: str, known: list[CalendarView]) -> datetime:
    """The time as typed, read on the calendar's wall instead of the viewer's."""
    zone = next(calendar.zone for calendar in known if calendar.code == code)
    return typed.replace(tzinfo=ZoneInfo(zone))


def _date(typed: str) -> date | None:
    try:
        on = date.fromisoformat(typed)
    except ValueError:
        return None
    return on if years.FIRST_YEAR <= on.year <= years.LAST_YEAR else None


def _special(shown: CalendarView, on: date | None, standing: SpecialDayView | None) -> dict[str, Any]:
    initial = {"version": shown.version, "on": on, "kind": "off"}
    if standing:
        initial |= {"kind": standing.kind, "name": str(standing.name), "periods": standing.periods}
        initial |= {"follows": "" if standing.follows is None else standing.follows}
    return initial


def _initial(shown: CalendarView) -> dict[str, Any]:
    return {
        "version": shown.version,
        "name": shown.name,
        "zone": shown.zone,
        "based_on": shown.based_on,
        "has_public_holidays": shown.has_public_holidays,
        **_week(shown),
    }


def _week(shown: CalendarView | None) -> dict[str, Any]:
    return {f"day_{number}": periods for number, periods in enumerate(shown.weekly)} if shown else {}


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


def _refused(
    request: ActorRequest, template: str, form: Any, refused: Refused, context: dict[str, Any]
) -> HttpResponse:
    add_refusal(form, refused)
    return render(request, template, context | {"form": form}, status=refused.status)


def _done(request: ActorRequest, edited: Edited, *, year: int | None = None) -> HttpResponse:
    messages.success(request, str(_("The calendar was changed.")))
    if edited.moved:
        moved = text_n("{count} running deadline moved.", "{count} running deadlines moved.", edited.moved)
        messages.info(request, str(moved))
    address = reverse("deadlines:calendar", kwargs={"code": edited.calendar.code})
    return redirect(f"{address}?year={year}" if year else address)
