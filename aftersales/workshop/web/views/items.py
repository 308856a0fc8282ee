"""What the price list offers while a line of a quotation is typed."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aftersales.catalog import queries as catalog
from aftersales.core.web.access import ActorRequest, needs
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.quotation import LineKind, labour_basis, part_basis

MOST = 8


@dataclass(frozen=True)
class ItemPick:
    """One operation or part, and what choosing it writes into the form."""

    title: str
    detail: str
    fills: str
    icon: str
    is_part: bool = False


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
    return render(request, "customers/picks.html", {"picks": picks})


def _operations(typed: str, trade: str) -> list[ItemPick]:
    return [
        ItemPick(
            f"{each.code} {each.name}",
            f"{each.hours} h · {each.price}",
            _fills(
                LineKind.LABOUR,
                each.code,
                each.name,
                str(each.hours),
                each.rate.plain,
                str(labour_basis(each.code, each.hours, each.rate)),
            ),
            "tool",
        )
        for each in catalog.find_operations(typed, trade, limit=MOST)
    ]


def _parts(typed: str) -> list[ItemPick]:
    return [
        ItemPick(
            f"{each.code} {each.name}",
            str(each.price),
            _fills(LineKind.PART, each.code, each.name, "1", each.price.plain, str(part_basis(each.code))),
            "package",
        )
        for each in catalog.find_parts(typed, limit=MOST)
    ]


def _fills(kind: str, code: str, description: str, quantity: str, price: str, basis: str) -> str:
    return json.dumps(
        {
            "kind": str(kind),
            "code": code,
            "description": description,
            "quantity": quantity,
            "unit_price": price,
            "basis": basis,
        },
        ensure_ascii=False,
    )
