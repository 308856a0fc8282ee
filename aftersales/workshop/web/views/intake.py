"""Taking a unit in, and correcting or completing what was written then."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from aftersales.catalog import queries as catalog
from aftersales.core import clock
from aftersales.core.errors import Invalid, Refused
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.staff import queries as staff
from aftersales.ui.forms import add_refusal
from aftersales.workshop import queries, services
from aftersales.workshop.permissions import Permission
from aftersales.workshop.web import forms
from aftersales.workshop.web.views.orders import go_back


@needs(Permission.RECEIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: ActorRequest) -> HttpResponse:
    """The one screen on which a unit is taken in."""
    stations = [s for s in staff.list_stations(request.actor, only_open=True) if s.trades]
    station = _station(request, stations)
    trades = catalog.list_trades(station.trades)
    asked = request.POST.get("trade") or request.GET.get("trade", "")
    trade = next((each for each in trades if each.code == asked), trades[0])
    form = forms.IntakeForm(request.POST or None, request.FILES or None, **_options(trade))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                order = services.receive_order(
                    request.actor,
                    intake=_intake(form.cleaned_data, trade.code, station.code),
                    photos=form.cleaned_data["photos"],
                    now=clock.now(),
                )
            except Refused as refused:
                add_refusal(form, refused)
                status = refused.status
            else:
                messages.success(
                    request, str(_("{number} is open. Print the slip and the label.", number=order.number))
                )
                return redirect("workshop:order", number=order.number)
    context = {"form": form, "trade": trade, "trades": trades, "place": station, "places": stations}
    return render(request, "workshop/receive.html", context, status=status)


def _station(request: ActorRequest, stations: list[Any]) -> Any:
    asked = request.POST.get("station") or request.GET.get("station") or request.actor.home_scope
    found = next((each for each in stations if each.code == asked), stations[0] if stations else None)
    if found is None:
        raise Invalid(_("None of your stations takes units in. Give a station at least one trade first."))
    return found


def _options(trade: Any) -> dict[str, Any]:
    words = {"serial": str(trade.serial.label)}
    if trade.meter:
        words["meter"] = f"{trade.meter.label} ({trade.meter.unit})"
    return {
        "categories": [(category.code, category.label) for category in trade.categories],
        "accessories": [(item.code, item.label) for item in trade.accessories],
        "condition": [(item.code, item.label) for item in trade.condition],
        "words": words,
    }


def _intake(typed: dict[str, Any], trade: str, station: str) -> services.Intake:
    taken = {name: value for name, value in typed.items() if name != "photos"}
    return services.Intake(**taken, trade=trade, station=station)


@needs(Permission.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ActorRequest, number: str) -> HttpResponse:
    """Correct what was written at intake; a change made by somebody else meanwhile is shown beside one's own."""
    order = queries.get_order(request.actor, number)
    trade = catalog.get_trade(order.trade)
    options = _options(trade)
    names = ("version", "fault", "accessories", "condition", "intake_note")
    form = forms.EditForm(
        request.POST or None,
        initial={name: getattr(order, name) for name in names},
        accessories=options["accessories"],
        condition=options["condition"],
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.edit_order(request.actor, number=order.number, now=clock.now(), **form.cleaned_data)
            except Refused as refused:
                add_refusal(form, refused)
                status = refused.status
            else:
                messages.success(request, str(_("Saved.")))
                return redirect("workshop:order", number=order.number)
    context = {"form": form, "order": order, "trade": trade, "title": gettext_lazy("Correct the intake")}
    return render(request, "workshop/edit.html", context, status=status)


@needs(Permission.ADD_PHOTOS)
@require_POST
def add_photos(request: ActorRequest, number: str) -> HttpResponse:
    """Add photos of the unit to its order."""
    form = forms.PhotosForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Invalid(_("Choose at least one photo."))
    services.add_photos(request.actor, number=number, photos=form.cleaned_data["photos"], now=clock.now())
    messages.success(request, str(_("Photos added.")))
    return go_back(request, number)
