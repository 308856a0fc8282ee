"""The pages of accounts, vouchers, statements and freight."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from aftersales.billing import services
from aftersales.billing.models import Entry, FreightDocument, StatementConfirmation
from tests.factories.billing import make_actor, make_freight, post
from tests.factories.staff import NOW, make_person

pytestmark = pytest.mark.django_db
PERIOD = "?since=2026-11-01&until=2026-11-30"


@pytest.fixture
def browser(client_as, customer):
    def sign_in(duty):
        return client_as(make_person(duty, duty=duty))

    return sign_in


def url(name, *args):
    return reverse(f"billing:{name}", args=args)


def test_finance_posts_a_credit_with_deductions_and_sees_how_it_came_about(browser, customer):
    window = browser("finance")
    form = {"credit-goods": "388", "credit-percent": "80", "credit-bag": "10", "credit-source": "TH-1"}
    answer = window.post(url("post_entry", customer.pk, "credit"), form, follow=True)
    assert "¥388.00 × 80%" in answer.content.decode()
    assert Entry.objects.get().amount_fen == -30_040
    again = window.post(url("post_entry", customer.pk, "credit"), form)
    assert again.status_code == 409
    assert Entry.objects.get().number in again.content.decode()


@pytest.mark.parametrize("amount", ["", "abc", "-5", "0", "12,50"])
def test_a_mistyped_amount_is_told_in_the_form_and_nothing_is_posted(browser, customer, amount):
    answer = browser("finance").post(
        url("post_entry", customer.pk, "charge"), {"charge-amount": amount, "charge-source": "A"}
    )
    assert answer.status_code == 422
    assert "is-invalid" in answer.content.decode()
    assert not Entry.objects.exists()


def test_who_only_reads_gets_no_forms(browser, finance, customer):
    post(finance, customer, 100)
    assert b"charge-amount" not in browser("auditor").get(url("account", customer.pk)).content
    assert browser("auditor").post(url("post_entry", customer.pk, "charge"), {}).status_code == 403


def test_accounts_are_filtered_by_what_they_owe(browser, finance, customer):
    post(finance, customer, 100)
    window = browser("finance")
    assert customer.name in window.get(url("accounts") + "?standing=owes").content.decode()
    assert customer.name not in window.get(url("accounts") + "?standing=owed").content.decode()


def test_a_voucher_is_reversed_on_its_page(browser, finance, customer):
    entry = post(finance, customer, 100)
    window = browser("finance")
    assert window.post(url("reverse_entry", entry.number), {"reason": ""}).status_code == 422
    window.post(url("reverse_entry", entry.number), {"reason": "录错"})
    assert window.post(url("reverse_entry", entry.number), {"reason": "录错"}).status_code == 409
    assert Entry.objects.count() == 2
    assert window.get(url("vouchers") + "?kind=reversal").status_code == 200


def test_a_statement_is_read_printed_and_confirmed(browser, finance, customer):
    entry = post(finance, customer, 123_456)
    window = browser("salesperson")
    page = window.get(url("statement", customer.pk) + PERIOD).content.decode()
    assert "¥1,234.56" in page
    pdf = window.get(url("statement_pdf", customer.pk) + PERIOD)
    told = "".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf.content)).pages)
    assert entry.number in told
    assert "1,234.56" in told
    form = {"closing": "1234.56", "way": "phone", "who": "苏老板"}
    window.post(url("confirm_statement", customer.pk) + PERIOD, form)
    assert StatementConfirmation.objects.get().confirmed_by == "苏老板"
    stale = window.post(url("confirm_statement", customer.pk) + PERIOD, form | {"closing": "1.00"})
    assert stale.status_code == 409
    assert 'value="1234.56"' in stale.content.decode() or StatementConfirmation.objects.count() == 1


def test_the_table_of_a_statement_holds_its_period_also_when_nobody_chose_one(browser, finance, customer):
    post(finance, customer, 100)
    page = browser("finance").get(url("statement", customer.pk)).content.decode()
    assert "since=" in page.split('name="query"')[1].split(">")[0]


def test_a_period_that_ends_before_it_begins_is_told(browser, finance, customer):
    answer = browser("finance").get(url("statement", customer.pk) + "?since=2026-11-30&until=2026-11-01")
    assert answer.status_code == 422


def test_freight_walks_through_the_pages(browser, finance, customer, seller):
    clerk = browser("returns_clerk")
    form = {
        "carrier": "德邦", "carrier_kind": "designated", "waybill": "DB1", "amount": "45", "cause": "other_cause",
        "received_on": "2026-11-20",
    }  # fmt: skip
    assert clerk.get(url("record_freight", customer.pk)).status_code == 200
    assert clerk.post(url("record_freight", customer.pk), form | {"amount": "x"}).status_code == 422
    clerk.post(url("record_freight", customer.pk), form)
    assert clerk.post(url("record_freight", customer.pk), form).status_code == 409
    number = FreightDocument.objects.get().number
    manager = browser("sales_manager")
    manager.post(url("settle_freight", number), {"settle-salesperson": str(seller.person_id)})
    services.sign_freight(seller, number=number, liable="customer", now=NOW)
    money = browser("finance")
    assert "Post to the account" in money.get(url("freight_document", number)).content.decode()
    money.post(url("post_freight", number))
    assert money.post(url("post_freight", number)).status_code == 409
    money.post(url("confirm_freight", number), {"confirm-way": "phone", "confirm-who": "苏老板"})
    assert FreightDocument.objects.get().state == "confirmed"
    assert number in money.get(url("freight") + "?state=confirmed").content.decode()


def test_the_customers_page_leads_to_the_account(browser, finance, customer):
    post(finance, customer, 100)
    page = browser("finance").get(reverse("customers:customer", args=[customer.pk])).content.decode()
    assert url("account", customer.pk) in page


def test_a_stranger_finds_nothing(client_as, clerk, finance, customer):
    entry, document = post(finance, customer, 100), make_freight(clerk, customer)
    stranger = client_as(make_person("外站", duty="finance", station="SZ"))
    for address in (
        url("account", customer.pk),
        url("statement", customer.pk),
        url("voucher", entry.number),
        url("freight_document", document.number),
    ):
        assert stranger.get(address).status_code == 404
    assert make_actor("finance", station="SZ").sees("NJ") is False
