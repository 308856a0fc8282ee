"""The quality check: point by point, by somebody else, and back to repair with what failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given, strategies as st

from aftersales.catalog import queries as catalog
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Refused
from aftersales.core.text import text
from aftersales.workshop import queries, services
from aftersales.workshop.models import QualityCheck, RepairOrder, StationRules
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules import checking
from aftersales.workshop.rules.checking import Verdict
from aftersales.workshop.rules.order import OrderState as S
from tests.factories.staff import NOW, make_person
from tests.factories.workshop import House, all_passed, make_house, make_order

LATER = NOW + timedelta(hours=5)
POINTS = {code: text(code) for code in ("fault-gone", "power", "clean")}
PASSED = all_passed("electronics")
answers = st.dictionaries(st.sampled_from(sorted(POINTS)), st.sampled_from(Verdict))


def found(given: dict[str, str], **more: Any) -> checking.Findings:
    return checking.read_findings(POINTS, answers=given, notes=more.get("notes", {}), note=more.get("note", ""))


def fresh(order: RepairOrder) -> RepairOrder:
    return RepairOrder.objects.get(pk=order.pk)


# The rule


@given(answers)
def test_it_passes_exactly_when_every_point_was_looked_at_none_failed_and_one_passed(given: dict[str, str]) -> None:
    should = given.keys() == POINTS.keys() and Verdict.FAILED not in given.values() and Verdict.PASSED in given.values()
    try:
        checking.check_passing(POINTS, found(given))
    except Invalid:
        assert not should
    else:
        assert should


@given(answers, st.text(max_size=5))
def test_it_fails_with_a_failed_point_or_a_word(given: dict[str, str], note: str) -> None:
    should = Verdict.FAILED in given.values() or bool(note.strip())
    try:
        checking.check_failing(found(given, note=note))
    except Invalid:
        assert not should
    else:
        assert should


@pytest.mark.parametrize(
    ("given", "notes"),
    [({"no-such-point": "passed"}, {}), ({"power": "perhaps"}, {}), ({}, {"no-such-point": "x"})],
)
def test_what_is_not_on_the_checklist_is_no_finding(given: dict[str, str], notes: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="Reload"):
        found(given, notes=notes)


def test_what_is_still_to_be_looked_at_is_named() -> None:
    with pytest.raises(Invalid, match="Still to be looked at: fault-gone, clean"):
        checking.check_passing(POINTS, found({"power": "passed"}))
    with pytest.raises(Invalid, match="Not in order: power"):
        checking.check_passing(POINTS, found({"power": "failed"}))


@given(person=st.none() | st.integers(1, 3), technician=st.none() | st.integers(1, 3), has=st.booleans())
def test_own_work_is_what_was_given_to_me_or_what_i_did(
    *, person: int | None, technician: int | None, has: bool
) -> None:
    is_own = checking.is_own_work(person_id=person, technician_id=technician, has_worked=has)
    assert is_own == (has or (person is not None and person == technician))


def test_every_point_of_every_trade_is_answered_with_a_verdict() -> None:
    for trade in catalog.list_trades():
        for point in trade.quality:
            assert [answer.code for answer in point.answers] == list(Verdict), (trade.code, point.code)


# The acts


@pytest.mark.django_db
def test_a_passed_check_keeps_every_verdict_whose_work_it_was_and_who_looked() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRED)
    services.pass_check(
        house.supervisor, number=order.number, answers=PASSED | {"safety": "not-applicable"}, note="好", now=LATER
    )
    check = QualityCheck.objects.get()
    assert (check.has_passed, check.answers["safety"], check.note) == (True, "not-applicable", "好")
    assert (check.technician, check.checked_by, fresh(order).state) == (house.technician_person, "刘敏", S.CHECKED)


@pytest.mark.django_db
def test_a_half_done_check_passes_nothing() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRED)
    half = dict(list(PASSED.items())[:3])
    with pytest.raises(Invalid, match="Still to be looked at"):
        services.pass_check(house.supervisor, number=order.number, answers=half, now=LATER)
    with pytest.raises(Invalid, match="Not in order"):
        services.pass_check(house.supervisor, number=order.number, answers=PASSED | {"power": "failed"}, now=LATER)
    assert (QualityCheck.objects.count(), fresh(order).state) == (0, S.REPAIRED)


@pytest.mark.django_db
def test_a_failed_check_goes_back_with_what_failed_and_nothing_is_asked_or_charged_again() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRED)
    line = order.lines.get()
    with pytest.raises(Invalid, match="Mark what is not in order"):
        services.fail_check(house.supervisor, number=order.number, note=" ", now=LATER)
    services.fail_check(
        house.supervisor, number=order.number, answers={"power": "failed"}, notes={"power": "充不进电"}, now=LATER
    )
    back = fresh(order)
    assert (back.state, back.rework_count, back.due_fen, back.agreed_count) == (S.REPAIRING, 1, 28000, 1)
    again = order.lines.get()
    assert (again.decision, again.done_at, again.amount_fen) == (line.decision, line.done_at, line.amount_fen)
    services.complete_order(house.technician, number=order.number, work_done="重做充电口", now=LATER)
    services.pass_check(house.supervisor, number=order.number, answers=PASSED, now=LATER)
    assert [check.has_passed for check in queries.list_checks(order)] == [True, False]
    assert (fresh(order).rework_count, fresh(order).promised_at) == (1, order.promised_at)


def both(person: Actor) -> Actor:
    """Somebody who may repair and check."""
    return replace(person, permissions=person.permissions | {str(Permission.CHECK), str(Permission.REPAIR)})


@pytest.mark.django_db
def test_nobody_checks_his_own_work_unless_the_station_says_so() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRED)
    for act in (services.pass_check, services.fail_check):
        with pytest.raises(Refused, match="worked on this unit yourself"):
            act(both(house.technician), number=order.number, answers=PASSED, note="x", now=LATER)
    assert QualityCheck.objects.count() == 0
    StationRules.objects.create(station=order.station, may_check_own_work=True)
    services.pass_check(both(house.technician), number=order.number, answers=PASSED, now=LATER)
    assert fresh(order).state == S.CHECKED


@pytest.mark.django_db
def test_who_reported_it_done_checks_it_as_little_as_who_has_it_now() -> None:
    house = make_house()
    order = make_order(house, S.REPAIRED)
    other = make_person("马新宇", duty="technician", station="NJ")
    services.assign_order(house.supervisor, number=order.number, technician_id=other.pk, now=LATER)
    with pytest.raises(Refused, match="worked on this unit yourself"):
        services.pass_check(both(house.technician), number=order.number, answers=PASSED, now=LATER)
    services.pass_check(house.supervisor, number=order.number, answers=PASSED, now=LATER)


# The pages


@pytest.fixture
def house(db: None) -> House:
    return make_house()


def typed(**verdicts: str) -> dict[str, str]:
    given = all_passed("electronics", **verdicts)
    return {f"point_{code}": verdict for code, verdict in given.items()}


def test_the_checklist_of_the_trade_is_answered_on_one_form_with_two_ways_out(
    house: House, client_as: Callable[..., Any]
) -> None:
    order = make_order(house, S.REPAIRED)
    address = reverse("workshop:order", args=[order.number])
    page = client_as(house.supervisor_person).get(address).content.decode()
    for point in catalog.get_trade("electronics").quality:
        assert f'name="point_{point.code}"' in page
    assert f'formaction="{reverse("workshop:fail_check", args=[order.number])}"' in page
    assert page.count("formnovalidate") == 1


def test_what_failed_stands_in_plain_sight_of_the_technician(house: House, client_as: Callable[..., Any]) -> None:
    order = make_order(house, S.REPAIRED)
    failing = typed(power="failed") | {"note_power": "充不进电", "note": "请复查"}
    answer = client_as(house.supervisor_person).post(reverse("workshop:fail_check", args=[order.number]), failing)
    assert answer.status_code == 302
    for name in ("order", "bench"):
        page = client_as(house.technician_person).get(reverse(f"workshop:{name}", args=[order.number]))
        assert [point.note for point in page.context["sent_back"].failed] == ["充不进电"]
        assert "充不进电" in page.content.decode()
        assert "请复查" in page.content.decode()


def test_a_refused_check_comes_back_as_it_was_answered(house: House, client_as: Callable[..., Any]) -> None:
    order = make_order(house, S.REPAIRED)
    given = typed(power="failed") | {"note_power": "充不进电"}
    answer = client_as(house.supervisor_person).post(reverse("workshop:pass_check", args=[order.number]), given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "充不进电" in page
    assert page.count(" checked") >= len(PASSED)
    assert (QualityCheck.objects.count(), fresh(order).state) == (0, S.REPAIRED)


def test_a_failing_that_says_nothing_comes_back_on_the_same_form(house: House, client_as: Callable[..., Any]) -> None:
    order = make_order(house, S.REPAIRED)
    answer = client_as(house.supervisor_person).post(reverse("workshop:fail_check", args=[order.number]), typed())
    assert answer.status_code == 422
    assert answer.context["main"].form.errors["note"]
    assert fresh(order).state == S.REPAIRED


def test_the_check_of_his_own_work_is_greyed_with_its_reason(house: House, client_as: Callable[..., Any]) -> None:
    person = make_person("周建华", duty="service_manager", station="NJ")
    order = make_order(house, S.REPAIRED)
    services.assign_order(house.supervisor, number=order.number, technician_id=person.pk, now=LATER)
    page = client_as(person).get(reverse("workshop:order", args=[order.number])).content.decode()
    assert "You worked on this unit yourself" in page
    assert 'name="point_power"' not in page


def test_a_checklist_that_changed_meanwhile_is_told_so(house: House, client_as: Callable[..., Any]) -> None:
    order = make_order(house, S.REPAIRED)
    with pytest.raises(Invalid, match="checklist has changed"):
        services.pass_check(house.supervisor, number=order.number, answers=PASSED | {"gone": "passed"}, now=LATER)
    assert QualityCheck.objects.count() == 0
