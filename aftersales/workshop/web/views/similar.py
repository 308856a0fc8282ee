"""Cases like the one in hand, for the diagnosis."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aftersales.catalog import queries as catalog
from aftersales.core.web.access import ActorRequest, needs
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission
from aftersales.workshop.queries import OrderState
from aftersales.workshop.rules.similar import SHOWN


@needs(Permission.SEE)
@require_safe
def similar(request: ActorRequest, number: str) -> HttpResponse:
    """The earlier cases like this order's fault: a few inside the order's page, more on a page of their own."""
    order = queries.get_order(request.actor, number)
    ticked = request.GET.getlist("symptoms")[:20] or None
    most = SHOWN if request.htmx else queries.MOST_SIMILAR
    context = {
        "order": order,
        "trade": catalog.get_trade(order.trade),
        "similar": queries.list_similar_cases(request.actor, order, symptoms=ticked, most=most),
        "can_use": order.state == OrderState.RECEIVED and request.actor.may(Permission.DIAGNOSE),
        "is_part": bool(request.htmx),
    }
    return render(request, "workshop/similar.html#cases" if request.htmx else "workshop/similar.html", context)
