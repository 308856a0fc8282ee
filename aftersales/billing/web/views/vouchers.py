"""Vouchers: the list that finance exports, one of them, and its reversal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from aftersales.billing import queries, services
from aftersales.billing.permissions import Permission
from aftersales.billing.services import EntryKind
from aftersales.billing.web import exports, forms, listing
from aftersales.core import clock
from aftersales.core.errors import Refused
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.forms import add_refusal
from aftersales.ui.lists import chips, paginate


@needs(Permission.SEE_ACCOUNTS)
@require_safe
def vouchers(request: ActorRequest) -> HttpResponse:
    """The vouchers, filtered, sorted and paged."""
    found = listing.vouchers(request)
    context = {
        "page": paginate(found.rows, request),
        "form": found.form,
        "heads": found.sorting.heads,
        "chips": chips(request, found.form),
        "export": export_button(request, exports.VOUCHERS),
    }
    return render(request, "billing/vouchers.html", context)


@needs(Permission.SEE_ACCOUNTS)
@require_safe
def voucher(request: ActorRequest, number: str) -> HttpResponse:
    """One voucher: what it rests on, how it was worked out, and what reversed it."""
    return render(request, "billing/voucher.html", _page(request, number, forms.ReasonForm()))


def _page(request: ActorRequest, number: str, form: forms.ReasonForm) -> dict[str, Any]:
    entry = queries.get_entry(request.actor, number=number)
    is_open = not hasattr(entry, "reversed_by") and entry.kind not in (EntryKind.REVERSAL, EntryKind.FREIGHT)
    may_reverse = is_open and request.actor.may(Permission.REVERSE)
    return {"entry": entry, "note": exports.note_of(entry), "form": form if may_reverse or form.errors else None}


@needs(Permission.REVERSE)
@require_POST
def reverse_entry(request: ActorRequest, number: str) -> HttpResponse:
    """Another entry undoes this one."""
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "billing/voucher.html", _page(request, number, form), status=422)
    try:
        done = services.reverse_entry(request.actor, number=number, reason=form.cleaned_data["reason"], now=clock.now())
    except Refused as refused:
        add_refusal(form, refused)
        return render(request, "billing/voucher.html", _page(request, number, form), status=refused.status)
    messages.success(request, str(_("Reversed by voucher {number}.", number=done.number)))
    return redirect("billing:voucher", number=number)
