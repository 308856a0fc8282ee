from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pytest
from hypothesis import given, strategies as st

from aftersales.core.errors import NotPermitted, Refused
from aftersales.core.text import text as _
from aftersales.core.workflow import ActionInfo, Guard, StateInfo, Step, Workflow


class State(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    GONE = "gone"


class Action(StrEnum):
    CLOSE = "close"
    OPEN = "open_again"
    THROW_OUT = "throw_out"
    PAINT = "paint"


@dataclass(frozen=True)
class Facts:
    is_empty: bool = True
    is_dry: bool = True


empty = Guard[Facts]("empty", lambda facts: facts.is_empty, _("Empty it first."))
dry = Guard[Facts]("dry", lambda facts: facts.is_dry, _("Let it dry first."))
BOX: Workflow[State, Action, Facts] = Workflow(
    states={
        State.OPEN: StateInfo(_("Open"), _("Open"), "info"),
        State.SHUT: StateInfo(_("Shut"), _("Shut"), "info"),
        State.GONE: StateInfo(_("Gone"), _("Gone"), "neutral", is_open=False),
    },
    actions={
        Action.CLOSE: ActionInfo(_("Close it"), _("Closed")),
        Action.OPEN: ActionInfo(_("Open it"), _("Opened")),
        Action.THROW_OUT: ActionInfo(_("Throw it out"), _("Thrown out")),
        Action.PAINT: ActionInfo(_("Paint it"), _("Painted"), is_shown_greyed=False),
    },
    steps={
        (State.OPEN, Action.CLOSE): Step(State.SHUT, "box:close"),
        (State.SHUT, Action.OPEN): Step(State.OPEN, "box:open"),
        (State.OPEN, Action.THROW_OUT): Step(State.GONE, "box:throw-out", (empty, dry)),
        (State.OPEN, Action.PAINT): Step(State.OPEN, "box:paint", (dry,)),
    },
    start=State.OPEN,
)
anything = lambda _permission: True  # noqa: E731
nothing = lambda _permission: False  # noqa: E731
permissions = st.sets(st.sampled_from(["box:close", "box:open", "box:throw-out", "box:paint"]))
facts = st.builds(Facts, is_empty=st.booleans(), is_dry=st.booleans())


def test_a_step_leads_where_the_table_says():
    assert BOX.take(State.OPEN, Action.CLOSE, Facts(), anything) is State.SHUT


def test_it_refuses_what_the_table_does_not_hold_and_names_act_and_state():
    with pytest.raises(Refused) as refusal:
        BOX.take(State.SHUT, Action.CLOSE, Facts(), anything)
    assert str(refusal.value).startswith("“Close it” is not possible while the state is “Shut”.")
    assert refusal.value.status == 409


def test_it_refuses_people_whose_duties_do_not_include_the_step():
    with pytest.raises(NotPermitted) as refusal:
        BOX.take(State.OPEN, Action.CLOSE, Facts(), nothing)
    assert refusal.value.permission == "box:close"


def test_who_may_not_learns_nothing_of_the_reasons():
    with pytest.raises(NotPermitted):
        BOX.take(State.OPEN, Action.THROW_OUT, Facts(is_empty=False), nothing)
    assert BOX.open_actions(State.OPEN, Facts(is_empty=False), nothing) == []


def test_of_several_reasons_the_first_is_said():
    for wet_and_full, said in [
        (Facts(is_empty=False, is_dry=False), "Empty it first."),
        (Facts(is_dry=False), "Let it dry first."),
    ]:
        with pytest.raises(Refused, match=said):
            BOX.take(State.OPEN, Action.THROW_OUT, wet_and_full, anything)


def test_a_greyed_action_carries_its_reason_unless_it_is_better_hidden():
    shown = {each.action: each for each in BOX.open_actions(State.OPEN, Facts(is_dry=False), anything)}
    assert shown[Action.CLOSE].is_possible
    assert str(shown[Action.THROW_OUT].reason) == "Let it dry first."
    assert not shown[Action.THROW_OUT].is_possible
    assert Action.PAINT not in shown


@given(st.sampled_from(State), st.sampled_from(Action), facts, permissions)
def test_a_button_that_can_be_pressed_works_and_any_other_is_refused(state, action, known, permitted):
    shown = {each.action: each for each in BOX.open_actions(state, known, permitted.__contains__)}
    if action in shown and shown[action].is_possible:
        assert BOX.take(state, action, known, permitted.__contains__) == BOX.steps[state, action].leads_to
        return
    with pytest.raises(Refused) as refusal:
        BOX.take(state, action, known, permitted.__contains__)
    if action in shown:
        assert refusal.value.sentence == shown[action].reason


def test_the_diagram_shows_every_step_the_start_and_the_ends():
    lines = BOX.as_mermaid().splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert "    [*] --> open" in lines
    assert "    open --> gone: throw_out" in lines
    assert lines[-1] == "    gone --> [*]"
    assert len(lines) == 2 + len(BOX.steps) + 1
