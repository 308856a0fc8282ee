"""Pages about stations."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from aftersales.core import clock
from aftersales.core.errors import Refused
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.exchange.web.buttons import export_button
from aftersales.staff import queries, services
from aftersales.staff.permissions import Permission
from aftersales.staff.web import forms, panels
from aftersales.staff.web.exports import STATIONS
from aftersales.ui.forms import add_refusal
from aftersales.ui.papers import LOGO_MM, Picture, wrapped_jpeg


@needs(Permission.SEE_STATIONS)
@require_GET
def stations(request: ActorRequest) -> HttpResponse:
    """The stations one sees."""
    rows = queries.list_stations(request.actor)
    return render(
        request,
        "staff/stations.html",
        {
            "stations": [(row, _trades(row.trades)) for row in rows],
            "may_open": _may_open(request),
            "export": export_button(request, STATIONS),
        },
    )


@needs(Permission.SEE_STATIONS)
@require_GET
def station(request: ActorRequest, code: str) -> HttpResponse:
    """One station: facts, people and history."""
    found = queries.get_station(request.actor, code)
    head = queries.letterhead_of(found)
    people = list(queries.list_people(request.actor, station=code, is_active=True)[:200])
    duties = queries.duties_of_people(person.pk for person in people)
    here = [
        (person, panels.held(row for row in duties.get(person.pk, []) if row.station_id == found.pk))
        for person in people
    ]
    context = {
        "place": found,
        "trades": _trades(found.trades),
        "people": here if request.actor.may(Permission.SEE_PEOPLE) else [],
        "may_see_people": request.actor.may(Permission.SEE_PEOPLE),
        "letterhead": head,
        "logo": _logo(head),
        "may_edit": request.actor.may(Permission.EDIT_STATIONS),
        "pages": queries.station_pages(request.actor),
        "moments": panels.moments(queries.journal_of_station(request.actor, code)),
    }
    return render(request, "staff/station.html", context)


@needs(Permission.EDIT_STATIONS)
def open_station(request: ActorRequest) -> HttpResponse:
    """The form for a new station."""
    form = forms.OpenStationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_station(request.actor, **form.cleaned_data, now=clock.now())
        except Refused as refused:
            return _again(request, "staff/station_new.html", form, refused)
        messages.success(request, str(_("Station {name} is open.", name=made.name)))
        return redirect("staff:station", made.code)
    return _form_page(request, "staff/station_new.html", form)


@needs(Permission.EDIT_STATIONS)
def edit_station(request: ActorRequest, code: str) -> HttpResponse:
    """The form for a station's facts."""
    found = queries.get_station(request.actor, code)
    form = forms.EditStationForm(request.POST or None, initial=found.facts() | {"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_station(request.actor, code=code, **form.cleaned_data, now=clock.now())
        except Refused as refused:
            return _again(request, "staff/station_edit.html", form, refused, place=found)
        messages.success(request, str(_("Saved.")))
        return redirect("staff:station", code)
    return _form_page(request, "staff/station_edit.html", form, place=found)


@needs(Permission.EDIT_STATIONS)
def edit_letterhead(request: ActorRequest, code: str) -> HttpResponse:
    """The form for how the station speaks on its papers."""
    found = queries.get_station(request.actor, code)
    head = queries.letterhead_of(found)
    form = forms.LetterheadForm(
        request.POST or None, request.FILES or None, initial=head.facts() | {"logo": None, "version": head.version}
    )
    context = {"place": found, "logo": _logo(head)}
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            services.edit_letterhead(
                request.actor,
                code=code,
                version=typed["version"],
                legal_name=typed["legal_name"],
                terms=form.terms(),
                logo=typed["logo"],
                removes_logo=typed["removes_logo"],
                now=clock.now(),
            )
        except Refused as refused:
            return _again(request, "staff/letterhead_edit.html", form, refused, **context)
        messages.success(request, str(_("Saved.")))
        return redirect("staff:station", code)
    return _form_page(request, "staff/letterhead_edit.html", form, **context)


def _logo(head: Any) -> Picture | None:
    logo = queries.logo_of(head)
    return wrapped_jpeg(logo, str(_("Logo")), most_mm=LOGO_MM) if logo else None


def _trades(codes: list[str]) -> list[Any]:
    return [forms.TRADE_NAMES.get(code, code) for code in codes]


def _may_open(request: ActorRequest) -> bool:
    return request.actor.may(Permission.EDIT_STATIONS) and request.actor.scopes is None


def _form_page(request: ActorRequest, template: str, form: Form, **context: Any) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, **context}, status=status)


def _again(request: ActorRequest, template: str, form: Form, refused: Refused, **context: Any) -> HttpResponse:
    add_refusal(form, refused)
    return render(request, template, {"form": form, **context}, status=refused.status)
