"""The diagnosis: picks from the trade's lists, words, and what is kept of both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from aftersales.catalog import queries as catalog
from aftersales.core import journal, search
from aftersales.core.errors import Invalid
from aftersales.workshop import queries, services
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.queries import OrderFilter
from aftersales.workshop.rules import diagnosis as rules
from aftersales.workshop.rules.order import OrderState as S
from tests.factories.staff import NOW
from tests.factories.workshop import House, make_house, make_order

PHONES = catalog.get_trade("electronics")


@pytest.fixture
def house(db: None) -> House:
    return make_house()


@pytest.fixture
def monday() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=2)):
        yield


def test_picks_are_kept_once_and_in_the_order_of_the_list() -> None:
    picks = rules.read_picks(PHONES, symptoms=["touch", "display", "touch"], cause="flex", remedy="flex")
    assert picks == rules.Picks(("display", "touch"), "flex", "flex")


@pytest.mark.parametrize(
    ("picked", "field"),
    [
        ({"symptoms": ["overheating"]}, "symptoms"),
        ({"cause": "piston-rings"}, "cause"),
        ({"remedy": "weld"}, "remedy"),
        ({"symptoms": [fault.code for fault in PHONES.faults[:9]]}, "symptoms"),
    ],
)
def test_what_is_not_on_the_trades_list_or_too_much_is_refused(picked: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.read_picks(PHONES, **{"symptoms": (), "cause": "", "remedy": ""} | picked)
    assert refused.value.field == field


def test_cause_and_remedy_make_words_and_other_alone_makes_none() -> None:
    with translation.override("zh-hans"):
        assert rules.in_words(PHONES, rules.Picks((), "flex", "flex")) == "排线断裂或松脱；更换或重插排线"
        assert rules.in_words(PHONES, rules.Picks((), "flex")) == "排线断裂或松脱"
    assert rules.in_words(PHONES, rules.Picks((), "other", "other")) == ""
    assert rules.in_words(PHONES, rules.Picks(("touch",))) == ""


def test_what_usually_belongs_to_the_symptom_comes_first_and_nothing_is_lost() -> None:
    ordered = rules.usual_first(PHONES.causes, ["liquid"])
    assert ordered[0].code == "corrosion"
    assert sorted(item.code for item in ordered) == sorted(item.code for item in PHONES.causes)


def test_a_diagnosis_keeps_picks_and_words_and_is_found_by_them(house: House) -> None:
    order = make_order(house, fault="摔过一次")
    done = services.diagnose_order(
        house.technician,
        number=order.number,
        diagnosis="排线脱落",
        symptoms=["touch"],
        cause="flex",
        remedy="flex",
        now=NOW + timedelta(minutes=5),
    )
    assert (done.state, done.symptoms, done.cause, done.remedy) == (S.DIAGNOSED, ["touch"], "flex", "flex")
    assert search.keys(house.technician, "order", "排线脱落") == [order.number]
    entry = journal.entries_of("order", order.number)[0]
    assert entry.after is not None
    assert entry.after["symptoms"] == ["touch"]
    assert entry.after["cause"] == "flex"


def test_picks_alone_are_a_diagnosis_in_the_writers_language(house: House) -> None:
    order = make_order(house)
    with translation.override("zh-hant"):
        done = services.diagnose_order(
            house.technician, number=order.number, cause="battery-aged", remedy="battery", now=NOW
        )
    assert done.diagnosis == "電池老化；更換電池"


@pytest.mark.parametrize(
    "facts", [{}, {"diagnosis": "  "}, {"symptoms": ["touch"]}, {"cause": "nonsense"}, {"cause": "other"}]
)
def test_a_diagnosis_that_says_nothing_or_picks_what_does_not_exist_changes_nothing(
    house: House, facts: dict[str, Any]
) -> None:
    order = make_order(house)
    with pytest.raises(Invalid):
        services.diagnose_order(house.technician, number=order.number, now=NOW, **facts)
    order.refresh_from_db()
    assert (order.state, order.diagnosis, order.symptoms, order.version) == (S.RECEIVED, "", [], 1)


def test_reporting_done_sets_cause_and_remedy_right_or_leaves_them(house: House) -> None:
    order = make_order(house, S.REPAIRING)
    RepairOrder.objects.filter(pk=order.pk).update(cause="flex", remedy="flex")
    kept = services.complete_order(house.technician, number=order.number, work_done="重插排线", now=NOW)
    assert (kept.cause, kept.remedy) == ("flex", "flex")
    other = make_order(house, S.REPAIRING)
    mended = services.complete_order(
        house.technician,
        number=other.number,
        work_done="换总成",
        cause="screen-assembly",
        remedy="screen",
        now=NOW,
    )
    assert (mended.cause, mended.remedy) == ("screen-assembly", "screen")
    assert search.keys(house.technician, "order", "换总成") == [other.number]


def test_reporting_done_with_a_remedy_that_does_not_exist_changes_nothing(house: House) -> None:
    order = make_order(house, S.REPAIRING)
    with pytest.raises(Invalid):
        services.complete_order(house.technician, number=order.number, work_done="好", remedy="weld", now=NOW)
    order.refresh_from_db()
    assert (order.state, order.work_done) == (S.REPAIRING, "")


def test_orders_are_filtered_by_symptom_within_the_readers_stations(house: House) -> None:
    touch, other = make_order(house), make_order(house)
    far = make_house("WX")
    away = make_order(far)
    for one, technician, symptom in (
        (touch, house.technician, "touch"),
        (other, house.technician, "display"),
        (away, far.technician, "touch"),
    ):
        services.diagnose_order(technician, number=one.number, diagnosis="x", symptoms=[symptom], now=NOW)
    wanted = OrderFilter(symptom="electronics/touch")
    assert [order.number for order in queries.list_orders(house.advisor, wanted, now=NOW)] == [touch.number]
    assert not queries.list_orders(house.advisor, OrderFilter(symptom="agri/touch"), now=NOW)


def test_symptoms_are_suggested_from_the_customers_words(house: House) -> None:
    assert queries.symptoms_of(make_order(house, fault="進水後觸控失靈")) == ["touch", "liquid"]
    assert queries.symptoms_of(make_order(house, fault="别的")) == []


def test_the_order_page_offers_picks_and_shows_them_afterwards(
    house: House, client_as: Callable[..., Any], monday: None
) -> None:
    order = make_order(house, fault="触摸失灵")
    browser = client_as(house.technician_person)
    address = reverse("workshop:order", args=[order.number])
    page = browser.get(address).content.decode()
    assert 'name="cause"' in page
    ticked = re.findall(r'<input[^>]*name="symptoms"[^>]*checked[^>]*>', page)
    assert [re.findall('value="(.*?)"', box)[0] for box in ticked] == ["touch"]
    sent = {"symptoms": ["touch"], "cause": "flex", "remedy": "flex", "diagnosis": ""}
    answer = browser.post(reverse("workshop:diagnose", args=[order.number]), sent, follow=True)
    shown = answer.content.decode()
    assert answer.redirect_chain == [(address, 302)]
    for words in (PHONES.cause("flex").label, PHONES.fault("touch").label):
        assert str(words) in shown


def test_a_refused_diagnosis_comes_back_as_it_was_sent(
    house: House, client_as: Callable[..., Any], monday: None
) -> None:
    order = make_order(house)
    sent = {"symptoms": ["touch"], "diagnosis": ""}
    answer = client_as(house.technician_person).post(reverse("workshop:diagnose", args=[order.number]), sent)
    assert answer.status_code == 422
    assert RepairOrder.objects.get(pk=order.pk).state == S.RECEIVED


def test_words_taken_from_a_similar_case_stand_in_the_form(
    house: House, client_as: Callable[..., Any], monday: None
) -> None:
    order = make_order(house)
    address = reverse("workshop:order", args=[order.number])
    page = client_as(house.technician_person).get(address, {"wording": "换电池<b>"}).content.decode()
    assert "换电池&lt;b&gt;</textarea>" in page
