"""Stock is received, transferred, reserved, put away; a move is taken back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse as url_of
from django.views.decorators.http import require_http_methods, require_POST

from aftersales.core import clock
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.warehouse import queries, services
from aftersales.warehouse.permissions import Permission
from aftersales.warehouse.web import forms
from aftersales.warehouse.web.sending import Sheet, send

FORM = ["GET", "HEAD", "POST"]


def _again(name: str, told: dict[str, Any], *kept: str) -> str:
    """The same form once more for the next scan, with what stays the same filled in."""
    return f"{url_of(name)}?{urlencode({each: told[each] for each in kept})}"


@needs(Permission.MOVE)
@require_http_methods(FORM)
def receive(request: ActorRequest) -> HttpResponse:
    """Goods come in; afterwards the form is open for the next item of the same delivery."""
    form = forms.ReceiveForm(request.POST or None, initial=request.GET.dict(), actor=request.actor)
    return send(
        request,
        form,
        lambda told: services.receive_stock(request.actor, **told, now=clock.now()),
        sheet=Sheet(
            _("Receive goods"),
            _("Receive"),
            url_of("warehouse:stock"),
            "package-import",
            _("Scan the delivery note and the item, and count. What differs from the paper is kept as a difference."),
        ),
        then=lambda moves: (
            _again("warehouse:receive", form.cleaned_data, "store", "source", "reference"),
            _("Received as {number}. Scan the next item.", number=moves[0].number),
        ),
    )


@needs(Permission.MOVE)
@require_http_methods(FORM)
def transfer(request: ActorRequest) -> HttpResponse:
    """Goods go from one store to another; afterwards the form is open for the next item."""
    form = forms.TransferForm(request.POST or None, initial=request.GET.dict(), actor=request.actor)
    return send(
        request,
        form,
        lambda told: services.transfer_stock(request.actor, **told, now=clock.now()),
        sheet=Sheet(
            _("Transfer goods"),
            _("Transfer"),
            url_of("warehouse:stock"),
            "exchange",
            _("Between our stores, back to the supplier, out to a customer, or to scrap."),
        ),
        then=lambda move: (
            _again("warehouse:transfer", form.cleaned_data, "from_store", "to_store", "reference"),
            _("Moved as {number}. Scan the next item.", number=move.number),
        ),
    )


@needs(Permission.REVERSE)
@require_http_methods(FORM)
def reverse(request: ActorRequest, key: int) -> HttpResponse:
    """A move is taken back by one the other way round."""
    move = queries.get_move(request.actor, key)
    form = forms.ReasonForm(request.POST or None, actor=request.actor)
    here = url_of("warehouse:item", args=[move.item_id])
    facts = (
        (_("Goods"), move.item),
        (_("Quantity"), move.quantity),
        (_("From"), move.from_store),
        (_("To"), move.to_store),
    )
    return send(
        request,
        form,
        lambda told: services.reverse_move(request.actor, move_id=key, **told, now=clock.now()),
        sheet=Sheet(
            _("Take back {number}", number=move.number),
            _("Take back"),
            here,
            "arrow-back-up",
            _("The move stays; another one brings the goods back."),
            facts,
        ),
        then=lambda made: (here, _("Taken back as {number}.", number=made.number)),
    )


@needs(Permission.MOVE)
@require_http_methods(FORM)
def reserve(request: ActorRequest, key: int) -> HttpResponse:
    """Some of what lies in a store is kept for something."""
    balance = queries.get_balance(request.actor, key)
    form = forms.ReserveForm(request.POST or None, actor=request.actor)
    here = url_of("warehouse:item", args=[balance.item_id])
    facts = ((_("Goods"), balance.item), (_("Store"), balance.store), (_("Free"), balance.free))
    return send(
        request,
        form,
        lambda told: services.reserve_stock(request.actor, balance_id=key, **told, now=clock.now()),
        sheet=Sheet(_("Reserve"), _("Reserve"), here, "lock", facts=facts),
        then=lambda made: (
            here,
            _("{quantity} reserved for “{purpose}”.", quantity=made.quantity, purpose=made.purpose),
        ),
    )


@needs(Permission.MOVE)
@require_POST
def release(request: ActorRequest, key: int) -> HttpResponse:
    """What was kept is free again."""
    made = services.release_reservation(request.actor, reservation_id=key, now=clock.now())
    messages.success(request, str(_("The reservation for “{purpose}” is released.", purpose=made.purpose)))
    return redirect("warehouse:item", made.balance.item_id)


@needs(Permission.MOVE)
@require_http_methods(FORM)
def put_away(request: ActorRequest, key: int) -> HttpResponse:
    """What lies in a store gets its bin."""
    balance = queries.get_balance(request.actor, key)
    form = forms.BinForm(request.POST or None, initial={"bin": balance.bin}, actor=request.actor)
    here = url_of("warehouse:item", args=[balance.item_id])
    facts = ((_("Goods"), balance.item), (_("Store"), balance.store))
    return send(
        request,
        form,
        lambda told: services.put_away(request.actor, balance_id=key, **told, now=clock.now()),
        sheet=Sheet(_("Put away"), _("Save"), here, facts=facts),
        then=lambda _balance: (here, _("Saved.")),
    )
