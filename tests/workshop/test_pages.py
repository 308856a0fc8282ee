"""The workshop's pages, as the people who use them see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from aftersales.workshop import services
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules.order import OrderState as S
from tests.factories.staff import NOW
from tests.factories.workshop import EXPLAINED, House, imei, make_house, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_hours_later() -> Iterator[None]:
    """The pages ask for the present; these tests always happen on the same Monday."""
    with time_machine.travel(NOW + timedelta(hours=2)):
        yield


@pytest.fixture
def house() -> House:
    return make_house()


def typed_intake(**facts: Any) -> dict[str, Any]:
    wanted = {
        "station": "NJ",
        "trade": "electronics",
        "phone": "13800138000",
        "name": "陈静",
        "category": "phone",
        "serial": imei(7),
        "fault": "屏幕不亮",
        "condition.locked": "by-owner",
        "is_reminded_of_valuables": "on",
    }
    return wanted | facts


def test_the_intake_page_opens_an_order_and_shows_it(house: House, client_as: Callable[..., Any]) -> None:
    browser = client_as(house.advisor_person)
    assert browser.get(reverse("workshop:receive")).status_code == 200
    answer = browser.post(reverse("workshop:receive"), typed_intake(), follow=True)
    order = RepairOrder.objects.get()
    assert answer.redirect_chain == [(reverse("workshop:order", args=[order.number]), 302)]
    assert order.number in answer.content.decode()


def test_an_intake_with_a_mistake_comes_back_as_it_was_typed_with_a_sentence(
    house: House, client_as: Callable[..., Any]
) -> None:
    browser = client_as(house.advisor_person)
    answer = browser.post(reverse("workshop:receive"), typed_intake(phone="12", fault="漏液"))
    assert answer.status_code in {409, 422}
    assert "漏液" in answer.content.decode()
    assert not RepairOrder.objects.exists()


def test_pressing_the_button_twice_opens_one_order(house: House, client_as: Callable[..., Any]) -> None:
    browser = client_as(house.advisor_person)
    first = browser.post(reverse("workshop:receive"), typed_intake(), once="the-same-form-sent-twice")
    second = browser.post(reverse("workshop:receive"), typed_intake(), once="the-same-form-sent-twice")
    assert RepairOrder.objects.count() == 1
    assert (second.status_code, second["Location"]) == (first.status_code, first["Location"])


@pytest.mark.parametrize("state", list(S))
def test_the_order_page_shows_every_state_to_everybody_who_may_see_it(
    house: House, client_as: Callable[..., Any], state: S
) -> None:
    order = make_order(house, state)
    for person in (house.advisor_person, house.technician_person, house.supervisor_person):
        answer = client_as(person).get(reverse("workshop:order", args=[order.number]))
        assert answer.status_code == 200


def test_a_greyed_act_says_why(house: House, client_as: Callable[..., Any]) -> None:
    order = make_order(house, S.READY)
    address = reverse("workshop:order", args=[order.number])
    assert "Explain to the customer" in client_as(house.advisor_person).get(address).content.decode()
    services.explain_order(house.advisor, number=order.number, now=NOW + timedelta(hours=1), **EXPLAINED)
    assert "Record the payment first" in client_as(house.advisor_person).get(address).content.decode()


def test_what_stands_in_the_way_is_put_in_plain_sight(house: House, client_as: Callable[..., Any]) -> None:
    to_pay, waiting = make_order(house, S.READY), make_order(house, S.REPAIRING)
    services.wait_order(
        house.technician, number=waiting.number, waiting_for="parts", waiting_on="库管", now=NOW + timedelta(hours=1)
    )
    telling = client_as(house.advisor_person).get(reverse("workshop:order", args=[to_pay.number])).context
    assert (telling["main"].open.action, telling["blocked"].open.action) == ("explain", "hand_over")
    services.explain_order(house.advisor, number=to_pay.number, now=NOW + timedelta(hours=1), **EXPLAINED)
    paying = client_as(house.advisor_person).get(reverse("workshop:order", args=[to_pay.number])).context
    assert (paying["main"].open.action, paying["blocked"].open.action) == ("record_payment", "hand_over")
    stuck = client_as(house.technician_person).get(reverse("workshop:order", args=[waiting.number])).context
    assert (stuck["main"].open.action, stuck["blocked"].open.action) == ("resume", "complete")


def test_an_act_that_is_refused_shows_its_form_again_with_the_reason(
    house: House, client_as: Callable[..., Any]
) -> None:
    order = make_order(house, S.READY)
    answer = client_as(house.advisor_person).post(
        reverse("workshop:record_payment", args=[order.number]), {"amount": "999", "way": "cash"}
    )
    assert answer.status_code == 422
    assert "280.00" in answer.content.decode()
    assert RepairOrder.objects.get().due_fen == 28000


def test_an_act_outside_ones_duties_is_forbidden(house: House, client_as: Callable[..., Any]) -> None:
    order = make_order(house, S.REPAIRED)
    answer = client_as(house.advisor_person).post(reverse("workshop:pass_check", args=[order.number]), {})
    assert answer.status_code == 403
    assert RepairOrder.objects.get().state == S.REPAIRED


@pytest.mark.parametrize("page", ["order", "edit", "slip", "label"])
def test_another_stations_order_is_not_there(house: House, client_as: Callable[..., Any], page: str) -> None:
    order = make_order(house)
    stranger = make_house("SZ").advisor_person
    answer = client_as(stranger).get(reverse(f"workshop:{page}", args=[order.number]))
    assert answer.status_code == 404
    assert order.customer.name not in answer.content.decode()


def test_another_stations_order_cannot_be_acted_on(house: House, client_as: Callable[..., Any]) -> None:
    order = make_order(house)
    stranger = make_house("SZ").advisor_person
    answer = client_as(stranger).post(reverse("workshop:cancel", args=[order.number]), {"reason": "x"})
    assert answer.status_code == 404
    assert RepairOrder.objects.get().state == S.RECEIVED


def test_the_list_narrows_by_state_phase_promise_and_words(house: House, client_as: Callable[..., Any]) -> None:
    here, gone = make_order(house, S.QUOTED, name="诸葛亮"), make_order(house, S.CLOSED)
    browser = client_as(house.advisor_person)

    def listed(query: str) -> set[str]:
        page = browser.get(reverse("workshop:orders") + query).content.decode()
        return {order.number for order in (here, gone) if order.number in page}

    assert listed("") == {here.number, gone.number}
    assert listed("?state=quoted") == {here.number}
    assert listed("?phase=quotation") == {here.number}
    assert listed("?promise=danger") == set()
    assert listed("?q=zgl") == {here.number}
    assert listed("?state=nonsense&sort=nonsense&technician=x") == {here.number, gone.number}
    assert listed("?page=9999") == set()


def test_the_board_shows_orders_in_the_house_only(house: House, client_as: Callable[..., Any]) -> None:
    here, gone = make_order(house, S.REPAIRING), make_order(house, S.CLOSED)
    page = client_as(house.technician_person).get(reverse("workshop:board")).content.decode()
    assert here.number in page
    assert gone.number not in page


@pytest.mark.parametrize("paper", ["slip", "label"])
def test_the_papers_carry_number_and_code(house: House, client_as: Callable[..., Any], paper: str) -> None:
    order = make_order(house)
    page = client_as(house.advisor_person).get(reverse(f"workshop:{paper}", args=[order.number])).content.decode()
    assert order.number in page
    assert "<svg" in page or "data:image" in page


def test_the_work_of_a_period_is_counted_by_category(house: House, client_as: Callable[..., Any]) -> None:
    make_order(house)
    make_order(house)
    browser = client_as(house.supervisor_person)
    inside = browser.get(reverse("workshop:work_by_category"), {"first": "2026-11-01", "last": "2026-11-30"})
    outside = browser.get(reverse("workshop:work_by_category"), {"first": "2025-01-01", "last": "2025-12-31"})
    assert inside.context["orders"] == 2
    midnight_in_china = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # December there, November in UTC
    for _each in range(3):
        make_order(house, now=midnight_in_china)
    december = browser.get(reverse("workshop:work_by_category"), {"first": "2026-12-01", "last": "2026-12-31"})
    november = browser.get(reverse("workshop:work_by_category"), {"first": "2026-11-01", "last": "2026-11-30"})
    assert (november.context["orders"], december.context["orders"]) == (2, 3)
    assert outside.context["orders"] == 0
