"""Handover by the standard: told, explained, paid, and given to somebody who may take it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, strategies as st

from aftersales.core.errors import Invalid, Refused
from aftersales.core.money import Money
from aftersales.workshop import queries, services
from aftersales.workshop.models import Contact, RepairOrder, StationRules
from aftersales.workshop.rules import handover
from aftersales.workshop.rules.handover import Authority
from aftersales.workshop.rules.order import OrderState as S
from tests.factories.staff import NOW
from tests.factories.workshop import EXPLAINED, House, make_house, make_order

LATER = NOW + timedelta(hours=5)
TODAY = date(2026, 11, 23)
names = st.text(st.sampled_from("陈静 李雷"), max_size=4)


def fresh(order: RepairOrder) -> RepairOrder:
    return RepairOrder.objects.get(pk=order.pk)


def paid(house: House, **facts: Any) -> RepairOrder:
    order = make_order(house, S.READY, **facts)
    services.explain_order(house.advisor, number=order.number, now=LATER, **EXPLAINED)
    services.record_payment(house.advisor, number=order.number, amount=Money(28000), way="cash", now=LATER)
    return fresh(order)


# The rules


@given(names, names, st.booleans(), st.sampled_from(["", *Authority]))
def test_a_unit_goes_to_its_customer_or_to_somebody_who_says_why(
    taken_by: str,
    customer: str,
    is_organisation: bool,
    authority: str,
) -> None:
    is_customer = "".join(taken_by.split()) == "".join(customer.split())
    speaks_for_it = is_organisation and authority == Authority.OWNER
    may = authority in set(Authority) - {Authority.OWNER} or is_customer or speaks_for_it
    said = {"taken_by": taken_by, "customer": customer, "is_organisation": is_organisation, "authority": authority}
    if may:
        assert handover.check_taker(**said) == (authority or Authority.OWNER)  # type: ignore[arg-type]
    else:
        with pytest.raises(Invalid) as refused:
            handover.check_taker(**said)  # type: ignore[arg-type]
        assert refused.value.field == "authority"


@given(st.integers(-2000, 2000))
def test_the_next_visit_lies_ahead_and_within_three_years(days: int) -> None:
    on = TODAY + timedelta(days=days)
    try:
        assert handover.check_next_visit(on, today=TODAY) == on
    except Invalid:
        assert not 0 < days <= 3 * 366
    else:
        assert 0 < days <= 3 * 366


# Telling that it is ready


@pytest.mark.django_db
def test_the_call_that_it_is_ready_is_kept_with_whom_how_and_what() -> None:
    house = make_house()
    order = make_order(house, S.CHECKED)
    services.announce_order(
        house.advisor, number=order.number, way="message", reached="陈先生", told="屏幕换好了", now=LATER
    )
    contact = Contact.objects.get()
    assert (contact.reason, contact.way, contact.reached, contact.note) == ("ready", "message", "陈先生", "屏幕换好了")
    assert (fresh(order).state, fresh(order).contacted_at, fresh(order).ready_at) == (S.READY, LATER, LATER)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"), [({"way": "pigeon"}, "way"), ({"reached": " "}, "reached"), ({"told": ""}, "told")]
)
def test_a_call_that_tells_nobody_or_nothing_is_none(wrong: dict[str, str], field: str) -> None:
    house = make_house()
    order = make_order(house, S.CHECKED)
    told = {"way": "telephone", "reached": "陈静", "told": "好了"}
    with pytest.raises(Invalid) as refused:
        services.announce_order(house.advisor, number=order.number, now=LATER, **(told | wrong))
    assert refused.value.field == field
    assert (Contact.objects.count(), fresh(order).state) == (0, S.CHECKED)


@pytest.mark.django_db
def test_that_it_is_ready_is_not_told_before_the_check() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRING)
    with pytest.raises(Invalid) as refused:
        services.contact_customer(
            house.advisor, number=order.number, way="telephone", reached="陈静", reason="ready", now=LATER
        )
    assert refused.value.field == "reason"
    assert Contact.objects.count() == 0


# Explaining


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"is_explained": False}, "is_explained"),
        ({"old_parts": ""}, "old_parts"),
        ({"old_parts": "eaten"}, "old_parts"),
        ({"work_told": " "}, "work_told"),
        ({"next_visit_on": date(2020, 1, 1)}, "next_visit_on"),
    ],
)
def test_an_explanation_with_something_missing_is_none(wrong: dict[str, Any], field: str) -> None:
    house = make_house()
    order = make_order(house, S.READY)
    with pytest.raises(Invalid) as refused:
        services.explain_order(house.advisor, number=order.number, now=LATER, **(EXPLAINED | wrong))
    assert refused.value.field == field
    assert (fresh(order).is_explained, fresh(order).old_parts) == (False, "")


@pytest.mark.django_db
def test_no_unit_leaves_before_its_work_was_explained() -> None:
    house = make_house()
    order = make_order(house, S.READY)
    services.record_payment(house.advisor, number=order.number, amount=Money(28000), way="cash", now=LATER)
    with pytest.raises(Refused, match="Explain to the customer"):
        services.hand_over_order(house.advisor, number=order.number, taken_by="陈静", now=LATER)
    assert fresh(order).handed_over_at is None


@pytest.mark.django_db
def test_what_was_explained_can_be_put_right_until_the_handover() -> None:
    house = make_house()
    order = paid(house)
    services.explain_order(house.advisor, number=order.number, now=LATER, **(EXPLAINED | {"old_parts": "left"}))
    assert fresh(order).old_parts == "left"
    services.hand_over_order(house.advisor, number=order.number, taken_by="陈静", now=LATER)
    with pytest.raises(Refused):
        services.explain_order(house.advisor, number=order.number, now=LATER, **EXPLAINED)
    assert fresh(order).old_parts == "left"


# Handing over


@pytest.mark.django_db
def test_somebody_else_takes_the_unit_only_with_a_slip_a_letter_or_the_customers_word() -> None:
    house = make_house()
    order = paid(house)
    for authority in ("", "owner", "nonsense"):
        with pytest.raises(Invalid) as refused:
            services.hand_over_order(
                house.advisor, number=order.number, taken_by="李雷", authority=authority, now=LATER
            )
        assert refused.value.field == "authority"
    assert fresh(order).state == S.READY
    services.hand_over_order(house.advisor, number=order.number, taken_by="李雷", authority="slip", now=LATER)
    assert (fresh(order).taken_by, fresh(order).authority) == ("李雷", "slip")


@pytest.mark.django_db
def test_the_house_answers_for_a_repair_from_its_handover() -> None:
    house = make_house()
    order = paid(house)
    StationRules.objects.create(station=order.station, repair_warranty_days=10)
    services.hand_over_order(house.advisor, number=order.number, taken_by="陈静", now=LATER)
    assert fresh(order).covered_until == date(2026, 12, 3)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [S.DECLINED, S.CANCELLED])
def test_the_house_answers_for_nothing_it_did_not_repair(state: S) -> None:
    house = make_house()
    order = make_order(house, state)
    services.hand_over_order(house.advisor, number=order.number, taken_by="陈静", now=LATER)
    assert (fresh(order).covered_until, fresh(order).taken_by) == (None, "陈静")


@pytest.mark.django_db
@pytest.mark.parametrize("broken", [{"old_parts": "eaten"}, {"authority": "king"}])
def test_the_database_itself_refuses_unknown_answers(broken: dict[str, str]) -> None:
    order = make_order(make_house(), S.READY)
    with pytest.raises(IntegrityError), transaction.atomic():
        RepairOrder.objects.filter(pk=order.pk).update(**broken)


# The page


@pytest.fixture
def house(db: None) -> House:
    return make_house()


def test_the_counter_is_led_from_explaining_to_paying_to_handing_over(
    house: House, client_as: Callable[..., Any]
) -> None:
    order = make_order(house, S.READY)
    browser, address = client_as(house.advisor_person), reverse("workshop:order", args=[order.number])
    page = browser.get(address)
    assert page.context["main"].open.action == "explain"
    assert page.context["main"].form.initial["work_told"] == order.work_done
    said = {"work_told": "换好了屏幕", "old_parts": "left", "is_explained": "on", "advice": "贴膜"}
    assert browser.post(reverse("workshop:explain", args=[order.number]), said).status_code == 302
    assert browser.get(address).context["main"].open.action == "record_payment"
    browser.post(reverse("workshop:record_payment", args=[order.number]), {"amount": "280", "way": "cash"})
    assert browser.get(address).context["main"].open.action == "hand_over"
    browser.post(reverse("workshop:hand_over", args=[order.number]), {"taken_by": "陈静", "authority": "owner"})
    page = browser.get(address).content.decode()
    for words in ("换好了屏幕", "贴膜", "Shown, left with us", "The customer himself"):
        assert words in page


def test_what_was_declined_is_brought_to_mind_at_the_handover(house: House, client_as: Callable[..., Any]) -> None:
    order = make_order(house, S.DIAGNOSED)
    add = {"number": order.number, "kind": "part", "now": LATER}
    services.add_line(house.advisor, description="电池", unit_price=Money(9900), **add)
    services.add_line(house.advisor, description="屏幕", unit_price=Money(28000), **add)
    services.quote_order(house.advisor, number=order.number, now=LATER)
    services.approve_order(house.advisor, number=order.number, way="telephone", given_by="陈静", agreed=[2], now=LATER)
    RepairOrder.objects.update(state=S.READY, ready_at=LATER)
    browser = client_as(house.advisor_person)
    assert 'value="电池"' in browser.get(reverse("workshop:order", args=[order.number])).content.decode()
    said = {"work_told": "换屏", "old_parts": "left", "is_explained": "on", "reminded_of": ["电池"]}
    browser.post(reverse("workshop:explain", args=[order.number]), said)
    entry = queries.journal_of(order)[0]
    assert (entry.act, (entry.after or {})["reminded_of"]) == ("explain", "电池")


# Signing


SIGNED = [[[100, 100], [300, 150], [420, 90]]]


def test_who_takes_the_unit_signs_and_it_stands_on_the_page_and_on_the_sheet(
    house: House, client_as: Callable[..., Any]
) -> None:
    order = paid(house)
    browser = client_as(house.advisor_person)
    assert "Signature of who takes it" in browser.get(reverse("workshop:order", args=[order.number])).content.decode()
    bare = browser.get(f"/orders/{order.number}/settlement/").content.decode()
    said = {"taken_by": "李雷", "authority": "slip", "signature": json.dumps(SIGNED)}
    browser.post(reverse("workshop:hand_over", args=[order.number]), said)
    assert (fresh(order).handover_signature, fresh(order).taken_by) == (SIGNED, "李雷")
    page = browser.get(reverse("workshop:order", args=[order.number])).content.decode()
    assert "M100 100" in page or "M 100 100" in page or "100,100" in page
    sheet = browser.get(f"/orders/{order.number}/settlement/").content.decode()
    assert sheet.count("data:image/svg+xml") == bare.count("data:image/svg+xml") + 1
    assert "李雷" in sheet
    assert b"%PDF" in browser.get(f"/orders/{order.number}/settlement.pdf").content


def test_a_signature_on_the_printed_sheet_is_another_proof(house: House, client_as: Callable[..., Any]) -> None:
    order = paid(house)
    browser = client_as(house.advisor_person)
    said = {"taken_by": "陈静", "authority": "owner", "is_signed_on_paper": "on"}
    browser.post(reverse("workshop:hand_over", args=[order.number]), said)
    order.refresh_from_db()
    assert (order.state, order.is_handover_signed_on_paper, order.handover_signature) == ("handed_over", True, [])
    assert (queries.journal_of(order)[0].after or {})["signed"] == "on_paper"
    for where in (f"/orders/{order.number}/", f"/orders/{order.number}/settlement/"):
        assert "On the printed sheet" in browser.get(where).content.decode()


def test_signed_on_the_screen_is_not_also_signed_on_paper(house: House) -> None:
    order = paid(house)
    services.hand_over_order(
        house.advisor, number=order.number, taken_by="陈静", signature=SIGNED, is_signed_on_paper=True, now=LATER
    )
    order.refresh_from_db()
    assert (bool(order.handover_signature), order.is_handover_signed_on_paper) == (True, False)
    assert (queries.journal_of(order)[0].after or {})["signed"] == "on_screen"


def test_the_journal_says_that_it_was_signed_and_never_how(house: House) -> None:
    order = paid(house)
    services.hand_over_order(house.advisor, number=order.number, taken_by="陈静", signature=SIGNED, now=LATER)
    entry = queries.journal_of(order)[0]
    assert (entry.act, (entry.after or {})["signed"]) == ("hand_over", "on_screen")
    assert json.dumps(SIGNED[0][0]) not in json.dumps([entry.before, entry.after], default=str)


@pytest.mark.parametrize("wrong", [[[[5000, 1], [2, 2]]], ["x"], [[[1, 1], [2, 2]]]])
def test_what_is_no_signature_hands_nothing_over(house: House, wrong: list[Any]) -> None:
    order = paid(house)
    with pytest.raises(Invalid) as refused:
        services.hand_over_order(house.advisor, number=order.number, taken_by="陈静", signature=wrong, now=LATER)
    assert refused.value.field == "signature"
    kept = fresh(order)
    assert (kept.state, kept.handover_signature, kept.taken_by, kept.handed_over_at) == (S.READY, [], "", None)


def test_a_form_with_a_dot_for_a_signature_comes_back_with_a_sentence(
    house: House, client_as: Callable[..., Any]
) -> None:
    order = paid(house)
    said = {"taken_by": "陈静", "authority": "owner", "signature": "[[[1,1],[2,2]]]"}
    answer = client_as(house.advisor_person).post(reverse("workshop:hand_over", args=[order.number]), said)
    assert "only a dot" in answer.content.decode()
    assert fresh(order).state == S.READY
