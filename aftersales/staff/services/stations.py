"""Opening and editing stations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction as database

from aftersales.core import journal, locks, transaction, versions
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, NotPermitted
from aftersales.core.text import Text, text as _
from aftersales.staff import queries, rules
from aftersales.staff.models import Station
from aftersales.staff.permissions import Permission
from aftersales.staff.services import managers

LABELS: dict[str, Text] = {
    "name": _("Name"),
    "calendar_code": _("Calendar"),
    "is_headquarters": _("Headquarters"),
    "trades": _("Trades"),
    "phone": _("Telephone"),
    "address": _("Address"),
    "time_zone": _("Time zone"),
    "is_open": _("In operation"),
}


@transaction.act
def open_station(
    actor: Actor,
    *,
    code: str,
    name: str,
    trades: Iterable[str],
    now: datetime,
    calendar_code: str = "CN",
    is_headquarters: bool = False,
    phone: str = "",
    address: str = "",
    time_zone: str = "Asia/Shanghai",
) -> Station:
    """The new station; its code is taken for ever."""
    _may_edit_network(actor)
    station = Station(
        code=rules.station_code(code),
        **_checked(
            name=name,
            trades=trades,
            calendar_code=calendar_code,
            is_headquarters=is_headquarters,
            phone=phone,
            address=address,
            time_zone=time_zone,
        ),
    )
    try:
        with database.atomic():
            station.save(force_insert=True)
    except IntegrityError as error:
        raise Invalid(_("There is already a station {code}.", code=station.code), field="code") from error
    journal.record(
        actor, at=now, act="open_station", kind="station", key=station.code, scope=station.code, after=station.facts()
    )
    return station


@transaction.act
def edit_station(
    actor: Actor,
    *,
    code: str,
    version: int,
    name: str,
    trades: Iterable[str],
    calendar_code: str,
    is_headquarters: bool,
    phone: str,
    address: str,
    time_zone: str,
    is_open: bool,
    now: datetime,
) -> Station:
    """The station as it stands after the edit; its code never changes."""
    actor.require(Permission.EDIT_STATIONS)
    queries.get_station(actor, code)
    wanted = _checked(
        name=name,
        trades=trades,
        calendar_code=calendar_code,
        is_headquarters=is_headquarters,
        phone=phone,
        address=address,
        time_zone=time_zone,
    ) | {"is_open": is_open}
    with managers.a_manager_remains():
        station: Station = locks.for_update(Station.objects.filter(code=code)).get()
        if station.is_headquarters != is_headquarters:
            _may_edit_network(actor)
        before = station.facts()
        versions.check(
            stands=station.version,
            opened=version,
            kind="station",
            key=code,
            current=before,
            wanted=wanted,
            labels=LABELS,
        )
        _apply(station, wanted)
    journal.record(
        actor, at=now, act="edit_station", kind="station", key=code, scope=code, before=before, after=station.facts()
    )
    return station


def _may_edit_network(actor: Actor) -> None:
    actor.require(Permission.EDIT_STATIONS)
    if actor.scopes is not None:  # who sees only some stations does not decide about new ones or about headquarters
        raise NotPermitted(Permission.EDIT_STATIONS)


def _checked(
    *,
    name: str,
    trades: Iterable[str],
    calendar_code: str,
    is_headquarters: bool,
    phone: str,
    address: str,
    time_zone: str,
) -> dict[str, Any]:
    return {
        "name": rules.filled_in(name, field="name"),
        "trades": rules.known_trades(trades),
        "calendar_code": rules.filled_in(calendar_code, field="calendar_code"),
        "is_headquarters": is_headquarters,
        "phone": phone.strip(),
        "address": address.strip(),
        "time_zone": rules.known_time_zone(time_zone),
    }


def _apply(station: Station, wanted: dict[str, Any]) -> None:
    for field, value in wanted.items():
        setattr(station, field, value)
    station.version += 1
    station.save(update_fields=[*wanted, "version"])
