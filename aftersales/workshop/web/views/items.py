"""What the price list offers while a line of a quotation is typed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aftersales.catalog import queries as catalog
from aftersales.core.money import Money
from aftersales.core.text import Text
from aftersales.core.web.access import ActorRequest, needs
from aftersales.ui.picks import Pick
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.quotation import LineKind, labour_basis, part_basis

MOST = 8
ICONS = {LineKind.LABOUR: "tool", LineKind.PART: "package"}


@needs(Permission.QUOTE)
@require_safe
def find_item(request: ActorRequest, number: str) -> HttpResponse:
    """The operations or parts of the price list that fit what was typed so far."""
    order = queries.get_order(request.actor, number)
    typed = request.GET.get("description", "").strip()[:100]
    if len(typed) < 2:
        picks = []
    elif request.GET.get("kind") == LineKind.PART:
        picks = _parts(typed)
    else:
        picks = _operations(typed, order.trade)
    return render(request, "ui/picks.html", {"picks": picks})


def _operations(typed: str, trade: str) -> list[Pick]:
    return [
        _pick(LineKind.LABOUR, each, str(each.hours), each.rate, labour_basis(each.code, each.hours, each.rate))
        for each in catalog.find_operations(typed, trade, limit=MOST)
    ]


def _parts(typed: str) -> list[Pick]:
    return [
        _pick(LineKind.PART, each, "1", each.price, part_basis(each.code))
        for each in catalog.find_parts(typed, limit=MOST)
    ]


def _pick(kind: LineKind, item: Any, quantity: str, unit_price: Money, basis: Text) -> Pick:
    writes = {
        "kind": kind.value,
        "code": item.code,
        "description": item.name,
        "quantity": quantity,
        "unit_price": unit_price.plain,
        "basis": str(basis),
    }
    return Pick(f"{item.code} {item.name}", f"{quantity} × {unit_price}", writes, ICONS[kind])
