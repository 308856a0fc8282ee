"""The technician's pages and the board's moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from aftersales.workshop import queries, services
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules.order import ORDER, PHASES, STEPS, OrderFacts, OrderState as S, act_towards
from tests.factories.staff import NOW
from tests.factories.workshop import House, make_house, make_order

LATER = NOW + timedelta(hours=1)
facts = st.builds(
    OrderFacts, line_count=st.integers(1, 2), open_count=st.integers(0, 1), agreed_count=st.integers(0, 1),
    is_quoted=st.booleans(), has_technician=st.booleans(), is_waiting=st.booleans(), due_fen=st.integers(0, 1),
)  # fmt: skip


@given(st.sampled_from(S), st.sampled_from(list(PHASES)), facts)
def test_a_card_drawn_into_a_column_offers_an_act_that_leads_there_or_none(
    state: S, phase: str, known: OrderFacts
) -> None:
    offers = ORDER.open_actions(state, known, lambda _permission: True)
    found = act_towards(offers, state, phase)
    leading = [each for each in offers if STEPS[state, each.action].leads_to in set(PHASES[phase]) - {state}]
    if found is None:
        assert leading == []
    else:
        assert found in leading
        assert found.is_possible or not any(each.is_possible for each in leading)


def mine(house: House, state: S) -> RepairOrder:
    order = make_order(house, state)
    if order.technician_id is None:
        services.assign_order(
            house.supervisor, number=order.number, technician_id=house.technician_person.pk, now=LATER
        )
    return order


@pytest.mark.django_db
def test_my_work_is_what_is_in_my_hands_by_what_can_be_done() -> None:
    house = make_house()
    repairing, fresh, repaired = (mine(house, state) for state in (S.REPAIRING, S.RECEIVED, S.READY))
    standing = mine(house, S.REPAIRING)
    services.wait_order(house.technician, number=standing.number, waiting_for="parts", waiting_on="库管", now=LATER)
    make_order(house, S.RECEIVED)  # nobody's
    work = queries.my_work(house.technician)
    assert [order.number for order in work.under_repair] == [repairing.number]
    assert [order.number for order in work.to_begin] == [fresh.number]
    assert [order.number for order in work.standing] == [standing.number]
    assert work.reported == []
    assert repaired.number not in str(work)


@pytest.mark.django_db
def test_a_label_a_slip_or_a_serial_number_opens_the_work(client_as: Callable[..., Any]) -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    browser = client_as(house.technician_person)
    for typed in (order.number, f"https://any.example/orders/{order.number}/", order.unit.serial):
        answer = browser.post("/orders/scan/", {"q": typed})
        assert (answer.status_code, answer["Location"]) == (302, f"/orders/{order.number}/bench/")
    assert browser.post("/orders/scan/", {"q": "no such thing"}).status_code == 404


@pytest.mark.django_db
def test_an_act_goes_back_to_the_page_it_was_asked_for_on(client_as: Callable[..., Any]) -> None:
    house = make_house()
    order = mine(house, S.APPROVED)
    browser = client_as(house.technician_person)
    refused = browser.post(f"/orders/{order.number}/complete/", {"back": "bench", "work_done": "好了"})
    assert refused.status_code == 409
    assert 'class="work-acts"' in refused.content.decode()
    assert "What you had written:" in refused.content.decode()
    done = browser.post(f"/orders/{order.number}/start/", {"back": "bench"})
    assert done["Location"] == f"/orders/{order.number}/bench/"
    done = browser.post(f"/orders/{order.number}/complete/", {"back": "board", "work_done": "好了"})
    assert done["Location"] == "/orders/board/"
    assert RepairOrder.objects.get(pk=order.pk).state == S.REPAIRED


@pytest.mark.django_db
def test_a_technician_adds_photos_and_an_office_clerk_does_not(client_as: Callable[..., Any]) -> None:
    house = make_house()
    order = mine(house, S.REPAIRING)
    page = client_as(house.technician_person).get(f"/orders/{order.number}/bench/").content.decode()
    assert f"/orders/{order.number}/photos/" in page


@pytest.mark.django_db
def test_the_work_page_of_another_station_is_not_there(client_as: Callable[..., Any]) -> None:
    here, there = make_house("NJ"), make_house("SZ")
    order = make_order(there, S.REPAIRING)
    browser = client_as(here.technician_person)
    for page in ("bench", "move"):
        assert browser.get(f"/orders/{order.number}/{page}/").status_code == 404


@pytest.mark.django_db
def test_the_board_offers_the_act_or_says_why_there_is_none(client_as: Callable[..., Any]) -> None:
    house = make_house()
    order = mine(house, S.REPAIRING)
    browser = client_as(house.technician_person)
    checking = browser.get(f"/orders/{order.number}/move/?phase=checking").content.decode()
    assert f'action="/orders/{order.number}/complete/"' in checking
    assert "no act of yours leads" in browser.get(f"/orders/{order.number}/move/?phase=handover").content.decode()
