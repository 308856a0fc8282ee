"""Possible duplicates: pairs with the reasons in words, those found different, and what was merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from aftersales.core import clock
from aftersales.core.text import Text, text as _, text_n
from aftersales.core.web.access import ActorRequest, needs
from aftersales.customers import queries, services
from aftersales.customers.permissions import Permission
from aftersales.customers.web import listing
from aftersales.customers.web.exports import CUSTOMER_PAIRS, UNIT_PAIRS
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.lists import paginate

LOOKED_AT_ONCE = 2000


@dataclass(frozen=True)
class _Tab:
    """One of the lists of this page."""

    label: Text
    url: str
    is_active: bool


@dataclass(frozen=True)
class _Line:
    """A pair as a row: both records, why they may be one, and where to compare them."""

    pair: Any
    reasons: list[Text]
    compare: str


@needs(Permission.MERGE_CUSTOMERS)
@require_safe
def duplicate_customers(request: ActorRequest) -> HttpResponse:
    """Customers that may be registered twice."""
    return _pairs(request, "customer")


@needs(Permission.MERGE_UNITS)
@require_safe
def duplicate_units(request: ActorRequest) -> HttpResponse:
    """Units that may be registered twice."""
    return _pairs(request, "unit")


@needs(Permission.MERGE_CUSTOMERS)
@require_POST
def dismiss_pair_of_customers(request: ActorRequest, pair_id: int) -> HttpResponse:
    """These two are not the same."""
    return _dismiss(request, "customer", pair_id)


@needs(Permission.MERGE_UNITS)
@require_POST
def dismiss_pair_of_units(request: ActorRequest, pair_id: int) -> HttpResponse:
    """These two are not the same."""
    return _dismiss(request, "unit", pair_id)


@needs(Permission.MERGE_CUSTOMERS)
@require_POST
def reopen_pair_of_customers(request: ActorRequest, pair_id: int) -> HttpResponse:
    """These two may be the same after all."""
    return _reopen(request, "customer", pair_id)


@needs(Permission.MERGE_UNITS)
@require_POST
def reopen_pair_of_units(request: ActorRequest, pair_id: int) -> HttpResponse:
    """These two may be the same after all."""
    return _reopen(request, "unit", pair_id)


@needs(Permission.MERGE_CUSTOMERS)
@require_POST
def find_duplicates(request: ActorRequest) -> HttpResponse:
    """Look at once through what is new or was changed; what is more than a page can wait for the worker does."""
    count = services.find_duplicates(now=clock.now(), at_most=LOOKED_AT_ONCE)
    done = text_n("{count} record was compared.", "{count} records were compared.", count)
    messages.success(request, str(done))
    return redirect("customers:duplicate_customers")


def _pairs(request: ActorRequest, kind: str) -> HttpResponse:
    show = request.GET.get("show", "")
    context: dict[str, Any] = {"kind": kind, "show": show, "tabs": _tabs(request, kind, show), "merges": []}
    if show == "merged":
        context["merges"] = queries.list_merges(request.actor, kind)
    else:
        page = paginate(listing.listed_pairs(request, kind), request)
        context["page"] = page
        context["export"] = export_button(request, CUSTOMER_PAIRS if kind == "customer" else UNIT_PAIRS)
        context["lines"] = [
            _Line(pair, queries.reasons_of(pair), reverse(f"customers:merge_{kind}s", args=[pair.low_id]))
            for pair in page
        ]
    context["scanned_at"] = queries.scanned_at(kind)
    return render(request, "customers/duplicates.html", context)


def _tabs(request: ActorRequest, kind: str, show: str) -> list[_Tab]:
    customers, units = reverse("customers:duplicate_customers"), reverse("customers:duplicate_units")
    here = customers if kind == "customer" else units
    tabs = [
        _Tab(_("Customers"), customers, kind == "customer" and show not in {"different", "merged"}),
        _Tab(_("Units"), units, kind == "unit" and show not in {"different", "merged"}),
        _Tab(_("Not the same"), f"{here}?show=different", show == "different"),
        _Tab(_("Merged"), f"{here}?show=merged", show == "merged"),
    ]
    hidden = set() if request.actor.may(Permission.MERGE_UNITS) else {units}
    return [tab for tab in tabs if tab.url not in hidden]


def _dismiss(request: ActorRequest, kind: str, pair_id: int) -> HttpResponse:
    services.dismiss_pair(request.actor, kind=kind, pair_id=pair_id, now=clock.now())
    messages.success(request, str(_("Noted: the two are not the same.")))
    return redirect(f"customers:duplicate_{kind}s")


def _reopen(request: ActorRequest, kind: str, pair_id: int) -> HttpResponse:
    services.reopen_pair(request.actor, kind=kind, pair_id=pair_id, now=clock.now())
    messages.success(request, str(_("The pair stands in the list again.")))
    return redirect(f"customers:duplicate_{kind}s")
