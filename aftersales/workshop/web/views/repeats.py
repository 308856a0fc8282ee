"""Whether the unit being taken in was repaired here a short while ago."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from aftersales.core import clock
from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.web.idempotency import reads
from aftersales.customers import queries as customers
from aftersales.staff import queries as staff
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.repeat import Fault
from aftersales.workshop.web import forms


@reads
@needs(Permission.RECEIVE)
@require_POST
def find_repeat(request: ActorRequest) -> HttpResponse:
    """The earlier repairs of the unit whose number or plate is typed, with the question whether the fault came back."""
    form = forms.JudgeRepeatForm(initial={name: request.POST.get(name, "") for name in ("repeat_of", "repeat_note")})
    context = {"suspects": suspects_for(request.actor, request.POST), "form": form}
    return render(request, "workshop/earlier_repairs.html", context)


def suspects_for(actor: Actor, typed: Mapping[str, Any]) -> list[queries.EarlierRepair]:
    """What the intake screen asks about, as far as it is filled in."""
    unit = _unit(actor, typed)
    if unit is None:
        return []
    station = staff.get_station(actor, typed.get("station") or actor.home_scope)
    return queries.list_suspects(
        actor,
        unit_id=unit.pk,
        station_id=station.pk,
        fault=Fault(typed.get("fault", "")[:2000]),
        today=clock.local_date(clock.now(), station.time_zone),
    )


def _unit(actor: Actor, typed: Mapping[str, Any]) -> Any:
    known = str(typed.get("unit_id") or "")
    if known.isascii() and known.isdigit() and len(known) < 12:
        try:
            return customers.get_unit(actor, int(known))
        except Missing:
            return None
    serial, plate = str(typed.get("serial") or "").strip()[:40], str(typed.get("plate") or "").strip()[:12]
    found = customers.find_unit_by_serial(actor, serial, trade=str(typed.get("trade") or "")) if serial else None
    return found or (customers.find_unit_by_plate(actor, plate) if plate else None)
