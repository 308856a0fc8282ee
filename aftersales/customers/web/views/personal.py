"""One customer's rights to his data: a copy of all of it, and its erasure."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.core import clock
from aftersales.core.sheets import shelf
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.customers import queries, services
from aftersales.customers.permissions import Permission
from aftersales.customers.rules import personal as rules
from aftersales.customers.web.saving import save
from aftersales.exchange import queries as exchange


class EraseForm(forms.Form):
    """The second look before everything personal goes."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=rules.LONGEST_REASON,
        help_text=gettext_lazy("Who asked for it, when and how. Do not write his name: the reason is kept."),
    )
    number = forms.CharField(
        label=gettext_lazy("The customer's number, typed again"),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class OnceForm(forms.Form):
    """What the button that makes a copy sends."""

    _once = forms.CharField(max_length=255)


@needs(Permission.COPY_OUT_CUSTOMERS)
@require_safe
def copies(request: ActorRequest, customer_id: int) -> HttpResponse:
    """The copies of everything about this customer that one has made, and the button for a new one."""
    found = queries.get_customer(request.actor, customer_id)
    kept = queries.list_copies(request.actor, found, now=clock.now())
    context = {
        "customer": found,
        "copies": [(copy, None if copy.is_ready else exchange.progress_of(copy.job_id)) for copy in kept],
        "is_making": any(not copy.is_ready for copy in kept),
        "why_not": queries.why_not_all(request.actor, found),
        "kept_days": rules.COPY_KEPT.days,
        "may_erase": request.actor.may(Permission.ERASE_CUSTOMERS),
    }
    return render(request, "customers/copies.html#copies" if request.htmx else "customers/copies.html", context)


@needs(Permission.COPY_OUT_CUSTOMERS)
@require_POST
def copy_out_customer(request: ActorRequest, customer_id: int) -> HttpResponse:
    """Make a copy of everything about this customer."""
    form = OnceForm(request.POST)
    once = form.cleaned_data["_once"] if form.is_valid() else ""
    services.copy_out_customer(request.actor, customer_id=customer_id, once=once, now=clock.now())
    messages.success(request, str(_("The copy is being made. Download it below and hand it to the customer.")))
    return redirect("customers:copies", customer_id)


@needs(Permission.COPY_OUT_CUSTOMERS)
@require_safe
def copy_file(request: ActorRequest, customer_id: int, token: str) -> HttpResponse:
    """The file of a copy, for whoever made it."""
    found = queries.get_copy(request.actor, customer_id, token, now=clock.now())
    if not found.is_ready:
        return redirect("customers:copies", customer_id)
    name = f"{found.customer.number}-{clock.local_date(found.made_at, found.customer.home_station.time_zone).isoformat()}.zip"
    return cast("HttpResponse", shelf.download(found.token, name=name, form="zip"))


@needs(Permission.ERASE_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def erase_customer(request: ActorRequest, customer_id: int) -> HttpResponse:
    """Say what goes and what stays, and erase everything personal once the number was typed again."""
    found = queries.get_customer(request.actor, customer_id)
    form = EraseForm(request.POST or None)

    def write() -> Any:
        return services.erase_customer(request.actor, customer_id=found.pk, **form.cleaned_data, now=clock.now())

    erased, status = save(form, write)
    if erased:
        messages.success(request, str(_("Everything personal of this customer is erased.")))
        return redirect("customers:customer", erased.pk)
    context = {
        "customer": found,
        "form": form,
        "holds": queries.holds_of(request.actor, found),
        "erasure": queries.find_erasure(found),
    }
    return render(request, "customers/erase.html", context, status=status)
