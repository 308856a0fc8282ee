"""Questions to experts: one, a list, those of an order, those that wait for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from aftersales.catalog import queries as catalog
from aftersales.core import locks
from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.core.rows import only
from aftersales.core.text import Text, text as _
from aftersales.core.workflow import OpenAction, StateInfo
from aftersales.staff import queries as staff
from aftersales.workshop.models import ExpertQuestion, RepairOrder
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.expert import (
    CLOCK_LABELS,
    QUESTION,
    STATES,
    QuestionAction,
    QuestionState,
    clock_tone,
)

SHOWN_QUESTION_WITH = ("order__station", "order__unit__category", "order__customer", "asked_by")


@dataclass(frozen=True)
class QuestionFilter:
    """What a list of questions is narrowed to; empty fields do not narrow."""

    state: str = ""
    clock: str = ""
    asked_of: str = ""
    station: str = ""
    mine: str = ""


@dataclass(frozen=True)
class QuestionRow:
    """A question as it is shown: its state, and while it is open the tone of its clock."""

    question: Any
    info: StateInfo
    tone: str
    clock: Text | None


def question_row(question: Any, now: datetime) -> QuestionRow:
    """How the question is shown at the instant `now`."""
    info = STATES[QuestionState(question.state)]
    tone = clock_tone(due_at=question.due_at, warn_at=question.warn_at, now=now) if info.is_open else info.tone
    return QuestionRow(question, info, tone, CLOCK_LABELS[tone] if info.is_open else None)


def questions_of(actor: Actor) -> QuerySet[ExpertQuestion]:
    """The questions about orders of the actor's stations."""
    actor.require(Permission.SEE)
    return ExpertQuestion.objects.filter(**actor.scope_filter("order__station__code"))


def get_question(actor: Actor, number: str, *, for_update: bool = False) -> ExpertQuestion:
    """The question with this number; refuses as missing what the actor may not see."""
    rows = questions_of(actor).filter(number=number.strip().upper())
    rows = locks.for_update(rows) if for_update else rows.select_related(*SHOWN_QUESTION_WITH)
    question: ExpertQuestion | None = only(rows)
    if question is None:
        raise Missing(_("There is no question {number} at your station.", number=number))
    return question


def list_questions(
    actor: Actor, wanted: QuestionFilter, *, now: datetime, order_by: Sequence[str] = ("-id",)
) -> QuerySet[ExpertQuestion]:
    """The questions that fit `wanted`, newest first unless asked otherwise."""
    rows = questions_of(actor).select_related(*SHOWN_QUESTION_WITH)
    narrow = {"state": wanted.state, "asked_of": wanted.asked_of, "order__station__code": wanted.station}
    rows = rows.filter(**{name: value for name, value in narrow.items() if value})
    if wanted.clock:
        rows = rows.filter(_clock_is(wanted.clock, now), ended_at=None)
    if wanted.mine == "asked":
        rows = rows.filter(asked_by_id=actor.person_id)
    elif wanted.mine == "to_answer":
        rows = rows.filter(expert_id=actor.person_id)
    return rows.order_by(*order_by)


def list_questions_of_order(order: RepairOrder) -> list[ExpertQuestion]:
    """The questions asked about an order, newest first."""
    return list(order.questions.select_related("asked_by").order_by("-id"))


def list_questions_to_answer(actor: Actor, *, limit: int = 12) -> list[ExpertQuestion]:
    """The open questions to experts of the house that the actor may answer: his own first, the most urgent on top."""
    rows = questions_of(actor).filter(ended_at=None, expert__isnull=False)
    urgent = list(rows.select_related(*SHOWN_QUESTION_WITH).order_by("due_at", "id")[: limit * 3])
    return sorted(urgent, key=lambda question: question.expert_id != actor.person_id)[:limit]


def list_questions_asked(actor: Actor, *, since: datetime, limit: int = 12) -> list[ExpertQuestion]:
    """What the actor asked and has no answer to yet, and what was answered since `since`; the open ones first."""
    mine = questions_of(actor).filter(asked_by_id=actor.person_id)
    wanted = Q(ended_at=None) | Q(state=QuestionState.ANSWERED.value, ended_at__gte=since)
    rows = mine.filter(wanted).select_related(*SHOWN_QUESTION_WITH).order_by("state", "due_at", "id")[:limit]
    return sorted(rows, key=lambda question: question.state != QuestionState.ASKED)


def experts_for(actor: Actor, order: RepairOrder) -> list[Any]:
    """The people who may answer a question about this order."""
    return [
        person
        for person in staff.people_over(actor, Permission.ANSWER_QUESTIONS, order.station.code)
        if person.pk != actor.person_id
    ]


def manufacturers_for(order: RepairOrder) -> list[Any]:
    """The manufacturers that may be asked, the one of the unit's own model first."""
    own = order.unit.model.manufacturer_id if order.unit.model else None
    return sorted(catalog.list_manufacturers(only_active=True), key=lambda maker: maker.pk != own)


def open_question_actions(actor: Actor, question: ExpertQuestion) -> list[OpenAction[QuestionAction]]:
    """What can be done to the question now by this actor."""
    return QUESTION.open_actions(QuestionState(question.state), question.facts(), actor.may)


def question_is(tone: str, now: datetime) -> Q:
    """The condition that an order has an open question whose clock has this tone; any other word means any open question."""
    asked = Q(question_due_at__isnull=False)
    return asked & _clock_is(tone, now, prefix="question_") if tone in CLOCK_LABELS else asked


def _clock_is(tone: str, now: datetime, prefix: str = "") -> Q:
    due, warn = f"{prefix}due_at", f"{prefix}warn_at"
    if tone == "danger":
        return Q(**{f"{due}__lt": now})
    if tone == "warning":
        return Q(**{f"{due}__gte": now, f"{warn}__lte": now})
    return Q(**{f"{warn}__gt": now})
