"""The list of customers, a customer's page, and its forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.core import clock
from aftersales.core.actor import Actor
from aftersales.core.text import Text, text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.customers import queries, services
from aftersales.customers.permissions import Permission
from aftersales.customers.web import forms
from aftersales.customers.web.exports import CUSTOMERS
from aftersales.customers.web.listing import listed_customers
from aftersales.customers.web.saving import save
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.lists import chips, paginate


@needs(Permission.SEE_CUSTOMERS)
@require_safe
def customers(request: ActorRequest) -> HttpResponse:
    """The list of customers: searched, filtered, sorted, paged."""
    found = listed_customers(request)
    context = {
        "page": paginate(found.rows, request),
        "heads": found.sorting.heads,
        "form": found.form,
        "chips": chips(request, found.form),
        "export": export_button(request, CUSTOMERS),
        "may_edit": request.actor.may(Permission.EDIT_CUSTOMERS),
    }
    return render(request, "customers/customers.html", context)


@needs(Permission.SEE_CUSTOMERS)
@require_safe
def customer(request: ActorRequest, customer_id: int) -> HttpResponse:
    """A customer: how to reach him, his units, and all that happened on one timeline; a merged record leads to the kept one."""
    page = _page(request, customer_id)
    if page["customer"].pk != customer_id:
        return redirect("customers:customer", page["customer"].pk)
    return render(request, "customers/customer.html", page)


@needs(Permission.SEE_CONTACT)
@require_POST
def reveal_contact(request: ActorRequest, customer_id: int) -> HttpResponse:
    """The customer's page with telephones and addresses in full; that they were read is in the journal."""
    services.reveal_contact(request.actor, customer_id=customer_id, now=clock.now())
    template = "customers/customer.html#contact" if request.htmx else "customers/customer.html"
    return render(request, template, _page(request, customer_id, is_revealed=True))


@needs(Permission.EDIT_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def register_customer(request: ActorRequest) -> HttpResponse:
    """Register a customer; one who is here already, or whom another station knows by number and name, is recognised."""
    form = forms.RegisterCustomerForm(request.POST or None)
    now = clock.now()

    def write() -> Any:
        typed = form.cleaned_data
        return services.welcome_customer(
            request.actor,
            name=typed["name"],
            phone=typed["phone"],
            phone_label=typed["phone_label"],
            facts=form.facts(),
            now=now,
        )

    made, status = save(form, write)
    if made:
        is_new = made.created_at == now
        messages.success(
            request, str(_("The customer is registered.") if is_new else _("This customer was known already."))
        )
        return redirect("customers:customer", made.pk)
    return render(
        request, "customers/customer_form.html", {"form": form, "cancel": reverse("customers:customers")}, status=status
    )


@needs(Permission.EDIT_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_customer(request: ActorRequest, customer_id: int) -> HttpResponse:
    """Change what is written down about a customer; a change made by somebody else meanwhile is shown beside one's own."""
    found = queries.get_customer(request.actor, customer_id)
    form = forms.EditCustomerForm(request.POST or None, initial={**found.facts(), "version": found.version})

    def write() -> Any:
        typed = form.cleaned_data
        return services.edit_customer(
            request.actor,
            customer_id=found.pk,
            version=typed["version"],
            name=typed["name"],
            facts=form.facts(),
            now=clock.now(),
        )

    written, status = save(form, write)
    if written:
        messages.success(request, str(_("The changes are saved.")))
        return redirect("customers:customer", written.pk)
    context = {"form": form, "customer": found, "cancel": reverse("customers:customer", args=[found.pk])}
    return render(request, "customers/customer_form.html", context, status=status)


@needs(Permission.EDIT_CUSTOMERS)
@require_POST
def add_phone(request: ActorRequest, customer_id: int) -> HttpResponse:
    """Add a telephone number."""
    form = forms.PhoneForm(request.POST)

    def write() -> Any:
        return services.add_phone(request.actor, customer_id=customer_id, **form.cleaned_data, now=clock.now())

    return _added(request, customer_id, "phone_form", form, write, _("The number is saved."))


@needs(Permission.EDIT_CUSTOMERS)
@require_POST
def add_address(request: ActorRequest, customer_id: int) -> HttpResponse:
    """Add an address."""
    form = forms.AddressForm(request.POST)

    def write() -> Any:
        return services.add_address(request.actor, customer_id=customer_id, **form.cleaned_data, now=clock.now())

    return _added(request, customer_id, "address_form", form, write, _("The address is saved."))


@needs(Permission.EDIT_CUSTOMERS)
@require_POST
def remove_phone(request: ActorRequest, customer_id: int, phone_id: int) -> HttpResponse:
    """Take a telephone number off the customer."""
    services.remove_phone(request.actor, customer_id=customer_id, phone_id=phone_id, now=clock.now())
    return _done(request, customer_id, _("The number is removed."))


@needs(Permission.EDIT_CUSTOMERS)
@require_POST
def choose_main_phone(request: ActorRequest, customer_id: int, phone_id: int) -> HttpResponse:
    """Call this number first from now on."""
    services.choose_main_phone(request.actor, customer_id=customer_id, phone_id=phone_id, now=clock.now())
    return _done(request, customer_id, _("This number is called first from now on."))


@needs(Permission.EDIT_CUSTOMERS)
@require_POST
def remove_address(request: ActorRequest, customer_id: int, address_id: int) -> HttpResponse:
    """Take an address off the customer."""
    services.remove_address(request.actor, customer_id=customer_id, address_id=address_id, now=clock.now())
    return _done(request, customer_id, _("The address is removed."))


def _page(request: ActorRequest, customer_id: int, *, is_revealed: bool = False, **forms_shown: Any) -> dict[str, Any]:
    actor = request.actor
    found = queries.get_customer(actor, customer_id)
    return {
        "customer": found,
        "is_revealed": is_revealed,
        "units": queries.list_units_of(actor, found.pk) if actor.may(Permission.SEE_UNITS) else [],
        "items": queries.timeline(actor, customer_id=found.pk),
        "panels": queries.list_panels(actor, customer_id=found.pk),
        "merges": queries.merges_into("customer", found.pk),
        **_may(actor, found),
        "may_see_units": actor.may(Permission.SEE_UNITS),
        "phone_form": forms.PhoneForm(auto_id="phone_%s"),
        "address_form": forms.AddressForm(auto_id="address_%s"),
        **forms_shown,
    }


def _may(actor: Actor, found: Any) -> dict[str, bool]:
    """Which acts the page offers; on a customer who was erased there is nothing left to act on."""
    offered = {
        "may_edit": Permission.EDIT_CUSTOMERS,
        "may_merge": Permission.MERGE_CUSTOMERS,
        "may_reveal": Permission.SEE_CONTACT,
        "may_edit_units": Permission.EDIT_UNITS,
        "may_copy_out": Permission.COPY_OUT_CUSTOMERS,
        "may_erase": Permission.ERASE_CUSTOMERS,
    }
    return {name: found.erased_at is None and actor.may(permission) for name, permission in offered.items()}


def _added(
    request: ActorRequest, customer_id: int, form_name: str, form: Any, write: Callable[[], Any], done: Text
) -> HttpResponse:
    written, status = save(form, write)
    if written:
        return _done(request, customer_id, done)
    return render(request, "customers/customer.html", _page(request, customer_id, **{form_name: form}), status=status)


def _done(request: ActorRequest, customer_id: int, sentence: Text) -> HttpResponse:
    messages.success(request, str(sentence))
    return redirect("customers:customer", customer_id)
