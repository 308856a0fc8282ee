"""The same fault on the same unit again: asked at the counter, done without charge, and never a new warranty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given, strategies as st

from aftersales.core.errors import Invalid, NotPermitted, Refused
from aftersales.core.money import Money
from aftersales.workshop import queries, services
from aftersales.workshop.models import RepairOrder, StationRules
from aftersales.workshop.rules import repeat
from aftersales.workshop.rules.order import OrderState as S
from aftersales.workshop.rules.repeat import Earlier, Fault
from tests.factories.staff import NOW
from tests.factories.workshop import EXPLAINED, House, all_passed, imei, make_house, make_order, receive

TODAY = date(2026, 11, 23)
AFTER = NOW + timedelta(days=9)
UNIT = {"phone": "13900001111", "serial": imei(910001)}


def fresh(order: RepairOrder) -> RepairOrder:
    return RepairOrder.objects.get(pk=order.pk)


def earlier(
    days: int, *, words: str = "屏幕不亮", covered_for: int | None = None, number: str = "RO-1", **more: Any
) -> Earlier:
    covered = TODAY + timedelta(days=covered_for) if covered_for is not None else None
    return Earlier(
        number, Fault(words, more.get("symptoms", ())), more.get("told", ""), TODAY - timedelta(days=days), covered
    )


def suspects(fault: str, *repairs: Earlier, symptoms: tuple[str, ...] = (), days: int = 30) -> list[repeat.Suspect]:
    return repeat.suspects(Fault(fault, symptoms), repairs, today=TODAY, repeat_days=days)


# The rules


@given(st.integers(-5, 400), st.none() | st.integers(-200, 200), st.integers(0, 365))
def test_an_earlier_repair_is_asked_about_within_the_houses_days_or_while_the_house_answers_for_it(
    days: int, covered_for: int | None, repeat_days: int
) -> None:
    found = suspects("屏幕不亮", earlier(days, covered_for=covered_for), days=repeat_days)
    is_recent, is_covered = 0 <= days <= repeat_days, covered_for is not None and covered_for > 0
    assert bool(found) == (is_recent or is_covered)
    if found:
        assert (found[0].is_recent, found[0].is_covered) == (is_recent, is_covered)
        assert found[0].must_be_answered == is_recent


@pytest.mark.parametrize(
    ("now", "then", "is_alike"),
    [
        ("又不亮了", "屏幕不亮", True),
        ("上次修过，用了几天又出现：屏幕不亮", "屏幕不亮", True),
        ("螢幕不亮", "屏幕不亮", True),
        ("The screen stays dark again", "screen dark", True),
        ("电池不耐用", "屏幕不亮", False),
        ("battery swollen", "screen dark", False),
        ("", "屏幕不亮", False),
    ],
)
def test_faults_are_alike_by_their_words(now: str, then: str, *, is_alike: bool) -> None:
    assert repeat.is_alike(Fault(now), earlier(3, words=then)) is is_alike


def test_a_symptom_in_common_is_enough_and_other_is_none() -> None:
    assert repeat.is_alike(Fault("开不了机", ("no-power",)), earlier(3, words="黑屏", symptoms=("no-power", "heat")))
    assert not repeat.is_alike(Fault("开不了机", ("other",)), earlier(3, words="黑屏", symptoms=("other",)))


def test_what_was_found_and_done_then_counts_too() -> None:
    assert repeat.is_alike(Fault("排线断"), earlier(3, words="屏幕不亮", told="屏幕排线断，换排线"))


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["屏幕不亮", "电池鼓包"])), max_size=5))
def test_those_come_first_that_have_to_be_answered_then_the_latest(repairs: list[tuple[int, str]]) -> None:
    found = suspects("屏幕不亮", *(earlier(days, words=words, covered_for=30) for days, words in repairs))
    order = [(not one.must_be_answered, not one.is_alike, one.days) for one in found]
    assert order == sorted(order)
    assert len(found) == len(repairs)


def test_a_pressing_question_needs_an_answer_and_another_fault_its_reason() -> None:
    found = suspects("屏幕不亮", earlier(9))
    for answer, reason, field in (("", "", "repeat_of"), ("other", " ", "repeat_note"), ("RO-2", "", "repeat_of")):
        with pytest.raises(Invalid) as refused:
            repeat.judge(answer, reason=reason, found=found)
        assert refused.value.field == field
    assert repeat.judge("RO-1", reason="", found=found) == "RO-1"
    assert repeat.judge("other", reason="另一侧", found=found) == ""


def test_where_nothing_presses_nothing_need_be_said() -> None:
    assert repeat.judge("", reason="", found=suspects("电池鼓包", earlier(9))) == ""
    assert repeat.judge("", reason="", found=[]) == ""
    with pytest.raises(Invalid):
        repeat.judge("RO-1", reason="", found=[])


@given(
    st.integers(0, 10_000).map(Money),
    st.none() | st.integers(0, 10_000).map(Money),
    st.sampled_from(["", " ", "另收"]),
    st.sampled_from(["", "RO-1"]),
)
def test_a_repeat_is_free_unless_somebody_says_why_the_customer_pays(
    gross: Money, named: Money | None, reason: str, number: str
) -> None:
    must_say = bool(number) and named not in {None, gross} and not reason.strip()
    try:
        off, why = repeat.discount_on(gross, named=named, reason=reason, repeat_of=number)
    except Invalid:
        assert must_say
        return
    assert not must_say
    if number:
        assert off == (gross if named is None else named)
        assert bool(why) or not off
    else:
        assert (off, why) == (named or Money(), reason.strip() if named else "")


# At the counter


def handed_over(house: House, *, now: datetime = NOW, **facts: Any) -> RepairOrder:
    return make_order(house, S.HANDED_OVER, now=now, **(UNIT | facts))


@pytest.mark.django_db
def test_the_counter_has_to_say_whether_the_same_fault_came_back() -> None:
    house = make_house()
    first = handed_over(house)
    with pytest.raises(Invalid, match=first.number) as refused:
        receive(house, now=AFTER, **UNIT)
    assert refused.value.field == "repeat_of"
    assert RepairOrder.objects.count() == 1
    again = receive(house, now=AFTER, repeat_of=first.number, **UNIT)
    assert (again.repeat_of, again.repeat_note) == (first, "")


@pytest.mark.django_db
def test_another_fault_is_said_with_its_reason() -> None:
    house = make_house()
    handed_over(house)
    with pytest.raises(Invalid) as refused:
        receive(house, now=AFTER, repeat_of="other", **UNIT)
    assert refused.value.field == "repeat_note"
    again = receive(house, now=AFTER, repeat_of="other", repeat_note="客户又摔了一次", **UNIT)
    assert (again.repeat_of, again.repeat_note) == (None, "客户又摔了一次")


@pytest.mark.django_db
def test_the_houses_days_decide_how_long_it_is_asked() -> None:
    house = make_house()
    first = handed_over(house)
    StationRules.objects.create(station=first.station, repeat_days=8)
    again = receive(house, now=AFTER, **UNIT)  # still covered, so it may be said, and need not
    assert again.repeat_of is None


@pytest.mark.django_db
@pytest.mark.parametrize("state", [S.DECLINED, S.CANCELLED])
def test_what_was_not_repaired_cannot_come_back(state: S) -> None:
    house = make_house()
    first = make_order(house, state, **UNIT)
    services.hand_over_order(house.advisor, number=first.number, taken_by="陈静", now=NOW + timedelta(hours=3))
    assert receive(house, now=AFTER, **UNIT).repeat_of is None


@pytest.mark.django_db
def test_another_stations_repair_is_not_asked_about() -> None:
    house, other = make_house("NJ"), make_house("SZ")
    first = handed_over(other)
    with pytest.raises(Invalid):
        receive(house, now=AFTER, repeat_of=first.number, **UNIT)
    assert receive(house, now=AFTER, **UNIT).repeat_of is None


# What follows


def quoted_again(house: House, first: RepairOrder, **line: Any) -> RepairOrder:
    again = receive(house, now=AFTER, repeat_of=first.number, **UNIT)
    services.diagnose_order(house.technician, number=again.number, diagnosis="排线松", now=AFTER)
    wanted: dict[str, Any] = {"kind": "part", "description": "屏幕总成", "unit_price": Money(28000)} | line
    services.add_line(house.advisor, number=again.number, now=AFTER, **wanted)
    return fresh(again)


@pytest.mark.django_db
def test_the_lines_of_a_repeat_are_free_and_say_why() -> None:
    house = make_house()
    first = handed_over(house)
    again = quoted_again(house, first)
    line = again.lines.get()
    assert (line.discount_fen, line.amount_fen, again.total_fen) == (28000, 0, 0)
    assert first.number in line.discount_reason


@pytest.mark.django_db
def test_the_customer_pays_for_something_else_only_with_a_reason() -> None:
    house = make_house()
    first = handed_over(house)
    with pytest.raises(Invalid) as refused:
        quoted_again(house, first, discount=Money(0))
    assert refused.value.field == "discount_reason"
    again = RepairOrder.objects.latest("pk")
    services.add_line(
        house.advisor, number=again.number, kind="part", description="贴膜", unit_price=Money(3000), discount=Money(0),
        discount_reason="客户另外要的", now=AFTER,
    )  # fmt: skip
    line = again.lines.get()
    assert (line.amount_fen, line.discount_reason) == (3000, "客户另外要的")


@pytest.mark.django_db
def test_a_discount_on_all_lines_leaves_free_ones_free() -> None:
    house = make_house()
    again = quoted_again(house, handed_over(house))
    services.discount_lines(house.advisor, number=again.number, percent=10, reason="老客户", now=AFTER)  # type: ignore[arg-type]
    assert again.lines.get().amount_fen == 0


@pytest.mark.django_db
def test_a_repeat_never_restarts_the_warranty() -> None:
    house = make_house()
    first = handed_over(house)
    again = quoted_again(house, first)
    n, s = again.number, services
    s.quote_order(house.advisor, number=n, now=AFTER)
    s.approve_order(house.advisor, number=n, way="telephone", given_by="陈静", now=AFTER)
    s.assign_order(house.supervisor, number=n, technician_id=house.technician_person.pk, now=AFTER)
    s.start_order(house.technician, number=n, now=AFTER)
    s.complete_order(house.technician, number=n, work_done="重插排线", now=AFTER)
    s.pass_check(house.supervisor, number=n, answers=all_passed("electronics"), now=AFTER)
    s.announce_order(house.advisor, number=n, reached="陈静", told="好了", now=AFTER)
    s.explain_order(house.advisor, number=n, now=AFTER, **EXPLAINED)
    s.hand_over_order(house.advisor, number=n, taken_by="陈静", now=AFTER)
    assert fresh(again).covered_until == first.covered_until == date(2027, 2, 21)


# Said later


@pytest.mark.django_db
def test_what_is_found_out_later_makes_what_is_not_paid_free() -> None:
    house = make_house()
    first = handed_over(house)
    again = make_order(house, S.REPAIRING, now=AFTER, repeat_of="other", repeat_note="看着不像", **UNIT)
    assert again.due_fen == 28000
    with pytest.raises(Invalid) as refused:
        services.judge_repeat(house.advisor, number=again.number, repeat_of=first.number, now=AFTER)
    assert refused.value.field == "repeat_note"
    services.judge_repeat(
        house.advisor, number=again.number, repeat_of=first.number, repeat_note="拆开一看是同一处", now=AFTER
    )
    found, line = fresh(again), again.lines.get()
    assert (found.repeat_of, found.due_fen, line.amount_fen, line.decision) == (first, 0, 0, "agreed")
    entry = queries.journal_of(again)[0]
    assert (entry.act, entry.note) == ("judge_repeat", "拆开一看是同一处")
    assert (entry.after or {})["repeat_of"] == first.number


@pytest.mark.django_db
def test_a_correction_the_other_way_charges_nothing_by_itself() -> None:
    house = make_house()
    again = quoted_again(house, handed_over(house))
    services.judge_repeat(house.advisor, number=again.number, repeat_of="other", repeat_note="是进水", now=AFTER)
    assert (fresh(again).repeat_of, again.lines.get().amount_fen) == (None, 0)


@pytest.mark.django_db
def test_the_price_that_was_told_stands() -> None:
    house = make_house()
    first = handed_over(house)
    again = make_order(house, S.READY, now=AFTER, repeat_of="other", repeat_note="看着不像", **UNIT)
    services.judge_repeat(house.advisor, number=again.number, repeat_of=first.number, repeat_note="同一处", now=AFTER)
    assert (fresh(again).repeat_of, fresh(again).due_fen) == (first, 28000)


@pytest.mark.django_db
def test_a_stranger_an_order_of_another_unit_and_an_empty_answer_are_refused() -> None:
    house = make_house()
    first = handed_over(house)
    again = receive(house, now=AFTER, repeat_of="other", repeat_note="新伤", **UNIT)
    elsewhere = make_order(house, S.HANDED_OVER)
    say = {"number": again.number, "repeat_note": "x", "now": AFTER}
    for answer in ("", elsewhere.number, again.number):
        with pytest.raises(Invalid):
            services.judge_repeat(house.advisor, repeat_of=answer, **say)
    with pytest.raises(NotPermitted):
        services.judge_repeat(house.technician, repeat_of=first.number, **say)
    with pytest.raises(Refused):
        services.judge_repeat(house.advisor, repeat_of=first.number, **(say | {"number": "RO-NJ-2026-999999"}))
    assert fresh(again).repeat_of is None


# The pages


@pytest.fixture
def house(db: None) -> House:
    return make_house()


@pytest.fixture
def nine_days_later(house: House) -> RepairOrder:

    first = handed_over(house)
    with time_machine.travel(AFTER):
        yield first


def intake_form(**facts: Any) -> dict[str, Any]:
    wanted = {"station": "NJ", "trade": "electronics", "name": "陈静", "category": "phone", "fault": "屏幕又不亮"}
    wanted |= {"condition.locked": "by-owner", "is_reminded_of_valuables": "on"}
    return wanted | UNIT | facts


def test_the_question_comes_up_while_the_number_is_typed(
    house: House, nine_days_later: RepairOrder, client_as: Callable[..., Any]
) -> None:
    browser = client_as(house.advisor_person)
    page = browser.post(reverse("workshop:find_repeat"), intake_form()).content.decode()
    assert nine_days_later.number in page
    assert nine_days_later.work_done in page
    assert house.technician_person.name in page
    other = browser.post(reverse("workshop:find_repeat"), intake_form(serial=imei(910002))).content.decode()
    assert other.strip() == ""


def test_an_intake_without_the_answer_comes_back_with_the_question(
    house: House, nine_days_later: RepairOrder, client_as: Callable[..., Any]
) -> None:
    browser = client_as(house.advisor_person)
    answer = browser.post(reverse("workshop:receive"), intake_form())
    assert answer.status_code == 422
    assert f'value="{nine_days_later.number}"' in answer.content.decode()
    assert browser.post(reverse("workshop:receive"), intake_form(repeat_of=nine_days_later.number)).status_code == 302
    again = RepairOrder.objects.latest("pk")
    assert again.repeat_of == nine_days_later
    page = browser.get(reverse("workshop:order", args=[again.number])).content.decode()
    assert f"Repeat repair of {nine_days_later.number}" in page


def test_a_stranger_learns_nothing_by_asking(
    house: House, nine_days_later: RepairOrder, client_as: Callable[..., Any]
) -> None:
    stranger = make_house("SZ").advisor_person
    asked = intake_form(station="SZ", unit_id=str(nine_days_later.unit_id))
    page = client_as(stranger).post(reverse("workshop:find_repeat"), asked).content.decode()
    assert nine_days_later.number not in page


def test_it_is_said_later_on_the_orders_page(
    house: House, nine_days_later: RepairOrder, client_as: Callable[..., Any]
) -> None:
    again = receive(house, now=AFTER, **(UNIT | {"fault": "充不进电"}))
    browser = client_as(house.advisor_person)
    said = {"repeat_of": nine_days_later.number, "repeat_note": ""}
    answer = browser.post(reverse("workshop:judge_repeat", args=[again.number]), said)
    assert answer.status_code == 302
    assert fresh(again).repeat_of == nine_days_later
