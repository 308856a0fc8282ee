"""A quotation from the price list to the customer's answer, line by line."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from aftersales.catalog import services as catalog
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Invalid, Missing, Refused
from aftersales.core.models import JournalEntry
from aftersales.core.money import Money
from aftersales.workshop import queries, services
from aftersales.workshop.models import Consent, Quotation, QuotationLine, RepairOrder
from aftersales.workshop.rules.order import OrderState as S
from aftersales.workshop.rules.quotation import Decision
from tests.factories.staff import NOW
from tests.factories.workshop import House, make_house, make_order

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=5)
YES = {"way": "telephone", "given_by": "陈静"}


def add(house: House, order: RepairOrder, description: str, fen: int, **facts: Any) -> RepairOrder:
    wanted = {"kind": "part", "description": description, "unit_price": Money(fen), "now": LATER}
    return services.add_line(house.advisor, number=order.number, **(wanted | facts))


def decisions(order: RepairOrder) -> dict[str, str]:
    return dict(order.lines.order_by("position").values_list("description", "decision"))


def fresh(order: RepairOrder) -> RepairOrder:
    return RepairOrder.objects.get(pk=order.pk)


def quoted(house: House, *lines: tuple[str, int]) -> RepairOrder:
    order = make_order(house, S.DIAGNOSED)
    for description, fen in lines:
        add(house, order, description, fen)
    services.quote_order(house.advisor, number=order.number, now=LATER)
    return fresh(order)


def test_the_customer_agrees_to_one_line_and_declines_the_other() -> None:
    house = make_house()
    order = quoted(house, ("屏幕总成", 28000), ("电池", 9900))
    services.approve_order(house.advisor, number=order.number, agreed=[1], quotation_no=1, now=LATER, **YES)
    assert decisions(order) == {"屏幕总成": "agreed", "电池": "declined"}
    found = fresh(order)
    assert (found.state, found.due_fen, found.total_fen) == (S.APPROVED, 28000, 28000)
    consent = Consent.objects.get()
    assert (consent.total, consent.quotation_no) == (Money(28000), 1)
    assert [(each["position"], each["decision"]) for each in consent.answers] == [(1, "agreed"), (2, "declined")]


def test_agreeing_to_nothing_is_not_agreeing() -> None:
    house = make_house()
    order = quoted(house, ("屏幕总成", 28000))
    with pytest.raises(Invalid, match="declines"):
        services.approve_order(house.advisor, number=order.number, agreed=[], now=LATER, **YES)
    assert (fresh(order).state, Consent.objects.count()) == (S.QUOTED, 0)


def test_the_same_line_is_not_answered_twice() -> None:
    house = make_house()
    order = quoted(house, ("屏幕总成", 28000))
    services.approve_order(house.advisor, number=order.number, agreed=[1], now=LATER, **YES)
    add(house, order, "电池", 9900)
    services.quote_order(house.advisor, number=order.number, now=LATER)
    with pytest.raises(Invalid, match="answered already"):
        services.approve_order(house.advisor, number=order.number, agreed=[1, 2], now=LATER, **YES)
    assert (Consent.objects.count(), decisions(order)["电池"]) == (1, "open")


def test_an_answer_to_a_version_that_was_replaced_meanwhile_is_refused() -> None:
    house = make_house()
    order = quoted(house, ("屏幕总成", 28000))
    services.revise_order(house.advisor, number=order.number, reason="漏了电池", now=LATER)
    add(house, order, "电池", 9900)
    services.quote_order(house.advisor, number=order.number, now=LATER)
    for answer in (services.approve_order, services.decline_order):
        with pytest.raises(Refused, match="Version 2"):
            answer(house.advisor, number=order.number, quotation_no=1, now=LATER, **YES)
    assert (Consent.objects.count(), fresh(order).state) == (0, S.QUOTED)


def test_what_is_found_during_the_work_is_asked_about_while_the_agreed_work_goes_on() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    add(house, order, "主板维修", 15000)
    with pytest.raises(Refused, match="Give the changed quotation"):
        services.approve_order(house.advisor, number=order.number, now=LATER, **YES)
    with pytest.raises(Refused, match="not answered every line"):
        services.complete_order(house.technician, number=order.number, work_done="好了", now=LATER)
    services.quote_order(house.advisor, number=order.number, now=LATER)
    with pytest.raises(Refused, match="has not agreed to this line"):
        services.finish_line(house.technician, number=order.number, position=2, now=LATER)
    services.finish_line(house.technician, number=order.number, position=1, now=LATER)
    assert (fresh(order).state, fresh(order).due_fen) == (S.REPAIRING, 28000)
    services.approve_order(house.advisor, number=order.number, quotation_no=2, now=LATER, **YES)
    assert (fresh(order).state, fresh(order).due_fen) == (S.REPAIRING, 43000)
    services.complete_order(house.technician, number=order.number, work_done="换屏，修主板", now=LATER)
    assert QuotationLine.objects.filter(order=order, done_at=None).count() == 0


def test_declining_what_was_found_leaves_the_agreed_work_as_it_is() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    add(house, order, "主板维修", 15000)
    services.quote_order(house.advisor, number=order.number, now=LATER)
    services.decline_order(house.advisor, number=order.number, now=LATER, **YES)
    found = fresh(order)
    assert (found.state, found.due_fen, found.ready_at) == (S.REPAIRING, 28000, None)
    assert decisions(order) == {"屏幕总成": "agreed", "主板维修": "declined"}


def test_an_agreed_line_that_is_changed_has_to_be_agreed_again() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    services.edit_line(
        house.advisor, number=order.number, position=1, kind="part", description="屏幕总成（原厂）",
        unit_price=Money(39800), now=LATER,
    )  # fmt: skip
    found = fresh(order)
    assert (decisions(order), found.due_fen, found.total_fen) == ({"屏幕总成（原厂）": "open"}, 0, 39800)
    with pytest.raises(Refused):
        services.complete_order(house.technician, number=order.number, work_done="好了", now=LATER)


def test_work_that_is_done_is_not_changed_and_what_was_declined_is_not_taken_out() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    services.finish_line(house.technician, number=order.number, position=1, now=LATER)
    with pytest.raises(Refused, match="done"):
        services.remove_line(house.advisor, number=order.number, position=1, now=LATER)
    add(house, order, "主板维修", 15000)
    services.quote_order(house.advisor, number=order.number, now=LATER)
    services.decline_order(house.advisor, number=order.number, now=LATER, **YES)
    with pytest.raises(Refused, match="declined"):
        services.remove_line(house.advisor, number=order.number, position=2, now=LATER)
    assert order.lines.count() == 2


def test_each_version_is_kept_as_it_was_given() -> None:
    house = make_house()
    order = quoted(house, ("屏幕总成", 28000))
    services.revise_order(house.advisor, number=order.number, reason="换原厂", now=LATER)
    services.edit_line(
        house.advisor, number=order.number, position=1, kind="part", description="屏幕总成", unit_price=Money(39800),
        now=LATER,
    )  # fmt: skip
    services.quote_order(house.advisor, number=order.number, note="原厂件，三天到货", now=LATER)
    first, second = Quotation.objects.order_by("number")
    assert (first.total, second.total) == (Money(28000), Money(39800))
    assert (first.lines[0]["amount_fen"], second.note) == (28000, "原厂件，三天到货")


def test_of_alternatives_one_is_taken_and_the_others_are_no_declined_work() -> None:
    house = make_house()
    order = make_order(house, S.DIAGNOSED)
    add(house, order, "原厂屏幕", 59900, choice="屏幕", option="原厂")
    add(house, order, "兼容屏幕", 29900, choice="屏幕", option="兼容")
    assert fresh(order).total_fen == 59900
    services.quote_order(house.advisor, number=order.number, now=LATER)
    with pytest.raises(Invalid, match="屏幕"):
        services.approve_order(house.advisor, number=order.number, agreed=[1, 2], now=LATER, **YES)
    services.approve_order(house.advisor, number=order.number, agreed=[2], now=LATER, **YES)
    assert fresh(order).due_fen == 29900
    assert queries.list_declined_lines_of_unit(house.advisor, order.unit_id) == []


def test_declined_work_is_offered_again_at_the_next_visit_once() -> None:
    house = make_house()
    first = quoted(house, ("屏幕总成", 28000), ("电池", 9900))
    services.approve_order(house.advisor, number=first.number, agreed=[1], now=LATER, **YES)
    services.cancel_order(house.advisor, number=first.number, reason="改天再修", now=LATER)
    services.hand_over_order(house.advisor, number=first.number, taken_by="陈静", now=LATER)
    intake = services.Intake(
        phone="", name="", trade="electronics", category="phone", fault="又不亮", customer_id=first.customer_id,
        unit_id=first.unit_id, condition={"locked": "by-owner"}, is_reminded_of_valuables=True,
    )  # fmt: skip
    again = services.receive_order(house.advisor, intake=intake, now=LATER)
    services.diagnose_order(house.technician, number=again.number, diagnosis="电池老化", now=LATER)
    (declined,) = queries.list_declined_lines(house.advisor, again)
    services.offer_again(house.advisor, number=again.number, line_id=declined.pk, now=LATER)
    line = again.lines.get()
    assert (line.description, line.amount_fen, line.decision) == ("电池", 9900, Decision.OPEN)
    assert queries.list_declined_lines(house.advisor, again) == []
    with pytest.raises(Missing):
        services.offer_again(house.advisor, number=again.number, line_id=declined.pk, now=LATER)
    assert again.lines.count() == 1


def test_a_line_of_another_unit_cannot_be_offered() -> None:
    house = make_house()
    first = quoted(house, ("电池", 9900))
    services.decline_order(house.advisor, number=first.number, now=LATER, **YES)
    other = make_order(house, S.DIAGNOSED)
    with pytest.raises(Missing):
        services.offer_again(house.advisor, number=other.number, line_id=first.lines.get().pk, now=LATER)
    assert other.lines.count() == 0


def test_a_discount_is_given_with_its_reason_on_every_line_not_answered() -> None:
    house = make_house()
    order = make_order(house, S.DIAGNOSED)
    add(house, order, "屏幕总成", 28000)
    add(house, order, "拆装工时", 16000, kind="labour", quantity=Decimal("0.75"))
    with pytest.raises(Invalid, match="why"):
        services.discount_lines(house.advisor, number=order.number, percent=Decimal(10), reason=" ", now=LATER)
    services.discount_lines(house.advisor, number=order.number, percent=Decimal(10), reason="老客户", now=LATER)
    assert fresh(order).total_fen == 25200 + 10800
    assert set(order.lines.values_list("discount_reason", flat=True)) == {"老客户"}


def test_a_standard_operation_brings_its_hours_rate_and_basis() -> None:
    house = make_house()
    catalog.add_operation(
        SYSTEM, trade="electronics", code="SCR-01", name="更换屏幕", standard_minutes=30, rate=Money(16000), now=NOW
    )
    order = make_order(house, S.DIAGNOSED)
    services.add_line(house.technician, number=order.number, kind="labour", description="scr-01", now=LATER)
    line = order.lines.get()
    assert (line.code, line.description, line.quantity, line.amount_fen) == ("SCR-01", "更换屏幕", Decimal("0.5"), 8000)
    assert "0.5 h" in line.basis


def test_a_price_nobody_knows_is_asked_for() -> None:
    house = make_house()
    order = make_order(house, S.DIAGNOSED)
    entries = JournalEntry.objects.count()
    with pytest.raises(Invalid, match="price list") as refused:
        services.add_line(house.technician, number=order.number, kind="part", description="没有的件", now=LATER)
    assert refused.value.field == "unit_price"
    assert (order.lines.count(), JournalEntry.objects.count()) == (0, entries)


def test_a_declined_order_that_is_quoted_again_asks_about_every_line_again() -> None:
    house = make_house()
    order = quoted(house, ("屏幕总成", 28000))
    services.decline_order(house.advisor, number=order.number, now=LATER, **YES)
    assert (fresh(order).total_fen, fresh(order).ready_at) == (0, LATER)
    services.revise_order(house.advisor, number=order.number, reason="想通了", now=LATER)
    assert (decisions(order), fresh(order).ready_at, fresh(order).total_fen) == ({"屏幕总成": "open"}, None, 28000)


def test_a_technician_cannot_finish_what_somebody_cancelled() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    services.cancel_order(house.advisor, number=order.number, reason="客户不修了", now=LATER)
    with pytest.raises(Refused, match="not possible"):
        services.complete_order(house.technician, number=order.number, work_done="好了", now=LATER)
    assert (fresh(order).state, fresh(order).work_done) == (S.CANCELLED, "")
