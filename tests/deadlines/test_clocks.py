from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from aftersales.core import journal
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Invalid, Missing, Refused
from aftersales.deadlines import queries, services
from aftersales.deadlines.events import ClockPaused, ClockResumed, ClockStarted, ClockStopped, DeadlineMoved
from aftersales.deadlines.models import Clock, Pause

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars_installed")]


@pytest.fixture
def monday(shanghai):
    return shanghai(2026, 11, 23, 10, 0)


@pytest.fixture
def start(monday):
    def begin(subject="RO-NJ-2026-000001", **facts):
        wanted = {"rule": "repair", "calendar": "CN", "started_at": monday, "scope": "NJ", "now": monday}
        return services.start_clock(SYSTEM, subject=subject, **(wanted | facts))

    return begin


def test_start_clock_promises_three_working_days(start, shanghai, heard):
    clock = start()
    assert clock.due_at == shanghai(2026, 11, 26, 18, 0)
    assert clock.warn_at == shanghai(2026, 11, 25, 18, 0)
    assert str(clock.label) == "Hand back the repaired unit"
    assert clock.warnings == ()
    assert heard == [ClockStarted(clock.id, "RO-NJ-2026-000001", "repair", "NJ", clock.due_at)]
    assert [entry.act for entry in journal.entries_of("clock", "RO-NJ-2026-000001")] == ["start_clock"]


def test_start_clock_takes_another_amount(start, shanghai):
    clock = start(unit="hours", amount=24, warn_before=4)
    assert clock.due_at == shanghai(2026, 11, 24, 10, 0)
    assert clock.warn_at == shanghai(2026, 11, 24, 6, 0)


def test_start_clock_says_when_it_rests_on_a_year_without_data(start, shanghai):
    clock = start(started_at=shanghai(2026, 12, 30, 10, 0))
    (said,) = clock.warnings
    assert "The holidays of 2027 are not announced yet" in str(said)
    assert queries.get_clock(subject=clock.subject, rule="repair").warnings == clock.warnings


def test_it_refuses_a_second_clock_for_the_same_promise(start, heard):
    start()
    with pytest.raises(Refused, match="runs for RO-NJ-2026-000001 already"):
        start()
    assert Clock.objects.count() == 1
    assert len(heard) == 1


def test_the_database_itself_refuses_a_second_running_clock(start):
    clock = Clock.objects.get(pk=start().id)
    clock.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        clock.save(force_insert=True)


def test_a_stopped_clock_makes_room_for_another(start, monday):
    first = start()
    services.stop_clock(SYSTEM, clock_id=first.id, now=monday)
    second = start()
    assert queries.get_clock(subject=first.subject, rule="repair").id == second.id


def test_it_refuses_a_calendar_that_does_not_exist(start):
    with pytest.raises(Missing, match="no calendar"):
        start(calendar="XX")
    assert not Clock.objects.exists()


def test_it_refuses_an_unknown_rule_without_an_amount(start):
    with pytest.raises(Invalid, match="no rule"):
        start(rule="unheard")
    assert not Clock.objects.exists()


def test_it_refuses_to_run_a_clock_in_rings(start):
    with pytest.raises(Invalid, match="cannot be worked out"):
        start(rule="telephone")


def test_pause_clock_keeps_reason_and_owner(start, shanghai, heard):
    clock = start()
    at = shanghai(2026, 11, 24, 10, 0)
    paused = services.pause_clock(SYSTEM, clock_id=clock.id, reason="parts", owner="刘洋", note="屏幕", now=at)
    assert paused.is_paused
    assert str(paused.pause_reason) == "waiting for parts (屏幕)"
    assert paused.pause_owner == "刘洋"
    assert paused.due_at == clock.due_at
    assert isinstance(heard[-1], ClockPaused)
    assert journal.entries_of("clock", clock.subject)[0].act == "pause_clock"


def test_resume_clock_moves_the_due_instant_and_says_so(start, shanghai, heard):
    clock = start()
    services.pause_clock(SYSTEM, clock_id=clock.id, reason="approval", owner="王芳", now=shanghai(2026, 11, 24, 10, 0))
    resumed = services.resume_clock(SYSTEM, clock_id=clock.id, now=shanghai(2026, 11, 25, 15, 0))
    assert not resumed.is_paused
    assert resumed.due_at == shanghai(2026, 11, 27, 18, 0)
    assert resumed.warn_at == shanghai(2026, 11, 26, 18, 0)
    assert [type(event) for event in heard[-2:]] == [ClockResumed, DeadlineMoved]
    assert (heard[-1].due_before, heard[-1].due_after) == (clock.due_at, resumed.due_at)
    entry = journal.entries_of("clock", clock.subject)[0]
    assert entry.act == "resume_clock"
    assert entry.before["due_at"] != entry.after["due_at"]


