"""Accounts: the list, one of them with its entries, and what finance posts to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from aftersales.billing import queries, services
from aftersales.billing.permissions import Permission
from aftersales.billing.rules.entries import KIND_LABELS, POSTED_BY_HAND
from aftersales.billing.services import Deduction, EntryKind, Posting
from aftersales.billing.web import exports, forms, listing
from aftersales.core import clock
from aftersales.core.errors import Missing, Refused
from aftersales.core.text import Text, text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.customers import queries as customers
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.forms import add_refusal
from aftersales.ui.lists import chips, paginate

FORMS: Mapping[str, type[django_forms.Form]] = {
    EntryKind.CHARGE.value: forms.PostingForm,
    EntryKind.CREDIT.value: forms.CreditForm,
    EntryKind.PAYMENT.value: forms.PostingForm,
    EntryKind.OFFSET.value: forms.OffsetForm,
}


@needs(Permission.SEE_ACCOUNTS)
@require_safe
def accounts(request: ActorRequest) -> HttpResponse:
    """The accounts, filtered, sorted and paged."""
    found = listing.accounts(request)
    context = {
        "page": paginate(found.rows, request),
        "form": found.form,
        "heads": found.sorting.heads,
        "chips": chips(request, found.form),
        "export": export_button(request, exports.ACCOUNTS),
    }
    return render(request, "billing/accounts.html", context)


@dataclass(frozen=True)
class Offer:
    """Something finance may post: its form, where it goes, and whether it is open."""

    label: Text
    url: str
    form: django_forms.Form
    is_open: bool


@needs(Permission.SEE_ACCOUNTS)
@require_safe
def account(request: ActorRequest, customer_id: int) -> HttpResponse:
    """One account with its entries, newest first, and what may be posted."""
    return render(request, "billing/account.html", _page(request, customer_id))


def _page(
    request: ActorRequest, customer_id: int, bound: tuple[str, django_forms.Form] | None = None
) -> dict[str, Any]:
    actor = request.actor
    customer = customers.get_customer(actor, customer_id, with_reach=False)
    found = queries.find_account(actor, customer.pk)
    offers = []
    for kind in POSTED_BY_HAND if actor.may(Permission.POST) and customer.erased_at is None else ():
        is_open = bound is not None and bound[0] == kind.value
        form = bound[1] if bound and is_open else FORMS[kind.value](prefix=kind.value)
        offers.append(Offer(KIND_LABELS[kind.value], _url_of(customer.pk, kind.value), form, is_open))
    return {
        "customer": customer,
        "account": found,
        "page": paginate(queries.list_entries_of(actor, found), request),
        "offers": offers,
        "may_record_freight": actor.may(Permission.RECORD_FREIGHT),
        "may_see_freight": actor.may(Permission.SEE_FREIGHT),
        "export": export_button(request, exports.VOUCHERS, account=found.pk) if found else None,
    }


def _url_of(customer_id: int, kind: str) -> str:
    return reverse("billing:post_entry", args=[customer_id, kind])


@needs(Permission.POST)
@require_POST
def post_entry(request: ActorRequest, customer_id: int, kind: str) -> HttpResponse:
    """A charge, credit, payment or offset goes into the account."""
    if kind not in FORMS:
        raise Missing
    form = FORMS[kind](request.POST, prefix=kind)
    if not form.is_valid():
        return render(request, "billing/account.html", _page(request, customer_id, (kind, form)), status=422)
    try:
        posting = _posting(kind, form)
        entry = services.post_entry(request.actor, customer_id=customer_id, posting=posting, now=clock.now())
    except Refused as refused:
        add_refusal(form, refused)
        context = _page(request, customer_id, (kind, form))
        return render(request, "billing/account.html", context, status=refused.status)
    messages.success(request, str(_("Posted as voucher {number}.", number=entry.number)))
    return redirect("billing:account", customer_id=customer_id)


def _posting(kind: str, form: django_forms.Form) -> Posting:
    said = form.cleaned_data
    if isinstance(form, forms.CreditForm):
        taken_off = [Deduction(name, amount) for name, amount in form.deductions()]
        return services.credit(
            goods=said["goods"], percent=said["percent"], deductions=taken_off, source=said["source"], note=said["note"]
        )
    return Posting(EntryKind(kind), said["amount"], said["source"], said["note"])
