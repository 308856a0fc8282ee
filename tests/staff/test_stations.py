from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from aftersales.core import journal
from aftersales.core.errors import Conflict, Invalid, Missing, NotPermitted
from aftersales.staff import queries, services
from aftersales.staff.models import Station
from tests.factories.staff import NOW, actor_of, make_station

pytestmark = pytest.mark.django_db


def edit(actor, station, **changes):
    facts = {name: value for name, value in station.facts().items() if name != "code"} | {"version": station.version}
    return services.edit_station(actor, code=station.code, **(facts | changes), now=NOW)


def test_a_station_is_opened_with_its_trades(director):
    made = services.open_station(
        actor_of(director), code="nj", name="南京", trades=["automotive", "agri"], phone="025-1", now=NOW
    )
    assert (made.code, made.trades, made.calendar_code, made.is_open) == ("NJ", ["agri", "automotive"], "CN", True)
    assert [entry.act for entry in journal.entries_of("station", "NJ")] == ["open_station"]


def test_it_refuses_a_code_that_is_taken(director):
    make_station("NJ")
    with pytest.raises(Invalid) as refused:
        services.open_station(actor_of(director), code="NJ", name="x", trades=[], now=NOW)
    assert refused.value.field == "code"
    assert Station.objects.filter(code="NJ").count() == 1


@pytest.mark.parametrize("facts", [{"code": "nj"}, {"code": "N"}, {"name": ""}])
def test_the_database_keeps_codes_and_names_in_shape(db, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        Station.objects.create(**({"code": "NJ", "name": "x"} | facts))


def test_it_refuses_an_unknown_time_zone(director):
    with pytest.raises(Invalid) as refused:
        services.open_station(actor_of(director), code="NJ", name="x", trades=[], time_zone="Mars/Base", now=NOW)
    assert refused.value.field == "time_zone"


def test_a_station_manager_sees_and_edits_only_his_own(wang):
    make_station("SUZ")
    actor = actor_of(wang)
    assert [one.code for one in queries.list_stations(actor)] == ["NJ"]
    with pytest.raises(Missing):
        edit(actor, queries.list_stations(actor).model.objects.get(code="SUZ"), name="taken over")
    edit(actor, queries.get_station(actor, "NJ"), name="南京南")
    assert queries.get_station(actor, "NJ").name == "南京南"
    assert Station.objects.get(code="SUZ").name == "Station SUZ"


def test_a_station_manager_opens_none_and_makes_none_a_headquarters(wang):
    actor = actor_of(wang)
    with pytest.raises(NotPermitted):
        services.open_station(actor, code="WX", name="x", trades=[], now=NOW)
    with pytest.raises(NotPermitted):
        edit(actor, queries.get_station(actor, "NJ"), is_headquarters=True)
    assert actor_of(wang).scopes == {"NJ"}


def test_two_people_editing_a_station_are_told_of_each_other(director):
    station = make_station("NJ")
    edit(actor_of(director), station, name="one")
    with pytest.raises(Conflict):
        edit(actor_of(director), station, name="two")
    assert Station.objects.get(code="NJ").name == "one"


def test_a_technician_edits_no_station(zhao):
    with pytest.raises(NotPermitted):
        edit(actor_of(zhao), queries.get_station(actor_of(zhao), "NJ"), name="mine")
    assert Station.objects.get(code="NJ").name == "Station NJ"
