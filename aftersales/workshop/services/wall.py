"""The address of the screen in the hall."""

from __future__ import annotations

import secrets
from datetime import datetime

from aftersales.core import journal, transaction
from aftersales.core.actor import Actor
from aftersales.staff import queries as staff
from aftersales.workshop import queries
from aftersales.workshop.models import WallLink
from aftersales.workshop.permissions import Permission


@transaction.act
def renew_wall_link(actor: Actor, *, station: str, now: datetime) -> str:
    """The new secret part of the address of the station's screen, told this once; the old address shows nothing any more."""
    actor.require(Permission.EDIT_RULES)
    place = staff.get_station(actor, station)
    token = secrets.token_urlsafe(32)
    facts = {"token_hash": queries.wall_hash(token), "made_at": now, "made_by": actor.name}
    WallLink.objects.update_or_create(station=place, defaults=facts)
    journal.record(actor, at=now, act="renew_wall_link", kind="station", key=place.code, scope=place.code)
    return token


@transaction.act
def withdraw_wall_link(actor: Actor, *, station: str, now: datetime) -> None:
    """The station's screen shows nothing any more."""
    actor.require(Permission.EDIT_RULES)
    place = staff.get_station(actor, station)
    if WallLink.objects.filter(station=place).delete()[0]:
        journal.record(actor, at=now, act="withdraw_wall_link", kind="station", key=place.code, scope=place.code)
