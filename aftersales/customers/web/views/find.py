"""The pick lists of the intake screen: known customers and units while one types. Sent by POST, so that no number stands in a log."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.web.idempotency import reads
from aftersales.customers import queries
from aftersales.customers.permissions import Permission
from aftersales.ui.picks import Pick

SHORTEST = 2
MOST = 6
MOST_UNITS = 4


@reads
@needs(Permission.SEE_CUSTOMERS)
@require_POST
def find(request: ActorRequest) -> HttpResponse:
    """The customers that fit the typed number or name, each with his units."""
    found: dict[int, Any] = {}
    for name in ("phone", "name", "customer_name", "q"):
        typed = request.POST.get(name, "").strip()[:100]
        if len(typed) >= SHORTEST:
            found |= {
                one.pk: one for one in queries.find_customers(request.actor, typed, limit=MOST) if one.pk not in found
            }
    picks = [pick for one in list(found.values())[:MOST] for pick in _picks(request, one)]
    return render(request, "ui/picks.html", {"picks": picks})


@reads
@needs(Permission.SEE_UNITS)
@require_POST
def find_unit(request: ActorRequest) -> HttpResponse:
    """The units that fit the typed serial number or plate, each with its owner."""
    found: dict[int, Any] = {}
    for name in ("serial", "plate", "q"):
        typed = request.POST.get(name, "").strip()[:100]
        if len(typed) >= SHORTEST:
            known = queries.find_units(request.actor, typed, limit=MOST)
            found |= {one.pk: one for one in known if one.pk not in found and _fits(request, one)}
    phones = queries.main_phones([one.owner_id for one in found.values()])
    picks = [_unit_pick(one, one.owner, phones.get(one.owner_id)) for one in list(found.values())[:MOST]]
    return render(request, "ui/picks.html", {"picks": picks})


def _picks(request: ActorRequest, customer: Any) -> list[Pick]:
    phone = next(iter(customer.phones.all()), None)
    detail = " · ".join(part for part in (phone.masked if phone else "", customer.number) if part)
    units = (
        [unit for unit in customer.units.all() if _fits(request, unit)]
        if request.actor.may(Permission.SEE_UNITS)
        else []
    )
    return [
        Pick(customer.name, detail, _fills(customer, phone)),
        *(_unit_pick(unit, customer, phone, is_part=True) for unit in units[:MOST_UNITS]),
    ]


def _fits(request: ActorRequest, unit: Any) -> bool:
    """Whether the unit belongs to the trade whose form is being filled, where one is named."""
    return request.POST.get("trade", "") in {"", unit.trade}


def _unit_pick(unit: Any, owner: Any, phone: Any, *, is_part: bool = False) -> Pick:
    detail = " · ".join(part for part in (unit.serial, unit.plate, "" if is_part else owner.name) if part)
    unit_fills = {
        "unit_id": unit.pk, "serial": unit.serial, "plate": unit.plate, "model": unit.model_text,
        "model_text": unit.model_text, "category": unit.category.code,
    }  # fmt: skip
    title = unit.model_text or str(unit.category.label)
    return Pick(title, detail, _fills(owner, phone, **unit_fills), icon="devices", is_part=is_part)


def _fills(customer: Any, phone: Any, **more: Any) -> dict[str, Any]:
    masked = phone.masked if phone else ""
    fills = {"customer_id": customer.pk, "phone": masked, "name": customer.name, "customer_name": customer.name}
    return {**fills, **more}
