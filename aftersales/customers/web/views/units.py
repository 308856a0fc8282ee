"""The list of units, a unit's page, and its forms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.catalog import queries as catalog
from aftersales.core import clock
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.customers import queries, services
from aftersales.customers.permissions import Permission
from aftersales.customers.web import forms
from aftersales.customers.web.exports import UNITS
from aftersales.customers.web.listing import listed_units
from aftersales.customers.web.saving import save
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.lists import chips, paginate


@needs(Permission.SEE_UNITS)
@require_safe
def units(request: ActorRequest) -> HttpResponse:
    """The list of units: searched, filtered, sorted, paged."""
    found = listed_units(request)
    context = {
        "page": paginate(found.rows, request),
        "heads": found.sorting.heads,
        "form": found.form,
        "chips": chips(request, found.form),
        "export": export_button(request, UNITS),
        "may_see_customers": request.actor.may(Permission.SEE_CUSTOMERS),
    }
    return render(request, "customers/units.html", context)


@needs(Permission.SEE_UNITS)
@require_safe
def unit(request: ActorRequest, unit_id: int) -> HttpResponse:
    """A unit: what it is, whose it is and was, and what was done to it; a merged record leads to the kept one."""
    page = _page(request, unit_id)
    if page["unit"].pk != unit_id:
        return redirect("customers:unit", page["unit"].pk)
    return render(request, "customers/unit.html", page)


@needs(Permission.EDIT_UNITS)
@require_http_methods(["GET", "HEAD", "POST"])
def register_unit(request: ActorRequest, customer_id: int) -> HttpResponse:
    """Register a unit of a customer, in the words of its trade."""
    owner = queries.get_customer(request.actor, customer_id)
    trades = catalog.list_trades(owner.home_station.trades) or catalog.list_trades()
    asked = request.POST.get("trade") or request.GET.get("trade", "")
    trade = next((each for each in trades if each.code == asked), trades[0])
    form = forms.UnitForm(request.POST or None, trade=trade, is_new=True)

    def write() -> Any:
        meter = form.cleaned_data.get("meter")
        return services.register_unit(
            request.actor, customer_id=owner.pk, facts=form.facts(), meter=meter, now=clock.now()
        )

    made, status = save(form, write)
    if made:
        _say_doubts(request, trade, made.category.code, made.serial)
        messages.success(request, str(_("{unit} is registered.", unit=made.label)))
        return redirect("customers:unit", made.pk)
    context = {"form": form, "customer": owner, "trade": trade, "trades": trades, **_form_frame(trade)}
    context["cancel"] = reverse("customers:customer", args=[owner.pk])
    return render(request, "customers/unit_form.html", context, status=status)


@needs(Permission.EDIT_UNITS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_unit(request: ActorRequest, unit_id: int) -> HttpResponse:
    """Change what is written down about a unit; a change made by somebody else meanwhile is shown beside one's own."""
    found = queries.get_unit(request.actor, unit_id)
    trade = catalog.get_trade(found.trade)
    initial = {**found.facts(), "version": found.version}
    form = forms.UnitForm(request.POST or None, initial=initial, trade=trade, is_new=False)

    def write() -> Any:
        version = form.cleaned_data["version"] or 0
        return services.edit_unit(request.actor, unit_id=found.pk, version=version, facts=form.facts(), now=clock.now())

    written, status = save(form, write)
    if written:
        _say_doubts(request, trade, written.category.code, written.serial)
        messages.success(request, str(_("The changes are saved.")))
        return redirect("customers:unit", written.pk)
    context = {"form": form, "unit": found, "trade": trade, **_form_frame(trade)}
    context["cancel"] = reverse("customers:unit", args=[found.pk])
    return render(request, "customers/unit_form.html", context, status=status)


@needs(Permission.EDIT_UNITS)
@require_POST
def record_meter(request: ActorRequest, unit_id: int) -> HttpResponse:
    """Write down what the meter shows."""
    form = forms.MeterForm(request.POST)

    def write() -> Any:
        typed = form.cleaned_data
        return services.record_meter(
            request.actor, unit_id=unit_id, reading=typed["meter"], reason=typed["reason"], now=clock.now()
        )

    written, status = save(form, write)
    if written:
        messages.success(request, str(_("The reading is saved.")))
        return redirect("customers:unit", unit_id)
    return render(request, "customers/unit.html", _page(request, unit_id, meter_form=form), status=status)


@needs(Permission.EDIT_UNITS)
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_unit(request: ActorRequest, unit_id: int) -> HttpResponse:
    """Search for the new owner, then hand the unit on to him."""
    found = queries.get_unit(request.actor, unit_id)
    form = forms.TransferForm(request.POST or None)

    def write() -> Any:
        typed = form.cleaned_data
        return services.transfer_unit(
            request.actor, unit_id=found.pk, to_customer_id=typed["customer"], note=typed["note"], now=clock.now()
        )

    written, status = save(form, write)
    if written:
        messages.success(
            request, str(_("{unit} now belongs to {owner}.", unit=written.label, owner=written.owner.name))
        )
        return redirect("customers:unit", written.pk)
    typed = request.GET.get("q", "").strip()[:100]
    heirs = [one for one in queries.find_customers(request.actor, typed) if one.pk != found.owner_id] if typed else []
    context = {"unit": found, "form": form, "typed": typed, "heirs": heirs}
    return render(request, "customers/transfer.html", context, status=status)


def _page(request: ActorRequest, unit_id: int, **forms_shown: Any) -> dict[str, Any]:
    actor = request.actor
    found = queries.get_unit(actor, unit_id)
    trade = catalog.get_trade(found.trade)
    category = found.category.code
    return {
        "unit": found,
        "trade": trade,
        "serial_field": trade.serial_of(category),
        "plate_field": trade.plate_of(category),
        "meter_field": trade.meter_of(category),
        "owners": queries.list_owners(actor, found),
        "items": queries.timeline(actor, unit_id=found.pk),
        "panels": queries.list_panels(actor, unit_id=found.pk),
        "merges": queries.merges_into("unit", found.pk),
        "may_edit": actor.may(Permission.EDIT_UNITS),
        "may_merge": actor.may(Permission.MERGE_UNITS),
        "may_see_customers": actor.may(Permission.SEE_CUSTOMERS),
        "meter_form": forms.MeterForm(),
        **forms_shown,
    }


def _form_frame(trade: catalog.Trade) -> dict[str, Any]:
    return {"models": [str(model) for model in catalog.list_models(trade=trade.code, only_active=True)[:500]]}


def _say_doubts(request: ActorRequest, trade: catalog.Trade, category: str, serial: str) -> None:
    for doubt in trade.serial_of(category).read(serial).warnings:
        messages.warning(request, str(doubt))
