"""Goods that lie too long, and what is done with them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from aftersales.core import clock
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.lists import chips, paginate
from aftersales.warehouse import queries, services
from aftersales.warehouse.permissions import Permission
from aftersales.warehouse.web import forms, listing
from aftersales.warehouse.web.sending import Sheet, send


@needs(Permission.SEE)
@require_safe
def slow(request: ActorRequest) -> HttpResponse:
    """What has not moved for so many days, dearest first."""
    found = listing.listed_slow(request)
    page = paginate(found.rows, request)
    labels = queries.HANDLING_LABELS
    context = {
        "page": page,
        "rows": [(row, labels.get(row.handling or "", "")) for row in page],
        "heads": found.sorting.heads,
        "form": found.form,
        "chips": chips(request, found.form),
        "days": found.form.wanted()["days"],  # type: ignore[attr-defined]
        "export": export_button(request, listing.SLOW_EXPORT),
        "here": "slow",
        "may_handle": request.actor.may(Permission.HANDLE),
    }
    return render(request, "warehouse/slow.html", context)


@needs(Permission.HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: ActorRequest, key: int) -> HttpResponse:
    """What is done with goods that lie; the decision stays."""
    balance = queries.get_balance(request.actor, key)
    here = reverse("warehouse:slow")
    facts = (
        (_("Goods"), balance.item),
        (_("Store"), balance.store),
        (_("Quantity"), balance.quantity),
        (_("Worth"), balance.value),
        *((row.handling_label, f"{row.reason} ({row.decided_name})") for row in queries.decisions_about(balance)),
    )
    return send(
        request,
        forms.DecideForm(request.POST or None, actor=request.actor),
        lambda told: services.decide_slow(request.actor, balance_id=key, **told, now=clock.now()),
        sheet=Sheet(_("Decide what is done"), _("Decide"), here, facts=facts),
        then=lambda _made: (here, _("The decision is kept.")),
    )
