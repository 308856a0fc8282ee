"""Similar cases: which are offered, to whom, and what is said about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from aftersales.core import search_near
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import NotPermitted
from aftersales.workshop import queries, services
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules.order import OrderState as S
from aftersales.workshop.rules.similar import Outcome
from tests.factories.staff import NOW, actor_of, make_manager, make_person
from tests.factories.workshop import House, make_house, make_order

FAULT = "屏幕不亮，按键失灵"


@pytest.fixture(autouse=True)
def fresh_sample() -> None:
    search_near.forget_sample()


@pytest.fixture
def house(db: None) -> House:
    return make_house()


@pytest.fixture
def monday() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=2)):
        yield


def bring_in(station: str, *rows: dict[str, str]) -> None:
    full = [
        {
            "id": f"{station}-{number}",
            "product_category": "Mobile",
            "brand": "Nokia",
            "partner_product_category": "phone",
            "problem": "Screen dark, keys dead",
            "repair_status": "Fixed",
            "event_date": "2020-05-31",
        }
        | row
        for number, row in enumerate(rows)
    ]
    services.bring_in_past_repairs(SYSTEM, station=station, source="test", rows=full, now=NOW)


def similar(house: House, order: RepairOrder, **options: Any) -> queries.Similar:
    return queries.list_similar_cases(house.technician, queries.get_order(house.technician, order.number), **options)


def urls(found: queries.Similar) -> list[str]:
    return [case.url for case in found.cases]


def page_of(order: RepairOrder) -> str:
    return reverse("workshop:order", args=[order.number])


def test_a_finished_order_with_the_same_fault_is_offered_with_what_fixed_it(house: House) -> None:
    before = make_order(house, S.CLOSED, fault=FAULT)
    make_order(house, S.CLOSED, fault="充不进电，尾插松动")
    found = similar(house, make_order(house, fault="按键失灵，屏幕不亮"))
    assert urls(found) == [page_of(before)]
    case = found.cases[0]
    assert case.outcome is Outcome.FIXED
    assert case.done == "屏幕排线断\n换屏幕总成,测试正常"
    assert found.tally.similar == found.tally.fixed == 1


@pytest.mark.parametrize("state", [S.RECEIVED, S.DIAGNOSED, S.REPAIRING, S.READY, S.CANCELLED])
def test_what_is_not_finished_teaches_nothing_yet(house: House, state: S) -> None:
    make_order(house, state, fault=FAULT)
    order = make_order(house, fault=FAULT)
    assert similar(house, order).cases == similar(house, order, symptoms=["buttons"]).cases == []


def test_a_declined_repair_is_told_as_declined(house: House) -> None:
    before = make_order(house, S.DECLINED, fault=FAULT)
    services.hand_over_order(house.advisor, number=before.number, taken_by="陈静", now=NOW + timedelta(hours=1))
    found = similar(house, make_order(house, fault=FAULT))
    assert [case.outcome for case in found.cases] == [Outcome.DECLINED]
    assert found.tally.fixed == 0


def test_a_fault_that_came_back_is_said_so_with_the_order_it_came_back_under(house: House) -> None:
    before, after = make_order(house, S.CLOSED, fault=FAULT), make_order(house, fault="别的")
    RepairOrder.objects.filter(pk=after.pk).update(repeat_of=before)
    found = similar(house, make_order(house, fault=FAULT))
    assert [(case.outcome, case.came_back) for case in found.cases] == [(Outcome.CAME_BACK, after.number)]
    assert found.tally.fixed == 0


def test_the_remedy_that_helped_most_is_named_and_its_picks_come_along(house: House) -> None:
    for remedy in ("screen", "screen", "flex"):
        order = make_order(house, S.CLOSED, fault=FAULT)
        RepairOrder.objects.filter(pk=order.pk).update(remedy=remedy, cause="flex")
    found = similar(house, make_order(house, fault=FAULT))
    assert [(str(label), count) for label, count in found.remedies] == [
        ("Screen assembly replaced", 2),
        ("Flex cable replaced or seated anew", 1),
    ]
    assert found.cases[0].picks.startswith('{"cause": "flex", "remedy": ')


def test_the_same_symptom_finds_cases_told_in_other_words(house: House) -> None:
    before = make_order(house, S.RECEIVED, fault="摔了一下就坏了")
    services.diagnose_order(house.technician, number=before.number, diagnosis="屏裂", symptoms=["touch"], now=NOW)
    RepairOrder.objects.filter(pk=before.pk).update(state=S.CLOSED.value, work_done="换屏", handed_over_at=NOW)
    order = make_order(house, fault="点哪里都没反应")
    assert urls(similar(house, order)) == []
    assert urls(similar(house, order, symptoms=["touch"])) == [page_of(before)]


def test_repair_history_is_offered_across_languages_by_the_name_of_the_symptom(house: House) -> None:
    bring_in("NJ", {"problem": "Screen broken"}, {"problem": "Antenna lost", "product_category": "Radio"})
    found = similar(house, make_order(house, fault="碎屏"))
    assert [(case.told, case.outcome) for case in found.cases] == [("Screen broken", Outcome.FIXED)]


def test_the_outcomes_of_repair_history_are_counted(house: House) -> None:
    bring_in(
        "NJ",
        *({"problem": "Battery swollen", "repair_status": status} for status in ("Fixed", "End of life", "Repairable")),
    )
    found = similar(house, make_order(house, fault="Battery is swollen"))
    assert {info.label.source: count for info, count in found.outcomes} == {
        "Fixed": 1,
        "End of life": 1,
        "Repairable, not yet repaired": 1,
    }


def test_a_nearer_unit_comes_first(house: House) -> None:
    bring_in("NJ", {"problem": "Battery swollen", "product_category": "Laptop"}, {"problem": "Battery swollen"})
    found = similar(house, make_order(house, fault="battery swollen"))
    assert ["Mobile" in case.title for case in found.cases] == [True, False]


def test_nobody_is_offered_another_stations_cases(house: House) -> None:
    far = make_house("WX")
    make_order(far, S.CLOSED, fault=FAULT)
    bring_in("WX", {"problem": FAULT})
    here = make_order(house, fault=FAULT)
    assert similar(house, here).cases == []
    boss = actor_of(make_manager())
    assert len(queries.list_similar_cases(boss, queries.get_order(boss, here.number)).cases) == 2


def test_a_fault_that_came_back_elsewhere_is_not_told_to_this_station(house: House) -> None:
    before = make_order(house, S.CLOSED, fault=FAULT)
    away = make_order(make_house("WX"))
    RepairOrder.objects.filter(pk=away.pk).update(repeat_of=before)
    assert [case.came_back for case in similar(house, make_order(house, fault=FAULT)).cases] == [""]


def test_without_the_permission_to_see_orders_nothing_is_read(house: House) -> None:
    order = make_order(house, fault=FAULT)
    guard = actor_of(make_person("门卫", duty="gate_guard"))
    make_order(house, S.CLOSED, fault=FAULT)
    try:
        found = queries.list_similar_cases(guard, order)
    except NotPermitted:
        return
    assert found.cases == []


def test_the_order_itself_is_not_its_own_similar_case(house: House) -> None:
    order = make_order(house, S.CLOSED, fault=FAULT)
    assert similar(house, order).cases == []


def test_an_answered_question_is_offered_and_an_open_one_is_not(house: House) -> None:
    expert = make_person("孙工", duty="technical_expert")
    before = make_order(house, fault=FAULT)
    asked = services.ask_expert(
        house.technician, number=before.number, question="屏幕不亮如何判断排线", expert_id=expert.pk, now=NOW
    )
    order = make_order(house, fault=FAULT)
    assert similar(house, order).cases == []
    services.answer_question(actor_of(expert), number=asked.number, answer="量背光供电三十伏", now=NOW)
    found = similar(house, order)
    assert [(case.outcome, case.done) for case in found.cases] == [(Outcome.ADVICE, "量背光供电三十伏")]
    assert found.cases[0].url == reverse("workshop:question", args=[asked.number])


def test_the_part_for_the_order_page_and_the_whole_page(
    house: House, client_as: Callable[..., Any], monday: None
) -> None:
    for _number in range(10):
        make_order(house, S.CLOSED, fault=FAULT)
    order = make_order(house, fault=FAULT)
    browser, address = client_as(house.technician_person), reverse("workshop:similar", args=[order.number])
    part = browser.get(address, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part
    assert part.count('class="similar-case"') == 8
    assert 'data-insert="id_diagnose_diagnosis"' in part
    whole = browser.get(address).content.decode()
    assert whole.count('class="similar-case"') == 10
    assert "?wording=" in whole


def test_the_wording_is_offered_only_to_those_who_write_the_diagnosis_now(
    house: House, client_as: Callable[..., Any], monday: None
) -> None:
    make_order(house, S.CLOSED, fault=FAULT)
    new, begun = make_order(house, fault=FAULT), make_order(house, S.DIAGNOSED, fault=FAULT)
    for person, order in ((house.advisor_person, new), (house.technician_person, begun)):
        page = client_as(person).get(reverse("workshop:similar", args=[order.number])).content.decode()
        assert "similar-case" in page
        assert "?wording=" not in page


def test_another_stations_order_has_no_similar_page_for_us(
    house: House, client_as: Callable[..., Any], monday: None
) -> None:
    away = make_order(make_house("WX"))
    answer = client_as(house.technician_person).get(reverse("workshop:similar", args=[away.number]))
    assert answer.status_code == 404
