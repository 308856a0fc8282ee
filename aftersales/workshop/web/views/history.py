"""Repair history brought in from elsewhere."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aftersales.core.web.access import ActorRequest, needs
from aftersales.ui.lists import paginate
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission


@needs(Permission.SEE)
@require_safe
def past_repairs(request: ActorRequest) -> HttpResponse:
    """The list of old repairs, searched and filtered by category."""
    typed, category = request.GET.get("q", "").strip()[:100], request.GET.get("category", "")[:80]
    found = queries.list_past_repairs(request.actor, typed=typed, category=category)
    context = {
        "page": paginate(found, request),
        "typed": typed,
        "category": category,
        "categories": queries.list_past_categories(request.actor),
    }
    return render(request, "workshop/past_repairs.html", context)


@needs(Permission.SEE)
@require_safe
def past_repair(request: ActorRequest, key: str) -> HttpResponse:
    """One old repair, whole."""
    return render(request, "workshop/past_repair.html", {"past": queries.get_past_repair(request.actor, key)})
