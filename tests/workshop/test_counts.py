"""Work in numbers: what is counted as it comes agrees with the orders, and the page by month shows it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from aftersales.core.errors import NotPermitted, Refused
from aftersales.workshop import queries, services
from aftersales.workshop.models import IntakeCount, RepairOrder
from aftersales.workshop.services import counting
from tests.factories.staff import NOW, make_person
from tests.factories.workshop import an_intake, make_house, receive

pytestmark = pytest.mark.django_db
LATE = datetime(2026, 10, 31, 15, 59, tzinfo=UTC)
"""Nearly midnight of the last day of October at the station."""


@pytest.fixture
def house():
    return make_house()


def kept() -> list[tuple[date, str, str, int]]:
    rows = IntakeCount.objects.order_by("day", "station__code", "category__code")
    return list(rows.values_list("day", "station__code", "category__code", "count"))


def test_each_unit_taken_in_is_counted_on_its_day_at_the_station(house):
    receive(house, now=LATE)
    receive(house, now=LATE + timedelta(minutes=2))
    receive(house, now=LATE + timedelta(hours=3))
    receive(house, now=LATE + timedelta(hours=3), category="laptop", serial="PF3XK2ZT")
    assert kept() == [
        (date(2026, 10, 31), "NJ", "phone", 1),
        (date(2026, 11, 1), "NJ", "laptop", 1),
        (date(2026, 11, 1), "NJ", "phone", 2),
    ]


def test_what_was_refused_is_not_counted(house):
    receive(house, serial="490154203237518")
    before = kept()
    with pytest.raises(Refused):
        services.receive_order(house.advisor, intake=an_intake(serial="490154203237518"), now=NOW)
    assert kept() == before


def test_counting_anew_comes_to_the_same(house):
    for hours in range(0, 60, 7):
        receive(house, now=LATE + timedelta(hours=hours))
    before = kept()
    IntakeCount.objects.update(count=99)
    assert counting.recount_intakes() == 9
    assert kept() == before


def test_orders_from_before_the_counts_are_counted_by_the_migration(house):
    for hours in (0, 1, 30):
        receive(house, now=LATE + timedelta(hours=hours))
    before = kept()
    IntakeCount.objects.all().delete()
    import_module("aftersales.workshop.migrations.0012_intakes_counted_by_day").count_what_is_there(apps, None)
    assert kept() == before


def test_a_month_shows_what_came_in_and_where_it_stands_now(house):
    early, late, gone = (receive(house, now=at) for at in (LATE, LATE + timedelta(hours=1), LATE + timedelta(hours=2)))
    services.diagnose_order(house.technician, number=late.number, diagnosis="排线断裂", now=NOW)
    RepairOrder.objects.filter(pk=gone.pk).update(state="closed", handed_over_at=NOW)
    november, october, september = queries.count_by_month(
        house.supervisor, first=date(2026, 9, 14), last=date(2026, 11, 30)
    )
    assert (november.month, november.taken_in, november.gone) == (date(2026, 11, 1), 2, 1)
    assert november.in_phase == {"intake": 0, "quotation": 1, "workshop": 0, "checking": 0, "handover": 0}
    assert (october.month, october.taken_in, october.in_phase["intake"], october.gone) == (date(2026, 10, 1), 1, 1, 0)
    assert (september.taken_in, september.gone) == (0, 0)
    assert early.number


def test_only_what_the_actor_sees_is_counted(house):
    receive(house)
    other = make_house("SZ")
    month = {"first": NOW.date(), "last": NOW.date()}
    assert queries.count_by_month(house.supervisor, **month)[0].taken_in == 1
    assert queries.count_by_month(other.supervisor, **month)[0].taken_in == 0
    assert queries.count_by_month(house.supervisor, **month, station="SZ")[0].taken_in == 0
    assert queries.count_by_month(house.supervisor, **month, trade="agri")[0].taken_in == 0
    assert queries.count_by_month(house.supervisor, **month, trade="electronics", station="NJ")[0].taken_in == 1
    with pytest.raises(NotPermitted):
        queries.count_by_month(house.technician, **month)


def test_the_page_by_month_shows_twelve_months_or_a_year(house, client):
    receive(house, now=NOW)
    receive(house, now=NOW - timedelta(days=500))
    client.force_login(house.supervisor_person)
    page = client.get(reverse("workshop:work_by_month"))
    assert page.status_code == 200
    assert [len(page.context["rows"]), page.context["taken_in"]] == [12, 1]
    assert f"{NOW:%Y-%m}" in page.content.decode()
    year = (NOW - timedelta(days=500)).year
    before = client.get(reverse("workshop:work_by_month"), {"year": year})
    assert [len(before.context["rows"]), before.context["taken_in"]] == [12, 1]
    odd = client.get(reverse("workshop:work_by_month"), {"year": "1492; drop", "trade": "?"})
    assert [odd.status_code, odd.context["taken_in"]] == [200, 1]


def test_counts_are_not_for_everybody(house, client):
    client.force_login(make_person(duty="technician", station="NJ"))
    assert client.get(reverse("workshop:work_by_month")).status_code == 403
