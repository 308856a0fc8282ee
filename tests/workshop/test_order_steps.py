"""The whole table of a repair order: every state with every act, and what the table promises as a whole."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given, strategies as st

from aftersales.config.duties import DUTIES
from aftersales.core.errors import NotPermitted, Refused
from aftersales.ui import icons, tones
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.order import (
    ACTIONS,
    IN_HOUSE,
    MAIN_WAY,
    ORDER,
    PHASE_LABELS,
    PHASES,
    PROMISE_RUNS,
    STATES,
    STEPS,
    OrderAction as A,
    OrderFacts,
    OrderState as S,
)

READY = OrderFacts(
    line_count=2,
    agreed_count=1,
    is_quoted=True,
    has_technician=True,
    is_explained=True,
    has_old_parts_answer=True,
)
facts = st.builds(
    OrderFacts,
    line_count=st.integers(0, 3),
    open_count=st.integers(0, 2),
    agreed_count=st.integers(0, 2),
    is_quoted=st.booleans(),
    has_technician=st.booleans(),
    is_waiting=st.booleans(),
    is_quotation_valid=st.booleans(),
    is_own_work=st.booleans(),
    is_explained=st.booleans(),
    has_old_parts_answer=st.booleans(),
    due_fen=st.integers(-100, 100),
)
duties = st.sets(st.sampled_from(Permission))

# The main rules, written a second time and by hand: where one changes, somebody has thought about it.
WAY = {
    (S.RECEIVED, A.DIAGNOSE): S.DIAGNOSED,
    (S.DIAGNOSED, A.QUOTE): S.QUOTED,
    (S.QUOTED, A.APPROVE): S.APPROVED,
    (S.QUOTED, A.DECLINE): S.DECLINED,
    (S.APPROVED, A.START): S.REPAIRING,
    (S.REPAIRING, A.COMPLETE): S.REPAIRED,
    (S.REPAIRED, A.PASS_CHECK): S.CHECKED,
    (S.REPAIRED, A.FAIL_CHECK): S.REPAIRING,
    (S.CHECKED, A.ANNOUNCE): S.READY,
    (S.READY, A.HAND_OVER): S.HANDED_OVER,
    (S.DECLINED, A.HAND_OVER): S.HANDED_OVER,
    (S.CANCELLED, A.HAND_OVER): S.HANDED_OVER,
    (S.HANDED_OVER, A.CLOSE): S.CLOSED,
    **dict.fromkeys(product([S.RECEIVED, S.DIAGNOSED, S.QUOTED, S.APPROVED, S.REPAIRING], [A.CANCEL]), S.CANCELLED),
    **dict.fromkeys(product([S.QUOTED, S.DECLINED], [A.REVISE]), S.DIAGNOSED),
}


def everything(_permission):
    return True


def ways_into(state):
    return {where for where, step in STEPS.items() if step.leads_to is state and where[0] is not state}


@pytest.mark.parametrize(("state", "action"), list(product(S, A)))
def test_every_act_in_every_state_is_in_the_table_or_refused(state, action):
    step = STEPS.get((state, action))
    if step is None:
        with pytest.raises(Refused) as refusal:
            ORDER.take(state, action, READY, everything)
        assert type(refusal.value) is Refused
        assert str(ACTIONS[action].label) in str(refusal.value)
        assert action not in {each.action for each in ORDER.open_actions(state, READY, everything)}
        return
    with pytest.raises(NotPermitted):
        ORDER.take(state, action, READY, lambda permission: permission != step.needs)
    good = OrderFacts(
        line_count=2,
        open_count=action in {A.QUOTE, A.APPROVE, A.DECLINE, A.DISCOUNT},
        agreed_count=1,
        is_quoted=True,
        has_technician=True,
        is_waiting=action is A.RESUME,
        is_explained=True,
        has_old_parts_answer=True,
        due_fen=action is A.RECORD_PAYMENT,
    )
    assert ORDER.take(state, action, good, everything) is step.leads_to


def test_the_states_change_only_as_the_trade_does_it():
    assert {where: step.leads_to for where, step in STEPS.items() if step.leads_to is not where[0]} == WAY


@given(st.sampled_from(S), facts, duties)
def test_what_the_page_offers_is_what_the_service_allows(state, known, permitted):
    offered = {each.action: each for each in ORDER.open_actions(state, known, permitted.__contains__)}
    for action in A:
        if action in offered and offered[action].is_possible:
            ORDER.take(state, action, known, permitted.__contains__)
            continue
        with pytest.raises(Refused) as refusal:
            ORDER.take(state, action, known, permitted.__contains__)
        if action in offered:
            assert refusal.value.sentence == offered[action].reason


@given(facts)
def test_no_unit_that_was_repaired_leaves_unexplained_or_while_money_is_due(known):
    if not (known.is_explained and known.has_old_parts_answer):
        with pytest.raises(Refused, match=r"Explain|old parts"):
            ORDER.take(S.READY, A.HAND_OVER, known, everything)
    elif known.due_fen > 0:
        with pytest.raises(Refused, match="Record the payment first"):
            ORDER.take(S.READY, A.HAND_OVER, known, everything)
    else:
        assert ORDER.take(S.READY, A.HAND_OVER, known, everything) is S.HANDED_OVER


@given(facts)
def test_no_repair_starts_without_a_technician_or_while_waiting(known):
    if known.has_technician and not known.is_waiting and known.agreed_count:
        assert ORDER.take(S.APPROVED, A.START, known, everything) is S.REPAIRING
    else:
        with pytest.raises(Refused):
            ORDER.take(S.APPROVED, A.START, known, everything)


@given(facts)
def test_nobody_passes_or_fails_his_own_work(known):
    for action in (A.PASS_CHECK, A.FAIL_CHECK):
        if known.is_own_work:
            with pytest.raises(Refused):
                ORDER.take(S.REPAIRED, action, known, everything)
        elif not known.is_waiting:
            ORDER.take(S.REPAIRED, action, known, everything)


def test_no_repair_starts_without_the_customers_yes():
    assert ways_into(S.REPAIRING) == {(S.APPROVED, A.START), (S.REPAIRED, A.FAIL_CHECK)}
    assert ways_into(S.APPROVED) == {(S.QUOTED, A.APPROVE)}


def test_no_repaired_unit_is_announced_unchecked():
    assert ways_into(S.READY) == {(S.CHECKED, A.ANNOUNCE)}
    assert ways_into(S.CHECKED) == {(S.REPAIRED, A.PASS_CHECK)}


def test_every_state_is_reached_and_leads_on_to_the_end():
    reached, before = {ORDER.start}, set()
    while reached != before:
        before = set(reached)
        reached |= {step.leads_to for (state, _action), step in STEPS.items() if state in reached}
    assert reached == set(S)
    ending, before = {S.CLOSED}, set()
    while ending != before:
        before = set(ending)
        ending |= {state for (state, _action), step in STEPS.items() if step.leads_to in ending}
    assert ending == set(S)
    assert not [where for where in STEPS if where[0] is S.CLOSED]


def test_every_state_and_act_is_described_and_used():
    assert set(STATES) == set(S)
    assert set(ACTIONS) == set(A) == {action for _state, action in STEPS}
    for info in STATES.values():
        tones.checked_tone(info.tone)
        assert str(info.label)
        assert str(info.customer_label)
    for info in ACTIONS.values():
        icons.checked_icon(info.icon)
        assert str(info.label)
        assert str(info.done)


def test_every_permission_of_a_step_belongs_to_some_duty():
    given_out = frozenset().union(*(duty.permissions for duty in DUTIES))
    assert {str(step.needs) for step in STEPS.values()} <= given_out


def test_an_auditor_can_press_no_button_anywhere():
    auditor = next(duty for duty in DUTIES if duty.code == "auditor")
    for state in S:
        assert ORDER.open_actions(state, READY, auditor.permissions.__contains__) == []


def test_the_phases_of_the_board_hold_each_state_in_the_house_once():
    on_board = [state for states in PHASES.values() for state in states]
    assert sorted(on_board) == sorted(set(on_board)) == sorted(IN_HOUSE)
    assert set(S) - set(IN_HOUSE) == {S.HANDED_OVER, S.CLOSED}
    assert set(PHASES) == set(PHASE_LABELS)


def test_open_means_the_unit_stands_with_us():
    assert {state for state, info in STATES.items() if info.is_open} == set(IN_HOUSE)


def test_the_promise_runs_while_there_is_still_something_to_repair():
    assert set(IN_HOUSE) - set(PROMISE_RUNS) == {S.READY, S.DECLINED, S.CANCELLED}


def test_the_main_way_is_walked_by_acts_of_the_table():
    for before, after in pairwise(MAIN_WAY):
        assert any(state is before and step.leads_to is after for (state, _action), step in STEPS.items())


def test_waiting_can_always_be_ended_where_it_could_begin():
    begins = {state for state, action in STEPS if action is A.WAIT}
    ends = {state for state, action in STEPS if action is A.RESUME}
    assert begins == ends
    assert S.REPAIRING in begins