def test_a_pause_that_costs_nothing_moves_nothing(start, shanghai, heard):
    clock = start()
    services.pause_clock(SYSTEM, clock_id=clock.id, reason="approval", owner="王芳", now=shanghai(2026, 11, 24, 10))
    resumed = services.resume_clock(SYSTEM, clock_id=clock.id, now=shanghai(2026, 11, 24, 15))
    assert resumed.due_at == clock.due_at
    assert isinstance(heard[-1], ClockResumed)


def test_it_refuses_to_pause_twice(start, shanghai):
    clock = start()
    at = shanghai(2026, 11, 24, 10, 0)
    services.pause_clock(SYSTEM, clock_id=clock.id, reason="parts", owner="刘洋", now=at)
    with pytest.raises(Refused, match="paused already"):
        services.pause_clock(SYSTEM, clock_id=clock.id, reason="customer", owner="王芳", now=at)
    assert Pause.objects.count() == 1


def test_the_database_itself_refuses_a_second_open_pause(start, monday):
    clock = start()
    Pause.objects.create(clock_id=clock.id, reason="parts", owner="刘洋", started_at=monday)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pause.objects.create(clock_id=clock.id, reason="parts", owner="刘洋", started_at=monday)


def test_the_database_itself_refuses_a_pause_that_ends_before_it_begins(start, monday):
    with pytest.raises(IntegrityError), transaction.atomic():
        Pause.objects.create(
            clock_id=start().id,
            reason="parts",
            owner="刘洋",
            started_at=monday,
            ended_at=monday - timedelta(seconds=1),
        )


@pytest.mark.parametrize(("reason", "owner"), [("lunch", "刘洋"), ("parts", "  ")])
def test_it_refuses_a_pause_without_reason_or_owner(start, monday, heard, reason, owner):
    clock = start()
    with pytest.raises(Invalid):
        services.pause_clock(SYSTEM, clock_id=clock.id, reason=reason, owner=owner, now=monday)
    assert not Pause.objects.exists()
    assert len(heard) == 1


def test_it_refuses_to_resume_what_is_not_paused(start, monday):
    with pytest.raises(Refused, match="not paused"):
        services.resume_clock(SYSTEM, clock_id=start().id, now=monday)


def test_stop_clock_says_whether_the_promise_was_kept(start, shanghai, heard):
    clock = start()
    stopped = services.stop_clock(SYSTEM, clock_id=clock.id, now=shanghai(2026, 11, 26, 18, 0))
    assert stopped.was_kept is True
    assert heard[-1] == ClockStopped(clock.id, clock.subject, "repair", "NJ", stopped.stopped_at, was_kept=True)
    late = start(subject="RO-NJ-2026-000002")
    assert services.stop_clock(SYSTEM, clock_id=late.id, now=shanghai(2026, 11, 26, 18, 1)).was_kept is False


def test_stopping_a_paused_clock_ends_the_pause_and_counts_it(start, shanghai):
    clock = start()
    services.pause_clock(SYSTEM, clock_id=clock.id, reason="customer", owner="王芳", now=shanghai(2026, 11, 24, 10))
    stopped = services.stop_clock(SYSTEM, clock_id=clock.id, now=shanghai(2026, 11, 27, 9))
    assert stopped.due_at == shanghai(2026, 12, 1, 18, 0)
    assert stopped.was_kept is True
    assert Pause.objects.get().ended_at == shanghai(2026, 11, 27, 9)


@pytest.mark.parametrize("act", ["stop_clock", "resume_clock"])
def test_it_refuses_to_move_a_stopped_clock(start, monday, act):
    clock = start()
    services.stop_clock(SYSTEM, clock_id=clock.id, now=monday)
    with pytest.raises(Refused, match="has been stopped"):
        getattr(services, act)(SYSTEM, clock_id=clock.id, now=monday)


def test_a_clock_that_does_not_exist_is_missing(monday):
    with pytest.raises(Missing):
        services.stop_clock(SYSTEM, clock_id=99, now=monday)
    with pytest.raises(Missing):
        queries.get_clock(subject="nothing", rule="repair")
    assert queries.find_clock(subject="nothing", rule="repair") is None


def test_the_tone_goes_from_success_over_warning_to_danger(start, shanghai):
    clock = start()
    assert clock.tone(shanghai(2026, 11, 25, 17, 59)) == "success"
    assert clock.tone(shanghai(2026, 11, 25, 18, 0)) == "warning"
    assert clock.tone(shanghai(2026, 11, 26, 18, 0)) == "warning"
    assert clock.tone(shanghai(2026, 11, 26, 18, 1)) == "danger"


def test_a_stopped_clock_is_neutral(start, shanghai):
    clock = services.stop_clock(SYSTEM, clock_id=start().id, now=shanghai(2026, 11, 30, 9))
    assert clock.tone(shanghai(2026, 12, 30, 9)) == "neutral"


