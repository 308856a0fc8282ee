"""The screen in the hall: how far each unit is, with masked names, under an address of its own that needs nobody signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from aftersales.core import clock
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs, public
from aftersales.staff import queries as staff
from aftersales.workshop import queries, services
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.wall import SECONDS, page_at

CARDS = 18


@needs(Permission.SEE)
@require_safe
def wall(request: ActorRequest) -> HttpResponse:
    """What the screen of one's station shows, and, for those who may, its address."""
    stations = list(staff.list_stations(request.actor, only_open=True))
    asked = request.GET.get("station") or request.actor.home_scope
    station = next((each for each in stations if each.code == asked), stations[0])
    context = _screen(station, queries.wall_of(request.actor, station.code, now=clock.now())) | {"stations": stations}
    if request.actor.may(Permission.EDIT_RULES):
        context |= {"link": queries.find_wall_link(request.actor, station.code), "may_renew": True}
    return render(request, "workshop/wall.html", context)


@public
@require_safe
def wall_screen(request: HttpRequest, token: str) -> HttpResponse:
    """The screen itself: it turns its pages and is drawn anew by itself."""
    station = queries.station_of_wall(token)
    with timezone.override(station.time_zone):
        response = render(
            request, "workshop/wall_screen.html", _screen(station, queries.list_wall_cards(station.pk, now=clock.now()))
        )
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _screen(station: Any, cards: Any) -> dict[str, Any]:
    now = clock.now()
    shown, page, pages = page_at(cards, size=CARDS, now=now)
    return {
        "place": station,
        "cards": shown,
        "page": page,
        "pages": pages,
        "count": len(cards),
        "now": now,
        "seconds": SECONDS,
    }


@needs(Permission.EDIT_RULES)
@require_POST
def renew_wall_link(request: ActorRequest) -> HttpResponse:
    """Give the screen a new address, shown this once."""
    station = request.POST.get("station", "")
    token = services.renew_wall_link(request.actor, station=station, now=clock.now())
    address = settings.PUBLIC_URL + reverse("workshop:wall_screen", args=[token])
    messages.warning(
        request, str(_("Open this address on the screen in the hall; it is shown only now: {address}", address=address))
    )
    return redirect(f"{reverse('workshop:wall')}?station={station}")


@needs(Permission.EDIT_RULES)
@require_POST
def withdraw_wall_link(request: ActorRequest) -> HttpResponse:
    """Take the screen's address back."""
    station = request.POST.get("station", "")
    services.withdraw_wall_link(request.actor, station=station, now=clock.now())
    messages.success(request, str(_("The screen shows nothing any more.")))
    return redirect(f"{reverse('workshop:wall')}?station={station}")
