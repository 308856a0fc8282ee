"""A workflow is one table: (state, action) → where it leads, who may, and what must hold.

From that table come the service's refusal, the button, the greyed-out button with its reason, the diagram, the docs and the
exhaustive test. There is no engine behind it: reading the table is reading the process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from aftersales.core.errors import NotPermitted, Refused
from aftersales.core.text import Text, text as _

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)
F = TypeVar("F")


@dataclass(frozen=True)
class Guard(Generic[F]):
    """A condition that must hold before a step; `otherwise` tells the person what is missing."""

    name: str
    holds: Callable[[F], bool]
    otherwise: Text


@dataclass(frozen=True)
class Step(Generic[S, F]):
    """One row of a workflow: the state it leads to, the permission it needs, and its guards in order."""

    leads_to: S
    needs: str
    guards: tuple[Guard[F], ...] = ()
    is_shown_greyed: bool = True
    """Whether it is worth showing in this state while it is not possible; an action may say so for all states."""


@dataclass(frozen=True)
class StateInfo:
    """How a state is shown: to us, to the customer, in which tone, and whether work is still open in it."""

    label: Text
    customer_label: Text
    tone: str
    """One of the tones of the `ui` room: neutral, info, progress, success, warning, danger."""
    is_open: bool = True


@dataclass(frozen=True)
class ActionInfo:
    """How an action is shown: the words on its button, the words once done, and whether it is the ordinary next thing to do."""

    label: Text
    done: Text
    is_main: bool = True
    tone: str = "primary"
    icon: str = ""
    is_shown_greyed: bool = True
    """Whether it is worth showing while it is not possible, with its reason."""


@dataclass(frozen=True)
class OpenAction(Generic[A]):
    """An action that could follow now: `reason` is None when it may be pressed, else why not."""

    action: A
    info: ActionInfo
    reason: Text | None = None

    @property
    def is_possible(self) -> bool:
        """Whether the button can be pressed."""
        return self.reason is None


@dataclass(frozen=True)
class Workflow(Generic[S, A, F]):
    """The whole process: its states, its actions and its steps."""

    states: Mapping[S, StateInfo]
    actions: Mapping[A, ActionInfo]
    steps: Mapping[tuple[S, A], Step[S, F]]
    start: S
    title: Text = field(default_factory=lambda: _("Workflow"))

    def take(self, state: S, action: A, facts: F, may: Callable[[str], bool]) -> S:
        """The state that `action` leads to; refuses with the first reason that stands against it."""
        step = self.steps.get((state, action))
        if step is None:
            raise Refused(
                _(
                    "“{action}” is not possible while the state is “{state}”. Reload the page to see what is.",
                    action=self.actions[action].label,
                    state=self.states[state].label,
                )
            )
        if not may(step.needs):
            raise NotPermitted(step.needs)
        reason = first_reason(step, facts)
        if reason is not None:
            raise Refused(reason)
        return step.leads_to

    def open_actions(self, state: S, facts: F, may: Callable[[str], bool]) -> list[OpenAction[A]]:
        """Every action the actor's duties allow in `state`, in table order, each possible or with its reason."""
        open_now = [
            (step, OpenAction(action, self.actions[action], first_reason(step, facts)))
            for (where, action), step in self.steps.items()
            if where == state and may(step.needs)
        ]
        return [
            each for step, each in open_now if each.is_possible or (each.info.is_shown_greyed and step.is_shown_greyed)
        ]

    def as_mermaid(self) -> str:
        """The process as a Mermaid state diagram, for the documentation."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        lines += [f"    {where} --> {step.leads_to}: {action}" for (where, action), step in self.steps.items()]
        ends = [state for state in self.states if not any(where == state for where, _action in self.steps)]
        return "\n".join(lines + [f"    {state} --> [*]" for state in ends])


def first_reason(step: Step[S, F], facts: F) -> Text | None:
    """Why `step` cannot be taken with these facts, or None."""
    return next((guard.otherwise for guard in step.guards if not guard.holds(facts)), None)
