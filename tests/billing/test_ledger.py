"""The ledger: what is posted stays, is posted once, and adds up."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum
from hypothesis import given, settings, strategies as st
from hypothesis.extra.django import TestCase

from aftersales.billing import queries, services
from aftersales.billing.models import Account, Entry, StatementConfirmation
from aftersales.billing.services import Deduction
from aftersales.core.errors import Invalid, Missing, NotPermitted, Refused
from aftersales.core.models import JournalEntry
from aftersales.core.money import Money
from aftersales.customers import services as customers
from aftersales.customers.services import merge_customers
from tests.factories.billing import make_actor, make_freight, post
from tests.factories.customers import make_customer
from tests.factories.staff import NOW, actor_of, make_manager

pytestmark = pytest.mark.django_db
SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 30)


def sums():
    """Account → kept balance and the sum of its entries."""
    return {
        account.pk: (account.balance_fen, account.entries.aggregate(sum=Sum("amount_fen"))["sum"] or 0)
        for account in Account.objects.all()
    }


def assert_ledger_adds_up():
    assert all(kept == summed for kept, summed in sums().values()), sums()
    for account in Account.objects.all():
        balance = 0
        for place, entry in enumerate(account.entries.order_by("sequence"), start=1):
            balance += entry.amount_fen
            assert (entry.sequence, entry.balance_fen) == (place, balance)


def test_a_charge_is_owed_and_a_payment_settles_it(finance, customer):
    post(finance, customer, 120_000)
    entry = post(finance, customer, 100_000, kind="payment")
    assert (entry.amount, entry.balance) == (Money(-100_000), Money(20_000))
    assert queries.find_account(finance, customer.pk).balance == Money(20_000)
    assert JournalEntry.objects.filter(act="post_entry").count() == 2


def test_vouchers_are_numbered_without_gaps_also_after_a_refusal(finance, customer):
    post(finance, customer, 100, source="A")
    with pytest.raises(Refused):
        post(finance, customer, 100, source="A")
    post(finance, customer, 100, source="B")
    assert [each.number[-6:] for each in Entry.objects.order_by("pk")] == ["000001", "000002"]


def test_a_return_is_credited_by_its_percent_less_what_is_taken_off(finance, customer):
    posting = services.credit(
        goods=Money(38_800),
        percent=80,
        deductions=[Deduction("bag", Money(1000)), Deduction("box", Money(760)), Deduction("other", Money(0))],
        source="th-001",
    )
    entry = services.post_entry(finance, customer_id=customer.pk, posting=posting, now=NOW)
    assert entry.amount == Money(-29_280)
    assert entry.deductions == [{"kind": "bag", "amount": 1000}, {"kind": "box", "amount": 760}]
    assert (entry.goods_fen, entry.percent, entry.source) == (38_800, 80, "TH-001")


@pytest.mark.parametrize(("percent", "off"), [(0, 0), (101, 0), (80, 8000), (80, -1)])
def test_a_credit_of_nothing_or_more_than_the_goods_is_refused(percent, off):
    with pytest.raises(Invalid):
        services.credit(
            goods=Money(10_000), percent=percent, deductions=[Deduction("other", Money(off))], source="TH-1"
        )


@pytest.mark.parametrize(
    ("fen", "kind"), [(0, "charge"), (-5, "charge"), (-5, "payment"), (0, "offset"), (10**13, "charge")]
)
def test_an_amount_that_cannot_be_is_refused_and_nothing_is_posted(finance, customer, fen, kind):
    with pytest.raises(Invalid):
        post(finance, customer, fen, kind=kind)
    assert not Entry.objects.exists()


def test_an_amount_without_a_paper_is_refused(finance, customer):
    with pytest.raises(Invalid, match="paper"):
        services.post_entry(
            finance,
            customer_id=customer.pk,
            posting=services.Posting(services.EntryKind.CHARGE, Money(5), "  "),
            now=NOW,
        )


def test_the_same_return_is_not_credited_twice_however_it_is_written(finance, customer):
    first = post(finance, customer, 5000, kind="credit", source="TH-2026  7")
    with pytest.raises(Refused, match=first.number):
        post(finance, customer, 5000, kind="credit", source=" th-2026 7")
    with pytest.raises(Refused, match="posted before"):
        post(finance, make_customer("别人"), 5000, kind="credit", source="TH-2026 7")
    assert Entry.objects.count() == 1
    post(finance, customer, 5000, kind="charge", source="TH-2026 7")
    assert_ledger_adds_up()


def test_what_was_posted_is_reversed_once_and_may_then_be_posted_rightly(finance, customer):
    wrong = post(finance, customer, 5000, kind="credit", source="TH-9")
    undone = services.reverse_entry(finance, number=wrong.number, reason="单价看错", now=NOW)
    assert (undone.amount, undone.reverses, undone.balance) == (Money(5000), wrong, Money(0))
    with pytest.raises(Refused, match=undone.number):
        services.reverse_entry(finance, number=wrong.number, reason="再来一次", now=NOW)
    with pytest.raises(Refused, match="reversal"):
        services.reverse_entry(finance, number=undone.number, reason="反悔", now=NOW)
    right = post(finance, customer, 4000, kind="credit", source="TH-9")
    assert right.attempt == 1
    assert_ledger_adds_up()


def test_a_reversal_says_why(finance, customer):
    entry = post(finance, customer, 100)
    with pytest.raises(Invalid, match="why"):
        services.reverse_entry(finance, number=entry.number, reason=" ", now=NOW)
    assert Entry.objects.count() == 1


def test_the_database_itself_refuses_to_change_or_delete_an_entry(finance, customer):
    entry = post(finance, customer, 100)
    for act in (
        lambda: Entry.objects.filter(pk=entry.pk).update(amount_fen=1),
        lambda: Entry.objects.filter(pk=entry.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert Entry.objects.get().amount_fen == 100


def test_only_finance_posts_and_reverses(seller, clerk, finance, customer):
    entry = post(finance, customer, 100)
    for actor in (seller, clerk):
        with pytest.raises(NotPermitted):
            post(actor, customer, 100)
        with pytest.raises(NotPermitted):
            services.reverse_entry(actor, number=entry.number, reason="x", now=NOW)
    assert Entry.objects.count() == 1


def test_another_station_knows_nothing_of_the_account(finance, customer):
    entry = post(finance, customer, 100)
    stranger = make_actor("finance", station="SZ")
    assert not queries.list_accounts(stranger).exists()
    with pytest.raises(Missing):
        queries.get_entry(stranger, number=entry.number)
    with pytest.raises(Missing):
        post(stranger, customer, 100)
    with pytest.raises(Missing):
        queries.statement(stranger, customer_id=customer.pk, since=SINCE, until=UNTIL)


def test_a_statement_carries_what_stood_before_and_closes_with_the_balance(finance, customer):
    post(finance, customer, 1000)
    early = queries.statement(finance, customer_id=customer.pk, since=date(2026, 10, 1), until=date(2026, 10, 31))
    assert (early.opening, early.closing, list(early.entries)) == (Money(0), Money(0), [])
    post(finance, customer, 300, kind="payment")
    this = queries.statement(finance, customer_id=customer.pk, since=SINCE, until=UNTIL)
    assert (this.opening, this.debits, this.credits, this.closing) == (Money(0), Money(1000), Money(300), Money(700))
    later = queries.statement(finance, customer_id=customer.pk, since=date(2026, 12, 1), until=date(2026, 12, 2))
    assert later.opening == later.closing == Money(700)
    with pytest.raises(Invalid, match="before the first"):
        queries.statement(finance, customer_id=customer.pk, since=UNTIL, until=SINCE)


def confirm(actor, customer, fen, **more):
    wanted = {"since": SINCE, "until": UNTIL, "way": "phone", "who": "苏老板"}
    return services.confirm_statement(actor, customer_id=customer.pk, closing=Money(fen), now=NOW, **(wanted | more))


def test_a_statement_is_confirmed_once_as_it_was_shown(seller, finance, customer):
    with pytest.raises(Refused, match="Nothing was posted"):
        confirm(seller, customer, 0)
    post(finance, customer, 1000)
    with pytest.raises(Refused, match=r"10\.00"):
        confirm(seller, customer, 900)
    with pytest.raises(Invalid, match="who"):
        confirm(seller, customer, 1000, who=" ")
    made = confirm(seller, customer, 1000)
    assert (made.confirmed_by, made.recorded_name) == ("苏老板", "salesperson")
    with pytest.raises(Refused, match="before"):
        confirm(seller, customer, 1000)
    post(finance, customer, 1)
    assert queries.statement(finance, customer_id=customer.pk, since=SINCE, until=UNTIL).confirmed is None
    confirm(seller, customer, 1001)
    assert StatementConfirmation.objects.count() == 2


def test_when_two_records_become_one_the_balance_is_carried_over_and_back(finance, customer):
    other = make_customer("苏州工艺礼品")
    post(finance, customer, 1000)
    post(finance, other, 250)
    manager = actor_of(make_manager())
    merge = merge_customers(manager, kept_id=customer.pk, gone_id=other.pk, now=NOW)
    assert queries.find_account(finance, customer.pk).balance == Money(1250)
    assert Account.objects.get(customer_id=other.pk).balance == Money(0)
    assert_ledger_adds_up()
    customers.undo_merge(manager, merge_id=merge.pk, now=NOW)
    assert queries.find_account(finance, customer.pk).balance == Money(1000)
    assert queries.find_account(finance, other.pk).balance == Money(250)
    assert_ledger_adds_up()


def test_erasing_waits_until_the_account_is_even_and_then_leaves_entries_without_names(finance, clerk, customer):
    entry = post(finance, customer, 1000, note="苏州工艺礼品行 的货款")
    manager = actor_of(make_manager())
    with pytest.raises(Refused, match="not even"):
        customers.erase_customer(manager, customer_id=customer.pk, number=customer.number, reason="本人要求", now=NOW)
    post(finance, customer, 1000, kind="payment")
    confirm(finance, customer, 0, note="苏州工艺礼品行电话确认")
    document = make_freight(clerk, customer, note="苏州工艺礼品行退回")
    with pytest.raises(Refused, match=document.number):
        customers.erase_customer(manager, customer_id=customer.pk, number=customer.number, reason="本人要求", now=NOW)
    services.withdraw_freight(clerk, number=document.number, reason="录错", now=NOW)
    customers.erase_customer(manager, customer_id=customer.pk, number=customer.number, reason="本人要求", now=NOW)
    entry.refresh_from_db()
    document.refresh_from_db()
    kept = StatementConfirmation.objects.get()
    assert entry.amount_fen == 1000
    for told in (entry.written.text, kept.confirmed_by, kept.note, document.note):
        assert "苏" not in told
    with pytest.raises(Refused):
        post(finance, customer, 5)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["charge", "credit", "payment", "offset", "reverse"]),
        st.integers(-1, 2),
        st.integers(-3000, 3000),
    ),
    max_size=12,
)


class TestEverySum(TestCase):
    @settings(max_examples=25)
    @given(ACTS)
    def test_whatever_is_posted_refused_or_reversed_the_balance_is_the_sum_of_the_ledger(self, acts):
        customer = make_customer("a")
        finance = make_actor("finance")
        for kind, paper, fen in acts:
            try:
                if kind == "reverse":
                    numbers = list(Entry.objects.order_by("pk").values_list("number", flat=True))
                    services.reverse_entry(
                        finance, number=numbers[paper] if numbers[paper:] else "", reason="x", now=NOW
                    )
                else:
                    post(finance, customer, fen, kind=kind, source=f"p{paper}")
            except Refused:
                continue
        assert_ledger_adds_up()