def test_no_time_passes_for_a_paused_clock_but_late_stays_late(start, shanghai):
    clock = start()
    in_time = services.pause_clock(
        SYSTEM, clock_id=clock.id, reason="parts", owner="刘洋", now=shanghai(2026, 11, 24, 9)
    )
    assert in_time.tone(shanghai(2026, 12, 24, 9)) == "info"
    other = start(subject="RO-NJ-2026-000002")
    late = services.pause_clock(SYSTEM, clock_id=other.id, reason="parts", owner="刘洋", now=shanghai(2026, 11, 30, 9))
    assert late.tone(shanghai(2026, 12, 24, 9)) == "danger"


def test_list_clocks_is_one_query(start, shanghai, django_assert_num_queries):
    for number in range(3):
        start(subject=f"RO-{number}")
    paused = queries.get_clock(subject="RO-1", rule="repair")
    services.pause_clock(SYSTEM, clock_id=paused.id, reason="parts", owner="刘洋", now=shanghai(2026, 11, 24, 9))
    with django_assert_num_queries(1):
        found = queries.list_clocks(["RO-0", "RO-1", "RO-2", "RO-9"])
    assert sorted(found) == ["RO-0", "RO-1", "RO-2"]
    assert [found[subject].is_paused for subject in sorted(found)] == [False, True, False]
    assert found["RO-1"].pause_owner == "刘洋"


def test_of_several_clocks_of_a_subject_the_running_one_due_first_is_shown(start, monday):
    start()
    soon = start(rule="parts_delivery")
    assert queries.list_clocks([soon.subject])[soon.subject].id == soon.id
    services.stop_clock(SYSTEM, clock_id=soon.id, now=monday)
    assert queries.list_clocks([soon.subject])[soon.subject].rule == "repair"
    assert queries.list_clocks([soon.subject], rule="parts_delivery")[soon.subject].id == soon.id


def test_a_paused_clock_whose_pauses_are_many_is_still_listed_once(start, shanghai):
    clock = start()
    for day in (24, 25):
        services.pause_clock(SYSTEM, clock_id=clock.id, reason="parts", owner="刘洋", now=shanghai(2026, 11, day, 9))
        services.resume_clock(SYSTEM, clock_id=clock.id, now=shanghai(2026, 11, day, 11))
    services.pause_clock(SYSTEM, clock_id=clock.id, reason="customer", owner="王芳", now=shanghai(2026, 11, 26, 9))
    assert str(queries.list_clocks([clock.subject])[clock.subject].pause_reason) == "waiting for the customer"
    assert [pause.reason for pause in queries.list_pauses(clock)] == ["parts", "parts", "customer"]


def test_pressing_clocks_are_those_past_their_warning_at_places_the_actor_sees(start, keeper, shanghai):
    late = start()
    start(subject="RO-elsewhere", scope="SZ")
    start(subject="RO-fresh", started_at=shanghai(2026, 11, 26, 9))
    waiting = start(subject="RO-waiting")
    services.pause_clock(SYSTEM, clock_id=waiting.id, reason="parts", owner="刘洋", now=shanghai(2026, 11, 24, 9))
    found = queries.list_pressing_clocks(keeper, now=shanghai(2026, 11, 26, 10))
    assert [clock.id for clock in found] == [late.id]
    assert queries.list_pressing_clocks(replace(keeper, scopes=frozenset()), now=shanghai(2026, 11, 26, 10)) == []


def test_explain_clock_agrees_with_what_is_stored(start, shanghai):
    clock = start()
    services.pause_clock(SYSTEM, clock_id=clock.id, reason="parts", owner="刘洋", now=shanghai(2026, 11, 24, 9))
    assert queries.explain_clock(queries.get_clock(subject=clock.subject, rule="repair")).due_at == clock.due_at
    resumed = services.resume_clock(SYSTEM, clock_id=clock.id, now=shanghai(2026, 11, 25, 11))
    told = queries.explain_clock(resumed)
    assert told.due_at == resumed.due_at
    assert len(told.pauses) == 1


def test_a_pause_told_with_an_earlier_clock_begins_where_the_last_one_ended(start, shanghai):
    clock = start()
    services.pause_clock(SYSTEM, clock_id=clock.id, reason="parts", owner="刘洋", now=shanghai(2026, 11, 24, 9))
    services.resume_clock(SYSTEM, clock_id=clock.id, now=shanghai(2026, 11, 24, 12))
    services.pause_clock(SYSTEM, clock_id=clock.id, reason="customer", owner="王芳", now=shanghai(2026, 11, 24, 10))
    first, second = queries.list_pauses(clock)
    assert second.started_at == first.ended_at
