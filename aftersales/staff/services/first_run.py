"""The first manager of a new installation. There is never an account that nobody asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aftersales.core import journal, transaction
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Refused
from aftersales.core.text import text as _
from aftersales.staff import queries, rules
from aftersales.staff.models import Person, Station
from aftersales.staff.services import duties, invitations, people, stations


@dataclass(frozen=True)
class FirstRun:
    """The first manager of a new installation and the secret of his link."""

    person: Person
    token: str


@transaction.act
def create_first_manager(
    *,
    login: str,
    name: str,
    duty: str,
    station: str,
    station_name: str,
    now: datetime,
    time_zone: str = "Asia/Shanghai",
    trades: tuple[str, ...] = rules.TRADES,
) -> FirstRun:
    """The first manager at a new headquarters; asked again before he has signed in, the same one with a new link."""
    if queries.managers().exists():
        raise Refused(_("This installation already has a manager, who can invite others under People."))
    if duty not in queries.managing_duties():
        raise Refused(_("The duty “{code}” cannot manage people.", code=duty), field="duty")
    place = Station.objects.filter(code=rules.station_code(station)).first() or stations.open_station(
        SYSTEM, code=station, name=station_name, trades=trades, is_headquarters=True, time_zone=time_zone, now=now
    )
    person = queries.find_person_by_login(rules.login_name(login))
    if person is None:
        person = people.insert_person(login=login, name=name)
        journal.record(
            SYSTEM, at=now, act="register_person", kind="person", key=person.pk, scope=place.code, after=person.facts()
        )
    if not person.assignments.filter(station=place, duty=duty, until_on__isnull=True).exists():
        duties.give_duty(SYSTEM, person, station=place.code, duty=duty, now=now)
    return FirstRun(person, queries.token_of(invitations.make_invitation(SYSTEM, person, now=now)))
