from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from aftersales.core import journal
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Conflict, Invalid, Missing, NotPermitted, Refused
from aftersales.staff import queries, services
from aftersales.staff.models import Assignment, Person
from tests.factories.staff import NOW, actor_of, make_manager, make_person, make_station

pytestmark = pytest.mark.django_db


def edit(actor, person, **changes):
    facts = person.facts() | {"version": person.version} | changes
    return services.edit_person(actor, person_id=person.pk, **facts, now=NOW)


def test_a_registered_person_has_a_duty_and_no_password(director):
    make_station("NJ")
    done = services.register_person(
        actor_of(director), login="Sun.Li", name=" 孙丽 ", station="NJ", duty="service_advisor", now=NOW
    )
    person = queries.find_person_by_login("SUN.LI")
    assert person == done.person
    assert (person.name, person.has_joined) == ("孙丽", False)
    assert [row.duty for row in person.assignments.all()] == ["service_advisor"]
    acts = [entry.act for entry in journal.entries_of("person", person.pk)]
    assert acts == ["invite_person", "assign_duty", "register_person"]


def test_it_refuses_a_login_that_is_taken_and_writes_nothing(director, zhao):
    before = (Person.objects.count(), Assignment.objects.count())
    with pytest.raises(Invalid) as refused:
        services.register_person(
            actor_of(director), login="ZHAO.min", name="x", station="NJ", duty="technician", now=NOW
        )
    assert refused.value.field == "login"
    assert (Person.objects.count(), Assignment.objects.count()) == before


