"""The way of an order from intake to handover."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from aftersales.core import events
from aftersales.core.errors import Invalid, NotPermitted, Refused
from aftersales.core.models import JournalEntry
from aftersales.core.money import Money
from aftersales.deadlines import queries as deadlines
from aftersales.workshop import queries, services
from aftersales.workshop.events import OrderHandedOver
from aftersales.workshop.models import Consent, Payment, RepairOrder
from aftersales.workshop.rules.order import OrderState as S
from tests.factories.staff import NOW
from tests.factories.workshop import EXPLAINED, all_passed, make_house, make_order

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=5)


@pytest.mark.parametrize("state", list(S))
def test_every_state_can_be_reached_by_acts_alone(state: S) -> None:
    assert make_order(make_house(), state).state == state


def test_every_act_on_the_way_is_in_the_journal_with_who_and_when() -> None:
    house = make_house()
    order = make_order(house, S.CLOSED)
    acts = [entry.act for entry in reversed(queries.journal_of(order))]
    assert acts == [
        "receive", "diagnose", "add_line", "quote", "approve", "assign", "start", "complete",
        "pass_check", "announce", "explain", "record_payment", "hand_over", "close",
    ]  # fmt: skip
    assert {entry.actor_name for entry in queries.journal_of(order)} == {"王芳", "张伟", "刘敏"}


def test_a_quotation_needs_a_line_before_it_can_be_given() -> None:
    house = make_house()
    order = make_order(house, S.DIAGNOSED)
    with pytest.raises(Refused, match="at least one line"):
        services.quote_order(house.advisor, number=order.number, now=LATER)
    assert RepairOrder.objects.get().state == S.DIAGNOSED


def test_the_total_is_the_sum_of_the_lines_and_follows_when_one_is_removed() -> None:
    house = make_house()
    order = make_order(house, S.DIAGNOSED)
    line = {"number": order.number, "now": LATER}
    services.add_line(
        house.advisor, kind="labour", description="拆装", unit_price=Money(16000), quantity=Decimal("0.75"), **line
    )
    services.add_line(house.advisor, kind="part", description="电池", unit_price=Money(9900), **line)
    assert RepairOrder.objects.get().total == Money(12000 + 9900)
    services.remove_line(house.advisor, position=1, **line)
    assert RepairOrder.objects.get().total == Money(9900)
    assert RepairOrder.objects.get().line_count == 1


@pytest.mark.parametrize("quantity", [Decimal(0), Decimal(-1), Decimal(10000)])
def test_it_refuses_quantities_no_job_can_have(quantity: Decimal) -> None:
    house = make_house()
    order = make_order(house, S.DIAGNOSED)
    with pytest.raises(Invalid):
        services.add_line(
            house.advisor,
            number=order.number,
            kind="part",
            description="电池",
            unit_price=Money(1),
            quantity=quantity,
            now=LATER,
        )
    assert RepairOrder.objects.get().line_count == 0


def test_the_customers_yes_is_kept_with_how_and_by_whom_and_makes_the_total_due() -> None:
    house = make_house()
    order = make_order(house, S.APPROVED)
    yes = Consent.objects.get()
    assert (yes.is_yes, yes.way, yes.given_by, yes.total) == (True, "telephone", "陈静", Money(28000))
    assert order.due == Money(28000)


def test_an_expired_quotation_cannot_be_agreed_to() -> None:
    house = make_house()
    order = make_order(house, S.QUOTED)
    with pytest.raises(Refused, match="no longer valid"):
        services.approve_order(
            house.advisor, number=order.number, way="telephone", given_by="陈静", now=NOW + timedelta(days=16)
        )
    assert not Consent.objects.exists()


def test_work_cannot_start_without_a_technician() -> None:
    house = make_house()
    order = make_order(house, S.APPROVED)
    with pytest.raises(Refused, match="technician"):
        services.start_order(house.technician, number=order.number, now=LATER)


def test_only_a_technician_of_the_station_can_be_assigned() -> None:
    house, other = make_house("NJ"), make_house("SZ")
    order = make_order(house, S.RECEIVED)
    for person in (other.technician_person, house.advisor_person):
        with pytest.raises(Invalid):
            services.assign_order(house.supervisor, number=order.number, technician_id=person.pk, now=LATER)
    assert RepairOrder.objects.get(pk=order.pk).technician is None


def test_the_unit_is_not_handed_over_while_money_is_due() -> None:
    house = make_house()
    order = make_order(house, S.READY)
    services.explain_order(house.advisor, number=order.number, now=LATER, **EXPLAINED)
    with pytest.raises(Refused, match="payment"):
        services.hand_over_order(house.advisor, number=order.number, taken_by="陈静", now=LATER)
    assert RepairOrder.objects.get().state == S.READY


def test_payments_reduce_what_is_due_and_never_exceed_it() -> None:
    house = make_house()
    order = make_order(house, S.READY)
    pay = {"number": order.number, "way": "cash", "now": LATER}
    services.record_payment(house.advisor, amount=Money(10000), **pay)
    with pytest.raises(Invalid, match=r"180\.00"):
        services.record_payment(house.advisor, amount=Money(18001), **pay)
    services.record_payment(house.advisor, amount=Money(18000), **pay)
    assert RepairOrder.objects.get().due_fen == 0
    assert sum(payment.amount_fen for payment in Payment.objects.all()) == 28000


def test_the_handover_tells_the_rooms_above() -> None:
    house = make_house()
    order = make_order(house, S.READY)
    services.explain_order(house.advisor, number=order.number, now=LATER, **EXPLAINED)
    services.record_payment(house.advisor, number=order.number, amount=Money(28000), way="cash", now=LATER)
    heard: list[OrderHandedOver] = []
    events.on(OrderHandedOver)(heard.append)
    try:
        services.hand_over_order(house.advisor, number=order.number, taken_by="陈静", now=LATER)
    finally:
        events._handlers[OrderHandedOver].remove(heard.append)
    assert [event.number for event in heard] == [order.number]
    assert RepairOrder.objects.get().handed_over_at == LATER


def test_telling_the_customer_that_it_is_ready_keeps_the_promise() -> None:
    house = make_house()
    order = make_order(house, S.CHECKED)
    assert deadlines.get_clock(subject=order.number, rule="repair").stopped_at is None
    services.announce_order(house.advisor, number=order.number, reached="陈静", told="换了屏幕", now=LATER)
    clock = deadlines.get_clock(subject=order.number, rule="repair")
    assert (clock.stopped_at, clock.was_kept) == (LATER, True)
    assert queries.count_promises(house.advisor, now=NOW + timedelta(days=30))["danger"] == 0


@pytest.mark.parametrize("state", [S.DECLINED, S.CANCELLED])
def test_nothing_is_promised_any_more_once_declined_or_cancelled(state: S) -> None:
    order = make_order(make_house(), state)
    assert deadlines.get_clock(subject=order.number, rule="repair").stopped_at is not None


def test_a_declined_order_that_is_quoted_again_gets_a_new_promise() -> None:
    house = make_house()
    order = make_order(house, S.DECLINED)
    later = NOW + timedelta(days=7)
    services.revise_order(house.advisor, number=order.number, reason="客户想通了", now=later)
    clock = deadlines.get_clock(subject=order.number, rule="repair")
    again = RepairOrder.objects.get()
    assert clock.stopped_at is None
    assert (again.promised_at, again.warn_at) == (clock.due_at, clock.warn_at)
    assert again.promised_at > order.promised_at


def test_an_order_that_waits_says_for_what_and_who_sees_to_it_and_does_not_move() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    promised = order.promised_at
    services.wait_order(house.technician, number=order.number, waiting_for="parts", waiting_on="库管 老周", now=LATER)
    with pytest.raises(Refused, match="waiting"):
        services.complete_order(house.technician, number=order.number, work_done="好了", now=LATER)
    assert [waiting.number for waiting in queries.list_waiting(house.advisor)] == [order.number]
    services.resume_order(house.technician, number=order.number, now=LATER + timedelta(days=1))
    assert RepairOrder.objects.get().promised_at == promised  # the house rule knows no exception
    services.complete_order(house.technician, number=order.number, work_done="好了", now=LATER + timedelta(days=1))


def test_the_customers_answer_ends_the_wait_for_the_customer() -> None:
    house = make_house()
    for answer in (services.approve_order, services.decline_order):
        order = make_order(house, S.QUOTED)
        wait = {"waiting_for": "customer", "waiting_on": "王芳"}
        services.wait_order(house.advisor, number=order.number, now=LATER, **wait)
        answer(house.advisor, number=order.number, way="telephone", given_by="陈静", now=LATER)
        assert queries.list_waiting(house.advisor) == []


def test_nothing_that_still_waits_is_announced_as_ready() -> None:
    house = make_house()
    order = make_order(house, S.CHECKED)
    services.wait_order(house.supervisor, number=order.number, waiting_for="approval", waiting_on="陈主任", now=LATER)
    with pytest.raises(Refused, match="waiting"):
        services.announce_order(house.advisor, number=order.number, reached="陈静", told="好了", now=LATER)
    assert RepairOrder.objects.get(pk=order.pk).state == S.CHECKED


def test_a_wait_without_an_owner_is_refused() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    with pytest.raises(Invalid):
        services.wait_order(house.technician, number=order.number, waiting_for="parts", waiting_on=" ", now=LATER)
    assert RepairOrder.objects.get().waiting_for == ""


def test_a_declined_unit_is_handed_back_with_nothing_to_pay() -> None:
    house = make_house()
    order = make_order(house, S.DECLINED)
    assert (order.due_fen, Consent.objects.get().is_yes) == (0, False)
    services.hand_over_order(house.advisor, number=order.number, taken_by="陈静", now=LATER)
    assert RepairOrder.objects.get().state == S.HANDED_OVER


def test_a_technician_cannot_hand_over_and_an_advisor_cannot_check() -> None:
    house = make_house()
    declined, repaired = make_order(house, S.DECLINED), make_order(house, S.REPAIRED)
    entries = JournalEntry.objects.count()
    with pytest.raises(NotPermitted):
        services.hand_over_order(house.technician, number=declined.number, taken_by="陈静", now=LATER)
    with pytest.raises(NotPermitted):
        services.pass_check(house.advisor, number=repaired.number, answers=all_passed("electronics"), now=LATER)
    assert JournalEntry.objects.count() == entries


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "lost"},
        {"due_fen": -1},
        {"due_fen": 999_999_999},
        {"waiting_for": "parts"},
    ],
)
def test_the_database_itself_refuses_orders_that_cannot_be(broken: dict[str, object]) -> None:
    order = make_order(make_house(), S.QUOTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        RepairOrder.objects.filter(pk=order.pk).update(**broken)
