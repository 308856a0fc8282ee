"""Two people post or reverse the same in the same moment: one effect, the other is told why, the ledger adds up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Sum

from aftersales.billing import services
from aftersales.billing.models import Account, Entry, FreightDocument
from aftersales.core.errors import Refused
from tests.factories.billing import make_actor, make_freight, post
from tests.factories.customers import make_customer
from tests.factories.staff import NOW
from tests.faults.databases import at_once

pytestmark = pytest.mark.usefixtures("shared_database")


def one_of(*acts: Callable[[], Any]) -> None:
    """All but one of these acts, done at once, are refused with a sentence; every balance is the sum of its entries."""
    results = at_once(*acts)
    refused = [each for each in results if isinstance(each, Exception)]
    assert all(isinstance(each, Refused) for each in refused), refused
    assert len(refused) == len(acts) - 1, results
    assert_sums()


def assert_sums() -> None:
    for account in Account.objects.all():
        assert account.balance_fen == (account.entries.aggregate(sum=Sum("amount_fen"))["sum"] or 0)


def test_the_same_credit_posted_at_once_is_posted_once(shared_database: str) -> None:
    customer, finance = make_customer(), make_actor("finance")
    one_of(*[lambda: post(finance, customer, 5000, kind="credit", source="TH-1")] * 4)
    assert Entry.objects.count() == 1


def test_the_same_credit_posted_to_two_accounts_at_once_is_posted_once(shared_database: str) -> None:
    both, finance = (make_customer("甲"), make_customer("乙")), make_actor("finance")
    one_of(*(lambda who=who: post(finance, who, 5000, kind="credit", source="TH-1") for who in both))
    assert Entry.objects.count() == 1


def test_of_two_who_reverse_one_entry_at_once_one_does(shared_database: str) -> None:
    customer, finance = make_customer(), make_actor("finance")
    entry = post(finance, customer, 5000)
    one_of(*[lambda: services.reverse_entry(finance, number=entry.number, reason="录错", now=NOW)] * 3)
    assert Entry.objects.count() == 2


def test_freight_posted_at_once_is_posted_once(shared_database: str) -> None:
    customer, finance, seller = make_customer(), make_actor("finance"), make_actor("salesperson")
    document = make_freight(make_actor("returns_clerk"), customer)
    assert seller.person_id is not None
    services.settle_freight(make_actor("sales_manager"), number=document.number, salesperson=seller.person_id, now=NOW)
    services.sign_freight(seller, number=document.number, liable="customer", now=NOW)
    one_of(*[lambda: services.post_freight(finance, number=document.number, now=NOW)] * 3)
    assert Entry.objects.count() == 1


def test_one_waybill_recorded_at_once_is_one_document(shared_database: str) -> None:
    customer, clerk = make_customer(), make_actor("returns_clerk")
    one_of(*[lambda: make_freight(clerk, customer, waybill="X1")] * 3)
    assert FreightDocument.objects.count() == 1


def test_many_who_post_at_once_have_numbers_and_places_without_gaps(shared_database: str) -> None:
    both, finance = (make_customer("甲"), make_customer("乙")), make_actor("finance")
    results = at_once(*(lambda who=who: post(finance, who, 700) for who in both * 4))
    assert not [each for each in results if isinstance(each, Exception)], results
    assert sorted(int(each.number[-6:]) for each in Entry.objects.all()) == [*range(1, 9)]
    for account in Account.objects.all():
        assert [*account.entries.order_by("sequence").values_list("sequence", flat=True)] == [1, 2, 3, 4]
    assert_sums()