def test_the_database_itself_keeps_logins_in_lower_case_and_once(zhao):
    for login in ("Zhao.Min", "zhao.min"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.create(login=login, name="x")


def test_it_refuses_an_unknown_duty_and_leaves_nobody_behind(director):
    make_station("NJ")
    with pytest.raises(Invalid) as refused:
        services.register_person(actor_of(director), login="sun.li", name="x", station="NJ", duty="king", now=NOW)
    assert refused.value.field == "duty"
    assert queries.find_person_by_login("sun.li") is None


def test_a_technician_registers_nobody(zhao):
    with pytest.raises(NotPermitted):
        services.register_person(actor_of(zhao), login="sun.li", name="x", station="NJ", duty="technician", now=NOW)
    assert queries.find_person_by_login("sun.li") is None


def test_a_station_manager_registers_nobody_elsewhere(wang, chen):
    with pytest.raises(Missing):
        services.register_person(actor_of(wang), login="sun.li", name="x", station="SUZ", duty="technician", now=NOW)
    assert queries.find_person_by_login("sun.li") is None


def test_an_edit_changes_the_facts_and_the_version(director, zhao):
    edit(actor_of(director), zhao, name="赵敏敏", phone="13800138000")
    zhao.refresh_from_db()
    assert (zhao.name, zhao.phone, zhao.version) == ("赵敏敏", "13800138000", 2)
    entry = journal.entries_of("person", zhao.pk)[0]
    assert (entry.act, entry.before["name"], entry.after["name"]) == ("edit_person", "赵敏", "赵敏敏")


def test_two_people_editing_at_once_are_told_of_each_other(director, zhao):
    opened = zhao.version
    edit(actor_of(director), zhao, name="赵敏敏")
    with pytest.raises(Conflict) as refused:
        edit(actor_of(director), zhao, name="赵小敏", version=opened)
    assert [(one.theirs, one.yours) for one in refused.value.differences] == [("赵敏敏", "赵小敏")]
    zhao.refresh_from_db()
    assert zhao.name == "赵敏敏"


def test_station_a_does_not_see_the_people_of_station_b(wang, zhao, chen):
    actor = actor_of(wang)
    assert set(queries.list_people(actor)) == {wang, zhao}
    with pytest.raises(Missing):
        queries.get_person(actor, chen.pk)
    with pytest.raises(Missing):
        services.deactivate_person(actor, person_id=chen.pk, now=NOW)
    with pytest.raises(Missing):
        edit(actor, chen, name="stolen")
    chen.refresh_from_db()
    assert chen.is_active
    assert chen.name == "陈静"


def test_headquarters_sees_everybody(director, wang, zhao, chen):
    assert set(queries.list_people(actor_of(director))) == {director, wang, zhao, chen}


def test_people_are_found_by_station_duty_name_login_and_state(director, wang, zhao, chen):
    actor = actor_of(director)
    assert set(queries.list_people(actor, station="NJ")) == {wang, zhao}
    assert set(queries.list_people(actor, station="NJ", duty="technician")) == {zhao}
    assert set(queries.list_people(actor, q="敏")) == {zhao}
    assert set(queries.list_people(actor, q="CHEN")) == {chen}
    assert set(queries.list_people(actor, q="zm")) == {zhao}
    services.deactivate_person(actor, person_id=zhao.pk, now=NOW)
    assert set(queries.list_people(actor, is_active=False)) == {zhao}
    assert zhao not in queries.list_people(actor, is_active=True)


def test_who_lost_his_last_duty_stays_visible_where_he_was(wang, zhao, chen):
    row = zhao.assignments.get()
    services.end_duty(actor_of(wang), assignment_id=row.pk, now=NOW)
    assert zhao in queries.list_people(actor_of(wang))


def test_a_pick_list_holds_the_active_people_whose_duty_allows_it(director, wang, zhao, chen):
    actor = actor_of(wang)
    assert queries.people_with(actor, "staff:station:see", "NJ") == sorted([wang, zhao], key=lambda one: one.name)
    assert queries.people_with(actor, "staff:duty:assign", "NJ") == [wang]
    assert queries.people_with(actor, "staff:station:see", "SUZ") == []
    services.deactivate_person(actor_of(director), person_id=zhao.pk, now=NOW)
    assert queries.people_with(actor, "staff:station:see", "NJ") == [wang]


def test_a_deactivated_person_may_nothing_and_comes_back_as_he_was(director, zhao):
    services.deactivate_person(actor_of(director), person_id=zhao.pk, now=NOW)
    zhao.refresh_from_db()
    gone = actor_of(zhao)
    assert (gone.permissions, gone.scopes) == (frozenset(), frozenset())
    with pytest.raises(Refused):
        services.deactivate_person(actor_of(director), person_id=zhao.pk, now=NOW)
    services.reactivate_person(actor_of(director), person_id=zhao.pk, now=NOW)
    zhao.refresh_from_db()
    assert actor_of(zhao).scopes == {"NJ"}


def test_nobody_deactivates_himself(director):
    make_manager("second", login="second")
    with pytest.raises(Refused):
        services.deactivate_person(actor_of(director), person_id=director.pk, now=NOW)
    director.refresh_from_db()
    assert director.is_active


def test_the_last_active_manager_cannot_be_deactivated(director):
    with pytest.raises(Refused, match="last active manager"):
        services.deactivate_person(SYSTEM, person_id=director.pk, now=NOW)
    director.refresh_from_db()
    assert director.is_active


def test_a_manager_who_never_joined_does_not_count_as_one(director):
    make_manager("never came", login="never", password="")
    with pytest.raises(Refused, match="last active manager"):
        services.deactivate_person(SYSTEM, person_id=director.pk, now=NOW)


def test_one_of_two_managers_can_be_deactivated(director):
    second = make_manager("second", login="second")
    services.deactivate_person(actor_of(second), person_id=director.pk, now=NOW)
    director.refresh_from_db()
    assert not director.is_active


def test_a_station_manager_decides_nothing_about_headquarters(director, wang):
    services.assign_duty(SYSTEM, person_id=director.pk, station="NJ", duty="technician", now=NOW)
    actor = actor_of(wang)
    assert director in queries.list_people(actor)
    for act in (
        services.deactivate_person,
        services.invite_person,
        services.require_new_password,
        services.end_sessions,
    ):
        with pytest.raises(Refused, match="beyond yours"):
            act(actor, person_id=director.pk, now=NOW)
    with pytest.raises(Refused, match="beyond yours"):
        edit(actor, director, email="wang@example.com")
    director.refresh_from_db()
    assert (director.is_active, director.email) == (True, "")


def test_an_actor_is_made_from_present_duties_with_one_query(zhao, django_assert_num_queries):
    make_station("SUZ")
    services.assign_duty(SYSTEM, person_id=zhao.pk, station="SUZ", duty="service_advisor", now=NOW)
    tomorrow = (NOW + timedelta(days=1)).date()
    services.assign_duty(SYSTEM, person_id=zhao.pk, station="SUZ", duty="service_manager", from_on=tomorrow, now=NOW)
    with django_assert_num_queries(1):
        actor = queries.actor_for(zhao, now=NOW)
    assert actor.id == f"person:{zhao.pk}"
    assert actor.duties == ("service_advisor", "technician")
    assert actor.scopes == {"NJ", "SUZ"}
    assert actor.home_scope == "NJ"
    assert not actor.may("staff:duty:assign")
    assert queries.actor_for(zhao, now=NOW + timedelta(days=1)).may("staff:duty:assign")


def test_a_person_without_duty_sees_nothing_and_has_no_home(director, zhao):
    services.end_duty(actor_of(director), assignment_id=zhao.assignments.get().pk, now=NOW)
    actor = actor_of(zhao)
    assert (actor.scopes, actor.home_scope, actor.permissions) == (frozenset(), "", frozenset())
    with pytest.raises(Missing):
        queries.station_of(actor)


def test_headquarters_has_all_scopes_and_its_own_home(director):
    actor = actor_of(director)
    assert actor.scopes is None
    assert queries.station_of(actor).code == "HQ"


def test_names_of_colleagues_are_given_for_any_numbers(zhao, chen):
    assert queries.names_of_people([zhao.pk, chen.pk, 0]) == {zhao.pk: "赵敏", chen.pk: "陈静"}


def test_a_person_is_indexed_for_his_stations_only(wang, zhao, chen):
    person = make_person("吴磊", phone="13912345678")
    assert person in queries.list_people(actor_of(wang), q="5678")
    assert person not in queries.list_people(actor_of(chen), q="5678")
