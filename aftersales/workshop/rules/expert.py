"""A question to an expert or to the manufacturer: how it goes, and how its own clock looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aftersales.core.text import Text, text as _
from aftersales.core.workflow import ActionInfo, Guard, StateInfo, Step, Workflow
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.order import WaitingFor

EXPERT_ANSWER = "expert_answer"
"""The deadline rule of every question: one working day's hours."""


class QuestionState(StrEnum):
    """Where a question stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class QuestionAction(StrEnum):
    """What can be done to a question; the same word names the page, the service and the journal entry."""

    ANSWER_QUESTION = "answer_question"
    RECORD_ANSWER = "record_answer"
    WITHDRAW_QUESTION = "withdraw_question"


class Addressee(StrEnum):
    """Who is asked."""

    EXPERT = "expert"
    MANUFACTURER = "manufacturer"


ADDRESSEE_LABELS: Mapping[Addressee, Text] = {
    Addressee.EXPERT: _("An expert of the house"),
    Addressee.MANUFACTURER: _("The manufacturer"),
}
WAITS_FOR: Mapping[Addressee, WaitingFor] = {
    Addressee.EXPERT: WaitingFor.EXPERT,
    Addressee.MANUFACTURER: WaitingFor.MANUFACTURER,
}
"""What an order waits for that stands still until the answer comes."""


@dataclass(frozen=True)
class QuestionFacts:
    """All that the steps ask about a question."""

    addressee: Addressee = Addressee.EXPERT


S, A, P = QuestionState, QuestionAction, Permission
QuestionStep = Step[QuestionState, QuestionFacts]

STATES: Mapping[QuestionState, StateInfo] = {
    S.ASKED: StateInfo(_("Not answered yet"), _("Our experts are consulted"), "info"),
    S.ANSWERED: StateInfo(_("Answered"), _("Answered"), "success", is_open=False),
    S.WITHDRAWN: StateInfo(_("Withdrawn"), _("Withdrawn"), "neutral", is_open=False),
}
ACTIONS: Mapping[QuestionAction, ActionInfo] = {
    A.ANSWER_QUESTION: ActionInfo(_("Answer"), _("Question answered"), tone="success", icon="message-2"),
    A.RECORD_ANSWER: ActionInfo(
        _("Record the manufacturer's answer"),
        _("Manufacturer's answer recorded"),
        tone="success",
        icon="building-factory-2",
        is_shown_greyed=False,
    ),
    A.WITHDRAW_QUESTION: ActionInfo(
        _("Withdraw the question"), _("Question withdrawn"), is_main=False, tone="danger", icon="x"
    ),
}
asked_of_the_manufacturer = Guard[QuestionFacts](
    "asked_of_the_manufacturer",
    lambda f: f.addressee is Addressee.MANUFACTURER,
    _("This question was put to an expert of the house, who answers it himself."),
)
STEPS: Mapping[tuple[QuestionState, QuestionAction], QuestionStep] = {
    (S.ASKED, A.ANSWER_QUESTION): QuestionStep(S.ANSWERED, P.ANSWER_QUESTIONS),
    (S.ASKED, A.RECORD_ANSWER): QuestionStep(S.ANSWERED, P.ASK_EXPERTS, (asked_of_the_manufacturer,)),
    (S.ASKED, A.WITHDRAW_QUESTION): QuestionStep(S.WITHDRAWN, P.ASK_EXPERTS),
}
QUESTION: Workflow[QuestionState, QuestionAction, QuestionFacts] = Workflow(
    states=STATES, actions=ACTIONS, steps=STEPS, start=S.ASKED, title=_("Expert question")
)

CLOCK_LABELS: Mapping[str, Text] = {
    "danger": _("Answer overdue"),
    "warning": _("Answer due soon"),
    "info": _("Answer awaited"),
}


def clock_tone(*, due_at: datetime | None, warn_at: datetime | None, now: datetime) -> str:
    """`info` while there is time, `warning` from the warning on, `danger` once overdue; nothing when nothing is asked."""
    if due_at is None or warn_at is None:
        return ""
    if now > due_at:
        return "danger"
    return "warning" if now >= warn_at else "info"
