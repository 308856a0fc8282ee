"""What is left to a station, and the units that nobody fetches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given, strategies as st

from aftersales.core.errors import Conflict, Invalid, Missing, NotPermitted
from aftersales.core.models import JournalEntry
from aftersales.workshop import queries, services
from aftersales.workshop.models import Contact, RepairOrder, StationRules
from aftersales.workshop.queries import OrderFilter
from aftersales.workshop.rules.house import DEFAULTS, unclaimed_before
from aftersales.workshop.rules.order import OrderState as S
from tests.factories.staff import NOW
from tests.factories.workshop import House, make_house, make_order

ZONE = "Asia/Shanghai"
RULES: dict[str, Any] = {
    "quotation_days": 20, "repeat_days": 60, "repair_warranty_days": 180, "unclaimed_days": 3,
    "pauses_for": ["parts"], "may_check_own_work": True,
}  # fmt: skip


@given(st.integers(0, 40 * 24), st.integers(1, 30))
def test_a_unit_is_unclaimed_from_the_start_of_the_day_so_many_days_later(hours: int, days: int) -> None:
    ready = NOW - timedelta(hours=hours)
    lain = (NOW.astimezone(ZoneInfo(ZONE)).date() - ready.astimezone(ZoneInfo(ZONE)).date()).days
    assert (ready < unclaimed_before(NOW, zone=ZONE, days=days)) == (lain >= days)


@pytest.fixture
def house(db: None) -> House:
    return make_house()


def edit(house: House, *, version: int = 0, now: datetime = NOW, **more: Any) -> StationRules:
    return services.edit_house_rules(house.supervisor, code="NJ", version=version, now=now, **(RULES | more))


def test_the_rules_of_a_station_are_changed_and_the_journal_keeps_both(house: House) -> None:
    edit(house)
    row = StationRules.objects.get()
    assert (row.version, row.rules().quotation_days, row.rules().pauses_for) == (1, 20, {"parts"})
    (entry,) = queries.journal_of_rules(house.supervisor, "NJ")
    assert ((entry.before or {})["unclaimed_days"], (entry.after or {})["unclaimed_days"]) == (7, 3)


def test_two_who_change_the_rules_see_each_other(house: House) -> None:
    edit(house)
    with pytest.raises(Conflict) as refused:
        edit(house, quotation_days=30)
    assert [str(each.theirs) for each in refused.value.differences] == ["20"]
    assert StationRules.objects.get().quotation_days == 20


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quotation_days": 0}, "quotation_days"),
        ({"repeat_days": 731}, "repeat_days"),
        ({"unclaimed_days": 400}, "unclaimed_days"),
        ({"repair_warranty_days": -1}, "repair_warranty_days"),
        ({"pauses_for": ["weather"]}, "pauses_for"),
    ],
)
def test_days_that_no_house_means_are_refused(house: House, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        edit(house, **wrong)
    assert refused.value.field == field
    assert StationRules.objects.count() == 0


def test_neither_an_advisor_nor_another_station_changes_the_rules(house: House) -> None:
    other, entries = make_house("SZ"), JournalEntry.objects.count()
    with pytest.raises(NotPermitted):
        services.edit_house_rules(house.advisor, code="NJ", version=0, now=NOW, **RULES)
    with pytest.raises(Missing):
        services.edit_house_rules(other.supervisor, code="NJ", version=0, now=NOW, **RULES)
    assert (StationRules.objects.count(), JournalEntry.objects.count()) == (0, entries)


def test_the_rules_page_shows_explains_and_changes_them(house: House, client_as: Callable[..., Any]) -> None:
    browser = client_as(house.supervisor_person)
    assert browser.get(reverse("workshop:house_rules")).status_code == 200
    address = reverse("workshop:edit_house_rules", args=["NJ"])
    assert "Article 九" in browser.get(address).content.decode()
    sent = RULES | {"version": 0, "may_check_own_work": "on"}
    assert browser.post(address, sent | {"quotation_days": 999}).status_code == 422
    assert browser.post(address, sent).status_code == 302
    assert StationRules.objects.get().rules() != DEFAULTS
    assert "<s>7</s> <b>3</b>" in browser.get(address).content.decode()


def test_the_stations_page_leads_to_its_rules_for_whoever_may_change_them(
    house: House, client_as: Callable[..., Any]
) -> None:
    station, rules = reverse("staff:station", args=["NJ"]), reverse("workshop:edit_house_rules", args=["NJ"])
    assert rules in client_as(house.supervisor_person).get(station).content.decode()
    assert rules not in client_as(house.advisor_person).get(station).content.decode()


def unfetched(house: House) -> tuple[RepairOrder, RepairOrder]:
    return make_order(house, S.READY), make_order(house, S.HANDED_OVER)


def test_what_is_not_fetched_is_listed_with_its_days_and_the_last_call(house: House) -> None:
    order, _gone = unfetched(house)
    assert queries.list_unclaimed(house.advisor, now=NOW + timedelta(days=6)) == []
    later = NOW + timedelta(days=8)
    ask = {"number": order.number, "way": "telephone", "reached": "陈静", "reason": "pick_up", "now": later}
    services.contact_customer(house.advisor, **ask)
    (row,) = queries.list_unclaimed(house.advisor, now=later)
    assert (row.order, row.days, row.times) == (order, 8, 1)
    assert row.asked == Contact.objects.latest("pk")
    assert queries.count_unclaimed(house.advisor, now=later) == 1
    narrowed = queries.list_orders(house.advisor, OrderFilter(again="unclaimed"), now=later)
    assert [each.number for each in narrowed] == [order.number]


def test_each_station_counts_its_own_days_and_sees_its_own_units(house: House) -> None:
    other = make_house("SZ")
    unfetched(house)
    edit(house)
    soon = NOW + timedelta(days=4)
    assert queries.count_unclaimed(house.advisor, now=soon) == 1
    assert queries.count_unclaimed(other.advisor, now=NOW + timedelta(days=40)) == 0


def test_the_list_asks_and_the_home_page_counts(house: House, client_as: Callable[..., Any]) -> None:
    order, _gone = unfetched(house)
    with time_machine.travel(NOW + timedelta(days=9)):
        browser = client_as(house.advisor_person)
        assert order.number in browser.get(reverse("workshop:unclaimed")).content.decode()
        assert browser.get(reverse("desk:home")).context["unclaimed"] == 1
        asked = {"way": "telephone", "reached": "陈静", "note": "明天来"}
        answer = browser.post(reverse("workshop:ask_to_fetch", args=[order.number]), asked)
        assert answer.status_code == 302
        assert "明天来" in browser.get(reverse("workshop:unclaimed")).content.decode()
        stranger = client_as(make_house("SZ").advisor_person)
        assert stranger.post(reverse("workshop:ask_to_fetch", args=[order.number]), asked).status_code == 404
    assert Contact.objects.filter(reason="pick_up").count() == 1


def test_the_list_narrows_to_what_came_back_and_what_the_check_sent_back(house: House) -> None:
    order = make_order(house, S.REPAIRED)
    services.fail_check(house.supervisor, number=order.number, note="异响", now=NOW + timedelta(hours=2))
    found = queries.list_orders(house.advisor, OrderFilter(again="rework"), now=NOW)
    assert [each.number for each in found] == [order.number]
    assert not queries.list_orders(house.advisor, OrderFilter(again="repeat"), now=NOW)
