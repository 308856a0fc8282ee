"""Units that were not fetched, and asking their customers to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from aftersales.core import clock
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.workshop import queries, services
from aftersales.workshop.permissions import Permission
from aftersales.workshop.web import forms


@needs(Permission.CONTACT)
@require_safe
def unclaimed(request: ActorRequest) -> HttpResponse:
    """The units that stand here longer than the house's days, the longest first."""
    rows = queries.list_unclaimed(request.actor, now=clock.now())
    form = forms.AskedForm()
    return render(request, "workshop/unclaimed.html", {"rows": rows, "ways": form.fields["way"].choices})  # type: ignore[attr-defined]


@needs(Permission.CONTACT)
@require_POST
def ask_to_fetch(request: ActorRequest, number: str) -> HttpResponse:
    """Record that the customer was asked to fetch his unit, and go back to the list."""
    form = forms.AskedForm(request.POST)
    form.is_valid()
    services.contact_customer(
        request.actor,
        number=number,
        reason="pick_up",
        way=form.cleaned_data.get("way", ""),
        reached=form.cleaned_data.get("reached", ""),
        note=form.cleaned_data.get("note", ""),
        now=clock.now(),
    )
    messages.success(request, str(_("{number}: asked to fetch it.", number=number)))
    return redirect("workshop:unclaimed")
