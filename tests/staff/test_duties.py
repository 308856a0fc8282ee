from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from aftersales.core import events, journal
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Invalid, Missing, NotPermitted, Refused
from aftersales.staff import queries, services
from aftersales.staff.events import DutyAssigned, DutyEnded
from aftersales.staff.models import Assignment
from tests.factories.staff import NOW, actor_of, make_manager, make_person, make_station

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def test_a_duty_is_assigned_from_today_on_journaled_and_announced(director, zhao, monkeypatch):
    heard = []
    monkeypatch.setitem(events._handlers, DutyAssigned, [heard.append])
    row = services.assign_duty(actor_of(director), person_id=zhao.pk, station="NJ", duty="service_advisor", now=NOW)
    assert (row.from_on, row.until_on) == (TODAY, None)
    assert heard == [DutyAssigned(zhao.pk, "NJ", "service_advisor", TODAY, NOW)]
    entry = journal.entries_of("person", zhao.pk)[0]
    assert (entry.act, entry.after["duty"], entry.scope) == ("assign_duty", "service_advisor", "NJ")


def test_it_refuses_the_same_open_duty_twice(director, zhao):
    with pytest.raises(Invalid):
        services.assign_duty(actor_of(director), person_id=zhao.pk, station="NJ", duty="technician", now=NOW)
    assert zhao.assignments.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(person=zhao, station=zhao.assignments.get().station, duty="technician", from_on=TODAY)


def test_the_database_refuses_an_end_before_the_start(zhao):
    with pytest.raises(IntegrityError), transaction.atomic():
        zhao.assignments.update(until_on=TODAY - timedelta(days=1))


def test_a_duty_can_come_back_after_its_end(director, zhao):
    services.end_duty(actor_of(director), assignment_id=zhao.assignments.get().pk, now=NOW)
    assert actor_of(zhao).duties == ()
    services.assign_duty(actor_of(director), person_id=zhao.pk, station="NJ", duty="technician", now=NOW)
    assert actor_of(zhao).duties == ("technician",)


def test_a_duty_ends_today_by_the_clock_of_its_station(director, zhao, monkeypatch):
    heard = []
    monkeypatch.setitem(events._handlers, DutyEnded, [heard.append])
    late = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # one in the morning of the 24th in China
    services.end_duty(actor_of(director), assignment_id=zhao.assignments.get().pk, now=late)
    assert heard == [DutyEnded(zhao.pk, "NJ", "technician", date(2026, 11, 24), late)]
    assert queries.actor_for(zhao, now=NOW).duties == ("technician",)
    assert queries.actor_for(zhao, now=late).duties == ()


def test_a_duty_can_end_on_a_later_day_but_not_in_the_past(director, zhao):
    row = zhao.assignments.get()
    with pytest.raises(Invalid):
        services.end_duty(actor_of(director), assignment_id=row.pk, until_on=TODAY - timedelta(days=1), now=NOW)
    row.refresh_from_db()
    assert row.until_on is None
    services.end_duty(actor_of(director), assignment_id=row.pk, until_on=TODAY + timedelta(days=7), now=NOW)
    assert actor_of(zhao).duties == ("technician",)
    assert actor_of(zhao, now=NOW + timedelta(days=7)).duties == ()
    with pytest.raises(Refused):
        services.end_duty(actor_of(director), assignment_id=row.pk, now=NOW)


def test_the_last_manager_cannot_lose_the_duty(director):
    row = director.assignments.get()
    for until_on in (None, TODAY + timedelta(days=30)):
        with pytest.raises(Refused, match="last active manager"):
            services.end_duty(actor_of(director), assignment_id=row.pk, until_on=until_on, now=NOW)
    row.refresh_from_db()
    assert row.until_on is None
    make_manager("second", login="second")
    services.end_duty(actor_of(director), assignment_id=row.pk, now=NOW)


def test_the_last_headquarters_of_the_last_manager_stays_one(director):
    station = queries.get_station(SYSTEM, "HQ")
    facts = {name: value for name, value in station.facts().items() if name != "code"}
    with pytest.raises(Refused, match="last active manager"):
        services.edit_station(
            SYSTEM, code="HQ", version=station.version, **(facts | {"is_headquarters": False}), now=NOW
        )
    station.refresh_from_db()
    assert station.is_headquarters


def test_a_station_manager_assigns_only_at_his_station(wang, zhao, chen):
    with pytest.raises(Missing):
        services.assign_duty(actor_of(wang), person_id=zhao.pk, station="SUZ", duty="technician", now=NOW)
    with pytest.raises(Missing):
        services.assign_duty(actor_of(wang), person_id=chen.pk, station="NJ", duty="technician", now=NOW)
    with pytest.raises(Missing):
        services.end_duty(actor_of(wang), assignment_id=chen.assignments.get().pk, now=NOW)
    with pytest.raises(Missing):
        queries.get_assignment(actor_of(wang), chen.assignments.get().pk)
    assert (zhao.assignments.count(), chen.assignments.count()) == (1, 1)


def test_without_the_permission_nobody_assigns_or_ends(zhao, wang):
    with pytest.raises(NotPermitted):
        services.assign_duty(actor_of(zhao), person_id=zhao.pk, station="NJ", duty="service_manager", now=NOW)
    with pytest.raises(NotPermitted):
        services.end_duty(actor_of(zhao), assignment_id=wang.assignments.get().pk, now=NOW)
    assert actor_of(zhao).duties == ("technician",)


def test_nobody_grants_administrative_rights_he_does_not_have(wang, zhao):
    actor = actor_of(wang)
    lesser = type(actor)(
        id=actor.id,
        name=actor.name,
        permissions=actor.permissions - {"staff:station:edit"},
        scopes=actor.scopes,
        person_id=actor.person_id,
    )
    with pytest.raises(Refused, match="beyond yours"):
        services.assign_duty(lesser, person_id=zhao.pk, station="NJ", duty="service_manager", now=NOW)
    assert actor_of(zhao).duties == ("technician",)


def test_a_closed_station_gets_no_new_duties(director):
    station = make_station("NJ")
    person = make_person()
    facts = {name: value for name, value in station.facts().items() if name != "code"}
    services.edit_station(
        actor_of(director), code="NJ", version=station.version, **(facts | {"is_open": False}), now=NOW
    )
    with pytest.raises(Invalid):
        services.assign_duty(actor_of(director), person_id=person.pk, station="NJ", duty="service_advisor", now=NOW)
    assert person.assignments.count() == 1
