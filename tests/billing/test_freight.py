"""Freight documents: every step by its duty, the customer's account only when the customer is liable."""

from __future__ import annotations

from datetime import date

import pytest

from aftersales.billing import queries, services
from aftersales.billing.models import Entry, FreightDocument
from aftersales.billing.rules.freight import FREIGHT, FreightAction, FreightFacts, FreightState, Liable, propose
from aftersales.core.errors import Invalid, Missing, NotPermitted, Refused
from aftersales.core.money import Money
from tests.factories.billing import make_actor, make_freight
from tests.factories.staff import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(clerk, customer):
    return make_freight(clerk, customer)


def settle(manager, seller, document):
    return services.settle_freight(manager, number=document.number, salesperson=seller.person_id, now=NOW)


def sign(seller, document, liable="customer", **more):
    return services.sign_freight(seller, number=document.number, liable=liable, now=NOW, **more)


@pytest.fixture
def signed(manager, seller, document):
    settle(manager, seller, document)
    return sign(seller, document)


def test_freight_goes_from_receiving_to_the_customers_confirmation(finance, seller, customer, signed):
    posted = services.post_freight(finance, number=signed.number, now=NOW)
    assert (posted.entry.amount, posted.entry.source) == (Money(4500), signed.number)
    assert queries.find_account(finance, customer.pk).balance == Money(4500)
    done = services.confirm_freight(seller, number=signed.number, way="message", who="苏老板", now=NOW)
    assert (done.state, done.confirmed_by) == ("confirmed", "苏老板")


def test_when_somebody_else_is_liable_nothing_goes_into_the_account(finance, manager, seller, document):
    settle(manager, seller, document)
    sign(seller, document, "warehouse", reason="仓库发错")
    with pytest.raises(Refused, match="not liable"):
        services.post_freight(finance, number=document.number, now=NOW)
    assert services.absorb_freight(finance, number=document.number, now=NOW).state == "closed"
    assert not Entry.objects.exists()


def test_one_who_differs_from_the_rules_says_why(manager, seller, document):
    settle(manager, seller, document)
    with pytest.raises(Invalid, match=r"2\.D2"):
        sign(seller, document, "company")
    assert sign(seller, document, "company", reason="大客户，经理同意").liable == "company"


def test_only_the_named_salesperson_signs(manager, seller, document):
    settle(manager, seller, document)
    other = make_actor("salesperson", name="别的销售")
    with pytest.raises(Refused, match="named"):
        sign(other, document)
    settle(manager, other, document)
    assert sign(other, document).signed_name == "别的销售"


def test_each_step_belongs_to_a_duty(clerk, manager, seller, finance, document):
    for act in (
        lambda: settle(clerk, seller, document),
        lambda: settle(finance, seller, document),
        lambda: make_freight(finance, document.customer),
    ):
        with pytest.raises(NotPermitted):
            act()
    settle(manager, seller, document)
    with pytest.raises(NotPermitted):
        sign(manager, document)
    sign(seller, document)
    for actor in (clerk, manager, seller):
        with pytest.raises(NotPermitted):
            services.post_freight(actor, number=document.number, now=NOW)
    assert FreightDocument.objects.get().state == "signed"


def test_it_is_settled_only_with_a_salesperson_of_the_station(manager, finance, document):
    with pytest.raises(Invalid, match="salesperson"):
        settle(manager, finance, document)
    with pytest.raises(Invalid, match="salesperson"):
        settle(manager, make_actor("salesperson", station="SZ"), document)


def test_finance_sends_back_and_the_signature_is_gone(finance, signed):
    with pytest.raises(Invalid, match="changed"):
        services.send_back_freight(finance, number=signed.number, reason="", now=NOW)
    back = services.send_back_freight(finance, number=signed.number, reason="请补原因", now=NOW)
    assert (back.state, back.liable, back.signed_at) == ("settled", "", None)


def test_a_posting_that_was_wrong_is_reversed_and_posted_anew(finance, customer, signed):
    first = services.post_freight(finance, number=signed.number, now=NOW).entry
    with pytest.raises(Refused, match=signed.number):
        services.reverse_entry(finance, number=first.number, reason="x", now=NOW)
    back = services.reverse_freight(finance, number=signed.number, reason="客户不认", now=NOW)
    assert (back.state, back.entry) == ("signed", None)
    assert queries.find_account(finance, customer.pk).balance == Money(0)
    again = services.post_freight(finance, number=signed.number, now=NOW)
    assert again.entry.attempt == 1


def test_the_same_waybill_is_not_recorded_twice_unless_the_first_was_given_up(clerk, customer):
    first = make_freight(clerk, customer, waybill="yt 100")
    with pytest.raises(Refused, match=first.number):
        make_freight(clerk, customer, waybill="YT100")
    services.withdraw_freight(clerk, number=first.number, reason="录错客户", now=NOW)
    make_freight(clerk, customer, waybill="YT100")
    assert FreightDocument.objects.count() == 2


@pytest.mark.parametrize(
    "told",
    [
        {"carrier": " "},
        {"waybill": ""},
        {"carrier_kind": "ship"},
        {"cause": "moon"},
        {"amount": Money(0)},
        {"received_on": date(2027, 1, 1)},
    ],
)
def test_what_cannot_stand_on_a_waybill_is_refused(clerk, customer, told):
    with pytest.raises(Invalid):
        make_freight(clerk, customer, **told)
    assert not FreightDocument.objects.exists()


def test_another_station_does_not_see_it(document):
    stranger = make_actor("finance", station="SZ")
    with pytest.raises(Missing):
        queries.get_freight(stranger, number=document.number)


def test_the_rules_propose_who_is_liable():
    assert propose(cause="quality", carrier_kind="designated").liable is Liable.COMPANY
    assert propose(cause="quality", carrier_kind="coach").liable is Liable.CUSTOMER
    assert propose(cause="other_cause", carrier_kind="designated").liable is Liable.CUSTOMER


@pytest.mark.parametrize("state", list(FreightState))
@pytest.mark.parametrize("action", list(FreightAction))
def test_every_action_in_every_state_is_in_the_table_or_refused(state, action):
    for liable in (True, False):
        facts = FreightFacts(is_customer_liable=liable)
        try:
            leads_to = FREIGHT.take(state, action, facts, lambda _permission: True)
        except Refused:
            continue
        assert FREIGHT.steps[state, action].leads_to is leads_to
