"""Questions to experts: asked, answered, withdrawn, clocked; and what the order does meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from aftersales.catalog import services as catalog
from aftersales.core import journal, search
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Invalid, Missing, NotPermitted, Refused
from aftersales.deadlines import queries as clocks, services as deadlines
from aftersales.staff.models import Person
from aftersales.workshop import queries, services
from aftersales.workshop.models import ExpertQuestion, RepairOrder
from aftersales.workshop.queries import OrderFilter, QuestionFilter
from aftersales.workshop.rules import expert as rules
from aftersales.workshop.rules.expert import ACTIONS, QUESTION, STEPS, QuestionAction, QuestionFacts, QuestionState
from aftersales.workshop.rules.order import OrderState as S
from tests.factories.staff import NOW, actor_of, make_manager, make_person, make_station
from tests.factories.workshop import House, make_house, make_order

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def house(db: None) -> House:
    return make_house()


@pytest.fixture
def expert(house: House) -> Person:
    make_station("HQ", headquarters=True)
    return make_person("孙工", duty="technical_expert", station="HQ")


@pytest.fixture
def maker(house: House) -> Any:
    return catalog.add_manufacturer(SYSTEM, name="星桥", hotline="400-160-0101", now=NOW)


@pytest.fixture
def monday() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=2)):
        yield


def ask(house: House, order: RepairOrder, expert: Person | None = None, **facts: Any) -> ExpertQuestion:
    wanted: dict[str, Any] = {"question": "背光供电应有多少伏？", "now": NOW} | facts
    if expert is not None:
        wanted["expert_id"] = expert.pk
    return services.ask_expert(house.technician, number=order.number, **wanted)


def all_questions(order: RepairOrder) -> int:
    return ExpertQuestion.objects.filter(order=order).count()


def test_a_question_to_headquarters_has_a_number_a_clock_and_a_place_in_the_orders_journal(
    house: House, expert: Person
) -> None:
    order = make_order(house)
    asked = ask(house, order, expert)
    assert asked.number == "EQ-NJ-2026-000001"
    clock = clocks.get_clock(subject=asked.number, rule=rules.EXPERT_ANSWER)
    assert (asked.due_at, asked.warn_at) == (clock.due_at, clock.warn_at)
    assert NOW < asked.warn_at < asked.due_at <= NOW + timedelta(days=1)
    order.refresh_from_db()
    assert (order.question_due_at, order.question_warn_at) == (asked.due_at, asked.warn_at)
    entry = journal.entries_of("order", order.number)[0]
    assert (entry.act, entry.note) == ("ask_expert", "背光供电应有多少伏？")
    assert search.keys(house.technician, "question", "背光供电") == [asked.number]


def test_the_expert_answers_and_the_clock_stops(house: House, expert: Person) -> None:
    order = make_order(house)
    asked = ask(house, order, expert)
    done = services.answer_question(actor_of(expert), number=asked.number, answer="三十伏左右", now=LATER)
    assert (done.state, done.answer, done.answered_by, done.ended_at) == ("answered", "三十伏左右", "孙工", LATER)
    clock = clocks.get_clock(subject=asked.number, rule=rules.EXPERT_ANSWER)
    assert (clock.stopped_at, clock.was_kept) == (LATER, True)
    order.refresh_from_db()
    assert order.question_due_at is None
    assert search.keys(house.technician, "question", "三十伏") == [asked.number]


def test_the_manufacturers_answer_is_typed_in_with_who_gave_it(house: House, maker: Any) -> None:
    asked = ask(house, make_order(house), manufacturer_id=maker.pk, contact="吴工")
    assert asked.addressee == "星桥 · 吴工"
    done = services.record_answer(
        house.technician, number=asked.number, answer="换背光芯片", answered_by="吴工，电话", now=LATER
    )
    assert (done.state, done.answered_by, done.recorded_by) == ("answered", "吴工，电话", "张伟")


def test_an_order_that_waits_for_the_answer_goes_on_with_it(house: House, expert: Person) -> None:
    order = make_order(house)
    asked = ask(house, order, expert, waits=True)
    order.refresh_from_db()
    assert (order.waiting_for, order.waiting_on) == ("expert", "孙工")
    services.answer_question(actor_of(expert), number=asked.number, answer="三十伏", now=LATER)
    order.refresh_from_db()
    assert order.waiting_for == ""
    assert order.waits.get().ended_at == LATER
    assert [entry.act for entry in journal.entries_of("order", order.number)][:2] == ["answer_question", "resume"]


def test_a_question_to_the_manufacturer_lets_the_order_wait_for_the_manufacturer(house: House, maker: Any) -> None:
    order = make_order(house)
    asked = ask(house, order, manufacturer_id=maker.pk, waits=True)
    order.refresh_from_db()
    assert order.waiting_for == "manufacturer"
    services.withdraw_question(house.technician, number=asked.number, reason="已自行解决", now=LATER)
    order.refresh_from_db()
    assert order.waiting_for == ""


def test_a_wait_that_was_ended_by_hand_and_begun_anew_for_parts_is_left_alone(house: House, expert: Person) -> None:
    order = make_order(house)
    asked = ask(house, order, expert, waits=True)
    services.resume_order(house.technician, number=order.number, now=LATER)
    services.wait_order(house.technician, number=order.number, waiting_for="parts", waiting_on="仓库", now=LATER)
    services.answer_question(actor_of(expert), number=asked.number, answer="三十伏", now=LATER)
    order.refresh_from_db()
    assert order.waiting_for == "parts"


def test_a_station_may_let_the_promise_stand_still_for_an_expert(house: House, expert: Person) -> None:
    from aftersales.workshop.models import StationRules

    order = make_order(house)
    StationRules.objects.create(station=order.station, pauses_for=["expert"])
    asked = ask(house, order, expert, waits=True)
    promise = clocks.get_clock(subject=order.number, rule="repair")
    assert promise.is_paused
    services.answer_question(actor_of(expert), number=asked.number, answer="三十伏", now=LATER)
    assert not clocks.get_clock(subject=order.number, rule="repair").is_paused


@pytest.mark.parametrize(
    "facts",
    [{"question": "  "}, {"expert_id": 999_999}, {"manufacturer_id": 999_999}, {"expert_id": None}],
)
def test_a_question_without_words_or_addressee_is_refused_and_nothing_is_kept(
    house: House, expert: Person, facts: dict[str, Any]
) -> None:
    order = make_order(house)
    wanted = {"question": "为什么", "expert_id": expert.pk} | facts
    if facts.get("manufacturer_id"):
        wanted["expert_id"] = None
    with pytest.raises(Invalid):
        services.ask_expert(house.technician, number=order.number, now=NOW, **wanted)
    assert all_questions(order) == 0
    assert clocks.find_clock(subject="EQ-NJ-2026-000001", rule=rules.EXPERT_ANSWER) is None


def test_somebody_who_does_not_answer_questions_cannot_be_asked(house: House) -> None:
    order = make_order(house)
    with pytest.raises(Invalid):
        ask(house, order, house.advisor_person)
    assert all_questions(order) == 0


def test_an_expert_of_another_station_is_not_offered(house: House) -> None:
    far = make_house("WX")
    elsewhere = make_person("钱工", duty="technical_expert", station="WX")
    order = make_order(house)
    assert elsewhere not in queries.experts_for(house.technician, order)
    with pytest.raises(Invalid):
        ask(house, order, elsewhere)
    assert queries.experts_for(far.technician, order) == []


def test_after_the_unit_has_left_nothing_is_asked_any_more(house: House, expert: Person) -> None:
    order = make_order(house, S.HANDED_OVER)
    with pytest.raises(Refused):
        ask(house, order, expert)
    assert all_questions(order) == 0


def test_an_order_that_waits_already_cannot_wait_for_the_answer_too(house: House, expert: Person) -> None:
    order = make_order(house)
    services.wait_order(house.technician, number=order.number, waiting_for="parts", waiting_on="仓库", now=NOW)
    with pytest.raises(Refused):
        ask(house, order, expert, waits=True)
    assert all_questions(order) == 0
    assert ask(house, order, expert).number == "EQ-NJ-2026-000001"


def test_only_those_who_may_ask_and_only_those_who_may_answer(house: House, expert: Person) -> None:
    order = make_order(house)
    inspector = actor_of(make_person("质检", duty="quality_inspector"))
    with pytest.raises(NotPermitted):
        services.ask_expert(inspector, number=order.number, question="?", expert_id=expert.pk, now=NOW)
    asked = ask(house, order, expert)
    for actor in (house.technician, inspector):
        with pytest.raises(NotPermitted):
            services.answer_question(actor, number=asked.number, answer="我猜", now=NOW)
    with pytest.raises(NotPermitted):
        services.withdraw_question(inspector, number=asked.number, reason="不用了", now=NOW)
    with pytest.raises(Refused, match="answers it himself"):
        services.record_answer(house.technician, number=asked.number, answer="他说", answered_by="孙工", now=NOW)
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("asked", "")


@pytest.mark.parametrize("words", ["", "   "])
def test_an_empty_answer_or_reason_is_refused(house: House, expert: Person, words: str) -> None:
    asked = ask(house, make_order(house), expert)
    with pytest.raises(Invalid):
        services.answer_question(actor_of(expert), number=asked.number, answer=words, now=NOW)
    with pytest.raises(Invalid):
        services.withdraw_question(house.technician, number=asked.number, reason=words, now=NOW)
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_a_question_is_answered_once(house: House, expert: Person) -> None:
    asked = ask(house, make_order(house), expert)
    services.answer_question(actor_of(expert), number=asked.number, answer="三十伏", now=NOW)
    for act, facts in (
        (services.answer_question, {"answer": "二十伏"}),
        (services.withdraw_question, {"reason": "晚了"}),
    ):
        with pytest.raises(Refused):
            act(actor_of(make_manager()), number=asked.number, now=LATER, **facts)
    asked.refresh_from_db()
    assert asked.answer == "三十伏"


def test_another_stations_question_is_missing(house: House, expert: Person) -> None:
    asked = ask(house, make_order(house), expert)
    far = make_house("WX")
    with pytest.raises(Missing):
        queries.get_question(far.technician, asked.number)
    with pytest.raises(Missing):
        services.withdraw_question(far.technician, number=asked.number, reason="x", now=NOW)
    assert not queries.list_questions(far.technician, QuestionFilter(), now=NOW)
    assert search.keys(far.technician, "question", "背光供电") == []


@pytest.mark.parametrize("state", [S.CANCELLED, S.DECLINED])
def test_questions_end_with_their_order(house: House, expert: Person, state: S) -> None:
    order = make_order(house, S.QUOTED)
    asked = ask(house, order, expert)
    if state is S.CANCELLED:
        services.cancel_order(house.advisor, number=order.number, reason="不修了", now=LATER)
    else:
        services.decline_order(house.advisor, number=order.number, way="telephone", given_by="陈静", now=LATER)
    asked.refresh_from_db()
    order.refresh_from_db()
    assert (asked.state, order.state, order.question_due_at) == ("withdrawn", state, None)
    assert clocks.get_clock(subject=asked.number, rule=rules.EXPERT_ANSWER).stopped_at == LATER


def test_the_first_due_of_several_questions_stands_on_the_order(house: House, expert: Person, maker: Any) -> None:
    order = make_order(house)
    first = ask(house, order, expert)
    second = ask(house, order, manufacturer_id=maker.pk, now=LATER)
    order.refresh_from_db()
    assert order.question_due_at == first.due_at < second.due_at
    services.answer_question(actor_of(expert), number=first.number, answer="好", now=LATER)
    order.refresh_from_db()
    assert order.question_due_at == second.due_at


def test_a_holiday_announced_later_moves_the_answers_clock_and_the_order_with_it(house: House, expert: Person) -> None:
    order = make_order(house)
    asked = ask(house, order, expert, now=NOW + timedelta(hours=7))  # late on Monday: due on Tuesday
    before = asked.due_at
    calendar = clocks.get_calendar(SYSTEM, code=order.station.calendar_code)
    deadlines.set_special_day(
        SYSTEM, code=calendar.code, version=calendar.version, on=date(2026, 11, 24), kind="off", name="休", now=NOW
    )
    asked.refresh_from_db()
    order.refresh_from_db()
    assert asked.due_at > before
    assert order.question_due_at == asked.due_at


@pytest.mark.parametrize(
    ("at", "tone"), [(NOW, "info"), (NOW + timedelta(hours=5), "warning"), (NOW + timedelta(hours=8), "danger")]
)
def test_the_clock_of_an_answer_is_shown_by_its_tone(at: datetime, tone: str) -> None:
    due, warn = NOW + timedelta(hours=7), NOW + timedelta(hours=5)
    assert rules.clock_tone(due_at=due, warn_at=warn, now=at) == tone
    assert rules.clock_tone(due_at=None, warn_at=None, now=at) == ""


@pytest.mark.parametrize("state", list(QuestionState))
@pytest.mark.parametrize("action", list(QuestionAction))
def test_every_state_and_act_is_in_the_table_or_refused(state: QuestionState, action: QuestionAction) -> None:
    facts = QuestionFacts(rules.Addressee.MANUFACTURER)
    if (state, action) in STEPS:
        assert QUESTION.take(state, action, facts, lambda _permission: True) is STEPS[state, action].leads_to
    else:
        with pytest.raises(Refused):
            QUESTION.take(state, action, facts, lambda _permission: True)
    assert action in ACTIONS


def test_the_database_keeps_a_question_whole(house: House, expert: Person) -> None:
    asked = ask(house, make_order(house), expert)
    rows = ExpertQuestion.objects.filter(pk=asked.pk)
    for broken in (
        {"state": "answered"},
        {"answer": "x"},
        {"state": "lost"},
        {"expert": None},
        {"question": ""},
        {"state": "withdrawn", "ended_at": NOW},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**broken)


# Lists and pages


def test_orders_and_questions_are_filtered_by_the_answers_clock(house: House, expert: Person) -> None:
    order, quiet = make_order(house), make_order(house)
    asked = ask(house, order, expert)
    late = asked.due_at + timedelta(minutes=1)
    pressing = asked.warn_at + timedelta(minutes=1)

    def orders(question: str, at: datetime) -> list[str]:
        found = queries.list_orders(house.advisor, OrderFilter(question=question), now=at)
        return [each.number for each in found]

    assert orders("open", NOW) == [order.number]
    assert (orders("info", NOW), orders("danger", NOW)) == ([order.number], [])
    assert (orders("warning", pressing), orders("danger", late)) == ([order.number], [order.number])
    assert quiet.number not in orders("open", NOW)
    listed = queries.list_questions(house.advisor, QuestionFilter(clock="danger"), now=late)
    assert [each.number for each in listed] == [asked.number]
    assert not queries.list_questions(house.advisor, QuestionFilter(state="answered"), now=late)
    assert queries.row(RepairOrder.objects.get(pk=order.pk), late).question_tone == "danger"


def test_whose_questions_are_whose(house: House, expert: Person) -> None:
    other = make_person("李工", duty="technical_expert")
    mine = ask(house, make_order(house), expert)
    yours = ask(house, make_order(house), other)
    to_answer = queries.list_questions_to_answer(actor_of(expert))
    assert [each.number for each in to_answer] == [mine.number, yours.number]
    assert len(queries.list_questions_asked(house.technician, since=NOW)) == 2
    assert queries.list_questions_asked(house.advisor, since=NOW) == []
    for wanted, actor, expected in (("asked", house.technician, 2), ("to_answer", actor_of(expert), 1)):
        assert queries.list_questions(actor, QuestionFilter(mine=wanted), now=NOW).count() == expected


def test_the_way_of_a_question_through_the_pages(
    house: House, expert: Person, client_as: Callable[..., Any], monday: None
) -> None:
    order = make_order(house, fault="屏幕不亮")
    technician, answerer = client_as(house.technician_person), client_as(expert)
    address = reverse("workshop:ask_expert", args=[order.number])
    assert address in technician.get(reverse("workshop:order", args=[order.number])).content.decode()
    assert "孙工" in technician.get(address).content.decode()
    sent = {"to": f"person:{expert.pk}", "question": "量哪里？", "waits": "on"}
    page = technician.post(address, sent, follow=True)
    asked = ExpertQuestion.objects.get()
    assert page.redirect_chain == [(reverse("workshop:question", args=[asked.number]), 302)]
    assert "量哪里？" in answerer.get(reverse("desk:home")).content.decode()
    answer = answerer.post(reverse("workshop:answer_question", args=[asked.number]), {"answer": "量背光"}, follow=True)
    assert "量背光" in answer.content.decode()
    assert "量背光" in technician.get(reverse("workshop:order", args=[order.number])).content.decode()
    assert asked.number in technician.get(reverse("desk:home")).content.decode()
    listed = technician.get(reverse("workshop:questions"), {"state": "answered"}).content.decode()
    assert asked.number in listed


def test_a_form_with_a_mistake_comes_back_with_a_sentence(
    house: House, expert: Person, client_as: Callable[..., Any], monday: None
) -> None:
    order = make_order(house)
    technician = client_as(house.technician_person)
    for sent in ({"question": "？"}, {"to": "person:0", "question": "？"}, {"to": f"person:{expert.pk}"}):
        answer = technician.post(reverse("workshop:ask_expert", args=[order.number]), sent)
        assert answer.status_code == 422
    asked = ask(house, order, expert)
    answer = client_as(expert).post(reverse("workshop:answer_question", args=[asked.number]), {"answer": " "})
    assert answer.status_code == 422
    assert all_questions(order) == 1


def test_an_overdue_answer_is_seen_in_the_list_and_on_the_board(
    house: House, expert: Person, client_as: Callable[..., Any]
) -> None:
    asked = ask(house, make_order(house), expert)
    with time_machine.travel(asked.due_at + timedelta(hours=1)):
        browser = client_as(house.supervisor_person)
        for page in ("workshop:orders", "workshop:board", "workshop:questions"):
            assert "Answer overdue" in browser.get(reverse(page)).content.decode()
