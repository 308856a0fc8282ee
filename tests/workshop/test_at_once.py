"""Two people act on one order in the same moment: one act has its effect, the other is told why not, and nothing is half-written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from aftersales.core.errors import Refused
from aftersales.core.models import JournalEntry
from aftersales.core.money import Money
from aftersales.workshop import services
from aftersales.workshop.models import Consent, QualityCheck, Quotation, RepairOrder
from aftersales.workshop.rules.order import OrderState as S
from tests.factories.staff import NOW
from tests.factories.workshop import EXPLAINED, House, all_passed, make_house, make_order
from tests.faults.databases import at_once

pytestmark = pytest.mark.usefixtures("shared_database")

LATER = NOW + timedelta(hours=5)
PASSED = all_passed("electronics")
YES = {"way": "telephone", "given_by": "陈静"}


@pytest.fixture
def house(shared_database: str) -> House:
    return make_house()


def fresh(order: RepairOrder) -> RepairOrder:
    return RepairOrder.objects.get(pk=order.pk)


def one_of(*acts: Callable[[], Any]) -> str:
    """The sentence told to all but one of these acts, done at once."""
    results = at_once(*acts)
    refused = [each for each in results if isinstance(each, Exception)]
    assert all(isinstance(each, Refused) for each in refused), refused
    assert len(refused) == len(acts) - 1, results
    sentences = {str(each) for each in refused}
    assert len(sentences) == 1, sentences
    return sentences.pop()


def acts_on(order: RepairOrder, *acts: str) -> int:
    return JournalEntry.objects.filter(kind="order", key=order.number, act__in=acts).count()


def to_fetch(house: House) -> RepairOrder:
    order = make_order(house, S.READY)
    services.explain_order(house.advisor, number=order.number, now=LATER, **EXPLAINED)
    services.record_payment(house.advisor, number=order.number, amount=Money(28000), way="cash", now=LATER)
    return fresh(order)


def test_of_many_who_pass_one_check_at_once_one_does(house: House) -> None:
    order = make_order(house, S.REPAIRED)

    def check() -> Any:
        return services.pass_check(house.supervisor, number=order.number, answers=PASSED, now=LATER)

    assert one_of(check, check, check, check)
    assert (fresh(order).state, QualityCheck.objects.count(), acts_on(order, "pass_check")) == (S.CHECKED, 1, 1)


def test_a_check_that_one_passes_while_another_fails_it_is_one_of_both(house: House) -> None:
    order = make_order(house, S.REPAIRED)
    assert one_of(
        lambda: services.pass_check(house.supervisor, number=order.number, answers=PASSED, now=LATER),
        lambda: services.fail_check(house.supervisor, number=order.number, note="屏幕有亮点", now=LATER),
    )
    kept, check = fresh(order), QualityCheck.objects.get()
    assert (kept.state, kept.rework_count) == ((S.CHECKED, 0) if check.has_passed else (S.REPAIRING, 1))
    assert acts_on(order, "pass_check", "fail_check") == 1


def test_a_unit_is_handed_over_once_though_two_give_it_away_at_once(house: House) -> None:
    order = to_fetch(house)

    def hand_over(authority: str, taken_by: str) -> Callable[[], Any]:
        told = {"taken_by": taken_by, "authority": authority}
        return lambda: services.hand_over_order(house.advisor, number=order.number, now=LATER, **told)

    assert one_of(hand_over("owner", order.customer.name), hand_over("slip", "李雷"))
    kept = fresh(order)
    assert (kept.state, kept.handed_over_at) == (S.HANDED_OVER, LATER)
    assert (kept.taken_by, kept.authority) in {(order.customer.name, "owner"), ("李雷", "slip")}
    assert acts_on(order, "hand_over") == 1


def test_a_unit_whose_check_fails_is_not_handed_over_in_that_moment(house: House) -> None:
    order = make_order(house, S.REPAIRED)
    failed, refused = at_once(
        lambda: services.fail_check(house.supervisor, number=order.number, note="异响还在", now=LATER),
        lambda: services.hand_over_order(
            house.advisor, number=order.number, taken_by=order.customer.name, authority="owner", now=LATER
        ),
    )
    assert isinstance(refused, Refused)
    assert not isinstance(failed, Exception)
    kept = fresh(order)
    assert (kept.state, kept.taken_by, kept.handed_over_at, kept.covered_until) == (S.REPAIRING, "", None, None)
    assert acts_on(order, "hand_over") == 0


def test_work_finished_while_another_cancels_the_order_is_one_of_both(house: House) -> None:
    order = make_order(house, S.REPAIRING)
    assert one_of(
        lambda: services.complete_order(house.technician, number=order.number, work_done="换屏幕总成", now=LATER),
        lambda: services.cancel_order(house.supervisor, number=order.number, reason="客户不修了", now=LATER),
    )
    kept = fresh(order)
    assert (kept.state, kept.work_done) in {(S.REPAIRED, "换屏幕总成"), (S.CANCELLED, "")}
    assert acts_on(order, "complete", "cancel") == 1


def test_a_line_agreed_to_twice_at_once_is_agreed_to_once(house: House) -> None:
    order = make_order(house, S.QUOTED)

    def agree() -> Any:
        return services.approve_order(house.advisor, number=order.number, agreed=[1], quotation_no=1, now=LATER, **YES)

    assert one_of(agree, agree)
    kept = fresh(order)
    assert (kept.state, kept.agreed_count, kept.open_count, kept.total_fen) == (S.APPROVED, 1, 0, 28000)
    assert (Consent.objects.count(), acts_on(order, "approve")) == (1, 1)


def test_a_quotation_revised_while_the_customer_agrees_counts_the_answer_or_the_revision(house: House) -> None:
    order = make_order(house, S.QUOTED)
    results = at_once(
        lambda: services.approve_order(
            house.advisor, number=order.number, agreed=[1], quotation_no=1, now=LATER, **YES
        ),
        lambda: services.revise_order(house.advisor, number=order.number, reason="漏了人工", now=LATER),
    )
    wrong = [each for each in results if isinstance(each, Exception)]
    assert all(isinstance(each, Refused) for each in wrong), wrong
    kept, agreed = fresh(order), not isinstance(results[0], Exception)
    assert (Consent.objects.count(), kept.agreed_count) == ((1, 1) if agreed else (0, 0))
    assert Quotation.objects.count() == 1
    assert acts_on(order, "approve", "revise") == 2 - len(wrong)
