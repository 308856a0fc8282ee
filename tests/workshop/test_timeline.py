"""What was done to an order, in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aftersales.workshop import queries, services
from aftersales.workshop.rules.order import OrderState as S
from aftersales.workshop.web.timeline import moment
from tests.factories.staff import NOW
from tests.factories.workshop import make_house, make_order

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=5)


def test_the_same_code_is_told_by_the_words_of_its_own_field() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    services.wait_order(house.technician, number=order.number, waiting_for="parts", waiting_on="库管", now=LATER)
    services.contact_customer(
        house.advisor, number=order.number, way="telephone", reached="陈静", reason="parts", now=LATER
    )
    told, waits = ({str(label): words for label, words in moment(each).told} for each in queries.journal_of(order)[:2])
    assert (told["Why"], told["How"]) == ("Parts are late", "By telephone")
    assert waits["Waits for"] == "parts"
