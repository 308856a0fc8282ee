"""The home page of each duty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from aftersales.core import access
from aftersales.workshop import services
from aftersales.workshop.rules.order import OrderState as S
from tests.factories.staff import NOW, make_person
from tests.factories.workshop import make_house, make_order

pytestmark = pytest.mark.django_db


def panels(page: Any) -> dict[str, list[str]]:
    return {str(panel.title): [row.order.number for row in panel.rows] for panel in page.context["panels"]}


def test_every_duty_has_a_home_page(client_as: Callable[..., Any]) -> None:
    house = make_house()
    make_order(house, S.QUOTED)
    for duty in access.duties():
        person = make_person(duty=duty.code, station="NJ")
        page = client_as(person).get("/")
        assert page.status_code == 200, duty.code
        assert str(duty.purpose) in page.content.decode()


def test_a_technician_sees_what_is_his_and_what_waits_for_whom(client_as: Callable[..., Any]) -> None:
    house = make_house()
    mine = make_order(house, S.REPAIRING)
    make_order(house, S.RECEIVED)
    services.wait_order(
        house.technician, number=mine.number, waiting_for="parts", waiting_on="库管 老周", now=NOW + timedelta(hours=1)
    )
    shown = panels(client_as(house.technician_person).get("/"))
    assert shown["My repairs"] == [mine.number]
    assert shown["Who waits for whom"] == [mine.number]


def test_an_advisor_is_told_whom_to_call_before_the_promise_is_missed(client_as: Callable[..., Any]) -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    browser = client_as(house.advisor_person)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert panels(browser.get("/"))["Contact due"] == []
    with time_machine.travel(order.warn_at + timedelta(minutes=1), tick=False):
        assert client_as(house.advisor_person).get("/").context["promises"]["warning"] == 1
        assert panels(client_as(house.advisor_person).get("/"))["Contact due"] == [order.number]
    with time_machine.travel(order.promised_at + timedelta(minutes=1), tick=False):
        assert client_as(house.advisor_person).get("/").context["promises"]["danger"] == 1


def test_the_home_page_shows_nothing_of_another_station(client_as: Callable[..., Any]) -> None:
    make_order(make_house("NJ"), S.QUOTED)
    shown = panels(client_as(make_house("SZ").supervisor_person).get("/"))
    assert all(numbers == [] for numbers in shown.values())


def test_one_scanned_number_opens_its_order_at_once(client_as: Callable[..., Any]) -> None:
    house = make_house()
    order = make_order(house)
    make_order(house)
    answer = client_as(house.advisor_person).post(reverse("desk:search"), {"q": order.number})
    assert answer["Location"] == reverse("workshop:order", args=[order.number])


@pytest.mark.parametrize("typed", ["", "   ", "没有这个", "'; DROP TABLE", "*", '"', "a" * 5000, "\x00"])
def test_the_search_box_bears_whatever_is_typed(client_as: Callable[..., Any], typed: str) -> None:
    house = make_house()
    make_order(house)
    answer = client_as(house.advisor_person).post(reverse("desk:search"), {"q": typed})
    assert answer.status_code == 200
    assert answer.context["hits"] == []


def test_the_search_of_another_station_finds_neither_order_nor_customer_nor_unit(
    client_as: Callable[..., Any],
) -> None:
    order = make_order(make_house("NJ"), name="皇甫嵩")
    stranger = client_as(make_house("SZ").supervisor_person)
    for typed in (order.number, "皇甫嵩", "hfs", order.unit.serial):
        assert stranger.post(reverse("desk:search"), {"q": typed}).context["hits"] == []
