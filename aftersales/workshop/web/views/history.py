"""Repair history brought in from elsewhere."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aftersales.core.web.access import ActorRequest, needs
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.lists import paginate
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission
from aftersales.workshop.web.exports import PAST_REPAIRS
from aftersales.workshop.web.listing import wanted_past


@needs(Permission.SEE)
@require_safe
def past_repairs(request: ActorRequest) -> HttpResponse:
    """The list of old repairs, searched and filtered by category."""
    wanted = wanted_past(request.GET)
    context = {
        "page": paginate(queries.list_past_repairs(request.actor, **wanted), request),
        **wanted,
        "categories": queries.list_past_categories(request.actor),
        "export": export_button(request, PAST_REPAIRS),
    }
    return render(request, "workshop/past_repairs.html", context)


@needs(Permission.SEE)
@require_safe
def past_repair(request: ActorRequest, key: str) -> HttpResponse:
    """One old repair, whole."""
    return render(request, "workshop/past_repair.html", {"past": queries.get_past_repair(request.actor, key)})
