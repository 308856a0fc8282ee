"""The screen in the hall."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.core.masking import mask_name
from aftersales.core.rows import only
from aftersales.staff import queries as staff
from aftersales.workshop.models import RepairOrder, WallLink
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.order import IN_HOUSE, STATES, OrderState
from aftersales.workshop.rules.wall import WallCard, masked_unit, short_number

MOST = 300


def hash_of(token: str) -> str:
    """What is kept of a screen's address."""
    return hashlib.sha256(token.encode()).hexdigest()


def station_of_wall(token: str) -> Any:
    """The station whose screen has this address; refuses as missing what was never given, or was withdrawn."""
    link = only(WallLink.objects.filter(token_hash=hash_of(token)).select_related("station"))
    if link is None:
        raise Missing
    return link.station


def find_wall_link(actor: Actor, station: str) -> WallLink | None:
    """The address of the station's screen, if it has one: when it was made and by whom."""
    actor.require(Permission.EDIT_RULES)
    return only(WallLink.objects.filter(station=staff.get_station(actor, station)))


def wall_of(actor: Actor, station: str, *, now: datetime) -> Sequence[WallCard]:
    """What the station's screen shows."""
    actor.require(Permission.SEE)
    return list_wall_cards(staff.get_station(actor, station).pk, now=now)


def list_wall_cards(station_id: int, *, now: datetime) -> Sequence[WallCard]:
    """The units in the house of one station, ready ones first, then by promise; names and plates are masked, and a missed promise is nobody else's business."""
    here = RepairOrder.objects.filter(station_id=station_id, state__in=[state.value for state in IN_HOUSE])
    found = list(here.select_related("customer", "unit").order_by("promised_at", "id")[:MOST])
    found.sort(key=lambda order: order.state not in _FETCH)
    return [_card(order, now) for order in found]


_FETCH = {OrderState.READY.value, OrderState.DECLINED.value, OrderState.CANCELLED.value}


def _card(order: RepairOrder, now: datetime) -> WallCard:
    info = STATES[OrderState(order.state)]
    unit = order.unit
    return WallCard(
        number=short_number(order.number),
        customer=mask_name(order.customer.name),
        unit=masked_unit(plate=unit.plate, model=unit.model_text or str(order.unit.label).split(" · ")[0]),
        label=info.customer_label,
        tone=info.tone,
        promised_at=order.promised_at if order.state not in _FETCH and order.promised_at > now else None,
    )
