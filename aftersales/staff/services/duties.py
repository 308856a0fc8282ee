"""Giving duties to people and ending them."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from django.db import IntegrityError, transaction as database

from aftersales.core import access, events, journal, locks, transaction
from aftersales.core.access import Duty
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Refused
from aftersales.core.text import text as _
from aftersales.staff import queries, rules
from aftersales.staff.events import DutyAssigned, DutyEnded
from aftersales.staff.models import Assignment, Person, Station
from aftersales.staff.permissions import Permission
from aftersales.staff.services import findable, managers


@transaction.act
def assign_duty(
    actor: Actor, *, person_id: int, station: str, duty: str, now: datetime, from_on: date | None = None
) -> Assignment:
    """The duty the person now has at the station, from today or from the given day on."""
    actor.require(Permission.ASSIGN_DUTIES)
    person = managers.get_manageable(actor, person_id, now=now)
    return give_duty(actor, person, station=station, duty=duty, from_on=from_on, now=now)


def give_duty(
    actor: Actor, person: Person, *, station: str, duty: str, now: datetime, from_on: date | None = None
) -> Assignment:
    """The same, for a caller that has already been let decide about the person."""
    place = queries.get_station(actor, station)
    given = _known(duty)
    _refuse_beyond(actor, given)
    if not place.is_open:
        raise Invalid(_("{station} is closed. Choose a station in operation.", station=place.name), field="station")
    if not person.is_active:
        raise Refused(_("{name} is deactivated. Reactivate first.", name=person.name))
    row = _insert(person, place, given, from_on or queries.today_at(place, now=now))
    _record(actor, row, act="assign_duty", now=now)
    findable.index_person(person)
    events.publish(DutyAssigned(person.pk, place.code, given.code, row.from_on, now))
    return row


@transaction.act
def end_duty(actor: Actor, *, assignment_id: int, now: datetime, until_on: date | None = None) -> Assignment:
    """The duty as it stands with its end: today at once, or a later day which is the first without it."""
    actor.require(Permission.ASSIGN_DUTIES)
    row = queries.get_assignment(actor, assignment_id)
    managers.get_manageable(actor, row.person_id, now=now)
    row = cast("Assignment", locks.for_update(Assignment.objects.filter(pk=row.pk)).get())
    today = queries.today_at(row.station, now=now)
    if row.until_on is not None:
        raise Refused(_("This duty already has its end."))
    if until_on is not None and until_on < max(today, row.from_on):
        raise Invalid(_("A duty cannot end in the past. Choose today or a later day."), field="until_on")
    with managers.a_manager_remains():
        row.until_on = until_on or max(today, row.from_on)
        row.save(update_fields=["until_on"])
    _record(actor, row, act="end_duty", now=now)
    findable.index_person(row.person)
    events.publish(DutyEnded(row.person_id, row.station.code, row.duty, row.until_on, now))
    return row


def _known(code: str) -> Duty:
    duty = access.find_duty(code)
    if duty is None:
        raise Invalid(_("There is no duty “{code}”.", code=code), field="duty")
    return duty


def _refuse_beyond(actor: Actor, duty: Duty) -> None:
    if not actor.is_system and rules.beyond(actor.permissions, duty.permissions):
        raise Refused(
            _("“{duty}” decides about other people's rights beyond yours. Ask a manager who has it.", duty=duty.label),
            field="duty",
        )


def _insert(person: Person, station: Station, duty: Duty, from_on: date) -> Assignment:
    try:
        with database.atomic():
            return Assignment.objects.create(person=person, station=station, duty=duty.code, from_on=from_on)
    except IntegrityError as error:
        raise Invalid(
            _(
                "{name} is already {duty} at {station}.",
                name=person.name,
                duty=duty.label,
                station=station.name,
            ),
            field="duty",
        ) from error


def _record(actor: Actor, row: Assignment, *, act: str, now: datetime) -> None:
    after = {"duty": row.duty, "station": row.station.code, "from_on": row.from_on, "until_on": row.until_on}
    journal.record(actor, at=now, act=act, kind="person", key=row.person_id, scope=row.station.code, after=after)
