"""Freight documents: the list, recording one, one of them, and one view per step of its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.billing import queries, services
from aftersales.billing.permissions import Permission
from aftersales.billing.queries import FreightDocument
from aftersales.billing.rules.freight import FREIGHT, FreightAction, FreightState
from aftersales.billing.services import Freight
from aftersales.billing.web import exports, forms, listing
from aftersales.core import clock, journal
from aftersales.core.errors import Refused
from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.workflow import OpenAction
from aftersales.customers import queries as customers
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.forms import add_refusal
from aftersales.ui.lists import chips, paginate

FORMS: Mapping[FreightAction, type[django_forms.Form]] = {
    FreightAction.SETTLE: forms.SettleForm,
    FreightAction.SIGN: forms.SignForm,
    FreightAction.SEND_BACK: forms.ReasonForm,
    FreightAction.CONFIRM: forms.ConfirmForm,
    FreightAction.REVERSE: forms.ReasonForm,
    FreightAction.WITHDRAW: forms.ReasonForm,
}
SERVICES: Mapping[FreightAction, Callable[..., Any]] = {
    FreightAction.SETTLE: services.settle_freight,
    FreightAction.SIGN: services.sign_freight,
    FreightAction.POST: services.post_freight,
    FreightAction.ABSORB: services.absorb_freight,
    FreightAction.SEND_BACK: services.send_back_freight,
    FreightAction.CONFIRM: services.confirm_freight,
    FreightAction.REVERSE: services.reverse_freight,
    FreightAction.WITHDRAW: services.withdraw_freight,
}


@needs(Permission.SEE_FREIGHT)
@require_safe
def freight_documents(request: ActorRequest) -> HttpResponse:
    """The freight documents, filtered, sorted and paged."""
    found = listing.freight(request)
    context = {
        "page": paginate(found.rows, request),
        "form": found.form,
        "heads": found.sorting.heads,
        "chips": chips(request, found.form),
        "export": export_button(request, exports.FREIGHT),
    }
    return render(request, "billing/freight_documents.html", context)


@needs(Permission.RECORD_FREIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def record_freight(request: ActorRequest, customer_id: int) -> HttpResponse:
    """A new document, copied from the carrier's paper."""
    customer = customers.get_customer(request.actor, customer_id, with_reach=False)
    form = forms.FreightForm(request.POST or None, initial={"received_on": timezone.localdate(clock.now())})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = services.record_freight(
                    request.actor, customer_id=customer.pk, freight=Freight(**form.cleaned_data), now=clock.now()
                )
                return redirect("billing:freight_document", number=made.number)
            except Refused as refused:
                add_refusal(form, refused)
                status = refused.status
    return render(request, "billing/record_freight.html", {"customer": customer, "form": form}, status=status)


@dataclass(frozen=True)
class Offer:
    """One step that may follow, with its address and its form."""

    open: OpenAction[FreightAction]
    url: str
    form: django_forms.Form | None


@needs(Permission.SEE_FREIGHT)
@require_safe
def freight_document(request: ActorRequest, number: str) -> HttpResponse:
    """One document: what stands on it, who is liable, and what may follow."""
    return render(request, "billing/freight_document.html", _page(request, number))


def _form(
    request: ActorRequest, document: FreightDocument, action: FreightAction, data: Any = None
) -> django_forms.Form | None:
    if action is FreightAction.SETTLE:
        signers = [(person.pk, person.name) for person in queries.list_signers(request.actor, document)]
        return forms.SettleForm(data, prefix=action.value, signers=signers)
    kind = FORMS.get(action)
    initial = {"liable": document.proposal.liable.value}
    return kind(data, prefix=action.value, initial=initial) if kind else None


def _page(
    request: ActorRequest, number: str, bound: tuple[FreightAction, django_forms.Form | None] | None = None
) -> dict[str, Any]:
    document = queries.get_freight(request.actor, number=number)
    facts = queries.facts_of(request.actor, document)
    offers = []
    for each in FREIGHT.open_actions(FreightState(document.state), facts, request.actor.may):
        form = bound[1] if bound and bound[0] is each.action else _form(request, document, each.action)
        offers.append(Offer(each, reverse(f"billing:{each.action.value}_freight", args=[number]), form))
    return {
        "document": document,
        "offers": offers,
        "entries": journal.entries_of("freight", number, limit=50),
        "may_see_accounts": request.actor.may(Permission.SEE_ACCOUNTS),
    }


def _step(request: ActorRequest, number: str, action: FreightAction) -> HttpResponse:
    document = queries.get_freight(request.actor, number=number)
    form = _form(request, document, action, request.POST)
    if form is not None and not form.is_valid():
        return render(request, "billing/freight_document.html", _page(request, number, (action, form)), status=422)
    said = form.cleaned_data if form else {}
    try:
        SERVICES[action](request.actor, number=number, **said, now=clock.now())
    except Refused as refused:
        if form is None:
            raise
        add_refusal(form, refused)
        context = _page(request, number, (action, form))
        return render(request, "billing/freight_document.html", context, status=refused.status)
    messages.success(request, str(FREIGHT.actions[action].done))
    return redirect("billing:freight_document", number=number)


@needs(Permission.SETTLE_FREIGHT)
@require_POST
def settle_freight(request: ActorRequest, number: str) -> HttpResponse:
    """A salesperson is named to sign."""
    return _step(request, number, FreightAction.SETTLE)


@needs(Permission.SIGN_FREIGHT)
@require_POST
def sign_freight(request: ActorRequest, number: str) -> HttpResponse:
    """The salesperson signs who is liable."""
    return _step(request, number, FreightAction.SIGN)


@needs(Permission.POST)
@require_POST
def post_freight(request: ActorRequest, number: str) -> HttpResponse:
    """The freight goes into the customer's account."""
    return _step(request, number, FreightAction.POST)


@needs(Permission.POST)
@require_POST
def absorb_freight(request: ActorRequest, number: str) -> HttpResponse:
    """Somebody else bears it."""
    return _step(request, number, FreightAction.ABSORB)


@needs(Permission.POST)
@require_POST
def send_back_freight(request: ActorRequest, number: str) -> HttpResponse:
    """It is to be signed anew."""
    return _step(request, number, FreightAction.SEND_BACK)


@needs(Permission.CONFIRM)
@require_POST
def confirm_freight(request: ActorRequest, number: str) -> HttpResponse:
    """The customer confirmed it."""
    return _step(request, number, FreightAction.CONFIRM)


@needs(Permission.REVERSE)
@require_POST
def reverse_freight(request: ActorRequest, number: str) -> HttpResponse:
    """The posting is reversed."""
    return _step(request, number, FreightAction.REVERSE)


@needs(Permission.RECORD_FREIGHT)
@require_POST
def withdraw_freight(request: ActorRequest, number: str) -> HttpResponse:
    """The document is given up."""
    return _step(request, number, FreightAction.WITHDRAW)
