"""Asking an expert or the manufacturer about an order, and what comes back; each question has a clock of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Min

from aftersales.core import clock, events, journal, numbering, transaction
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.errors import Invalid, Refused
from aftersales.core.text import text as _
from aftersales.deadlines import queries as clocks, services as deadlines
from aftersales.workshop import queries
from aftersales.workshop.events import ExpertAnswered, ExpertAsked
from aftersales.workshop.models import ExpertQuestion, RepairOrder
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.expert import (
    EXPERT_ANSWER,
    QUESTION,
    WAITS_FOR,
    Addressee,
    QuestionAction,
    QuestionState,
)
from aftersales.workshop.rules.order import IN_HOUSE, OrderAction, OrderState
from aftersales.workshop.services.finding import index_question
from aftersales.workshop.services.steps import end_wait, needed, take_step
from aftersales.workshop.services.waiting import wait_order

QUESTION_PREFIX = "EQ"
LONGEST_NAME = 80


@transaction.act
def ask_expert(
    actor: Actor,
    *,
    number: str,
    question: str,
    expert_id: int | None = None,
    manufacturer_id: int | None = None,
    contact: str = "",
    waits: bool = False,
    now: datetime,
) -> ExpertQuestion:
    """The question put to an expert of the house, or to the manufacturer (`contact` names whom there), its clock running.

    With `waits` the order stands still until the answer is there.
    """
    actor.require(Permission.ASK_EXPERTS)
    words = needed(question, field="question", otherwise=_("Write what you want to know."))
    key = _draw_number(actor, number, now)
    order = queries.get_order(actor, number, for_update=True)
    if OrderState(order.state) not in IN_HOUSE:
        raise Refused(_("The unit has left the house. Ask while it is here."))
    asked_of, person, maker = _addressee(actor, order, expert_id, manufacturer_id)
    name = person.name if person else " · ".join(part for part in (maker.name, contact.strip()) if part)
    promise = deadlines.start_clock(
        actor,
        rule=EXPERT_ANSWER,
        subject=key,
        calendar=order.station.calendar_code,
        started_at=now,
        scope=order.station.code,
        now=now,
    )
    asked = ExpertQuestion.objects.create(
        number=key,
        order=order,
        asked_of=asked_of.value,
        expert=person,
        manufacturer=maker,
        addressee=name[:LONGEST_NAME],
        question=words,
        asked_by_id=_asker(actor),
        asked_at=now,
        due_at=promise.due_at,
        warn_at=promise.warn_at,
    )
    _record(actor, asked, "ask_expert", now, note=words)
    if waits:
        _stand_still(actor, asked, asked_of, now)
    _keep_first_due(order.pk)
    index_question(asked)
    events.publish(ExpertAsked(key, order.number, order.station.code, asked.addressee, asked.due_at))
    return asked


def _draw_number(actor: Actor, order_number: str, now: datetime) -> str:
    station = queries.get_order(actor, order_number).station  # the series is locked before the order
    year = clock.local_date(now, station.time_zone).year
    return numbering.next_number(QUESTION_PREFIX, scope=station.code, year=year)


def _addressee(
    actor: Actor, order: RepairOrder, expert_id: int | None, manufacturer_id: int | None
) -> tuple[Addressee, Any, Any]:
    if (expert_id is None) == (manufacturer_id is None):
        raise Invalid(_("Choose whom you ask: an expert or the manufacturer."), field="to")
    if expert_id is not None:
        person = next((each for each in queries.experts_for(actor, order) if each.pk == expert_id), None)
        if person is None:
            raise Invalid(_("Choose somebody who answers expert questions for this station."), field="to")
        return Addressee.EXPERT, person, None
    maker = next((each for each in queries.manufacturers_for(order) if each.pk == manufacturer_id), None)
    if maker is None:
        raise Invalid(_("Choose a manufacturer of the catalog."), field="to")
    return Addressee.MANUFACTURER, None, maker


def _asker(actor: Actor) -> int:
    if actor.person_id is None:
        raise Refused(_("A question is asked by a person, who then gets the answer."))
    return actor.person_id


def _stand_still(actor: Actor, asked: ExpertQuestion, asked_of: Addressee, now: datetime) -> None:
    waiting = wait_order(
        actor,
        number=asked.order.number,
        waiting_for=WAITS_FOR[asked_of].value,
        waiting_on=asked.addressee,
        note=asked.number,
        now=now,
    )
    asked.wait = waiting.waits.get(ended_at=None)
    asked.save(update_fields=["wait"])


@transaction.act
def answer_question(actor: Actor, *, number: str, answer: str, now: datetime) -> ExpertQuestion:
    """The question answered by the expert who acts."""
    return _answer(actor, number, QuestionAction.ANSWER_QUESTION, answer=answer, answered_by=actor.name, now=now)


@transaction.act
def record_answer(actor: Actor, *, number: str, answer: str, answered_by: str, now: datetime) -> ExpertQuestion:
    """The question with what the manufacturer said, typed in by whoever heard it."""
    who = needed(
        answered_by, field="answered_by", otherwise=_("Write who answered, for example: Engineer Wu, by phone.")
    )
    return _answer(actor, number, QuestionAction.RECORD_ANSWER, answer=answer, answered_by=who, now=now)


def _answer(
    actor: Actor, number: str, action: QuestionAction, *, answer: str, answered_by: str, now: datetime
) -> ExpertQuestion:
    asked, leads_to = _open(actor, number, action)
    words = needed(answer, field="answer", otherwise=_("Write the answer."))
    asked.answer, asked.answered_by, asked.recorded_by = words, answered_by[:LONGEST_NAME], actor.name
    _end(actor, asked, leads_to, now)
    _record(actor, asked, action.value, now, note=words)
    index_question(asked)
    events.publish(ExpertAnswered(asked.number, asked.order.number, asked.order.station.code, now))
    return asked


@transaction.act
def withdraw_question(actor: Actor, *, number: str, reason: str, now: datetime) -> ExpertQuestion:
    """The question taken back for a stated reason; an order that waited for the answer goes on."""
    asked, leads_to = _open(actor, number, QuestionAction.WITHDRAW_QUESTION)
    asked.withdrawn_because = needed(reason, field="reason", otherwise=_("Write why the question is withdrawn."))
    _end(actor, asked, leads_to, now)
    _record(actor, asked, QuestionAction.WITHDRAW_QUESTION.value, now, note=asked.withdrawn_because)
    return asked


@transaction.act
def withdraw_questions_of_order(*, order: str, now: datetime) -> int:
    """The open questions about an order whose unit leaves or is not repaired, taken back; how many there were."""
    asked = list(ExpertQuestion.objects.filter(order__number=order, ended_at=None))
    for question in asked:
        question.withdrawn_because = str(_("The order has ended."))
        _end(SYSTEM, question, QuestionState.WITHDRAWN, now)
        note = question.withdrawn_because
        _record(SYSTEM, question, QuestionAction.WITHDRAW_QUESTION.value, now, note=note)
    return len(asked)


@transaction.act
def move_question(*, number: str, due_at: datetime, warn_at: datetime) -> None:
    """The question's copy of its clock, set to what the clock now says; the clock's own journal tells why."""
    asked = ExpertQuestion.objects.filter(number=number).first()
    if asked is not None:
        asked.due_at, asked.warn_at = due_at, warn_at
        asked.save(update_fields=["due_at", "warn_at"])
        _keep_first_due(asked.order_id)


def _open(actor: Actor, number: str, action: QuestionAction) -> tuple[ExpertQuestion, QuestionState]:
    """The locked question and the state the action leads to; its order is locked before it, as everywhere."""
    order = queries.get_question(actor, number).order.number
    queries.get_order(actor, order, for_update=True)
    asked = queries.get_question(actor, number, for_update=True)
    return asked, QUESTION.take(QuestionState(asked.state), action, asked.facts(), actor.may)


def _end(actor: Actor, asked: ExpertQuestion, leads_to: QuestionState, now: datetime) -> None:
    asked.state, asked.ended_at = leads_to.value, now
    fields = ["state", "ended_at", "answer", "answered_by", "recorded_by", "withdrawn_because"]
    asked.save(update_fields=fields)
    promise = clocks.find_clock(subject=asked.number, rule=EXPERT_ANSWER)
    if promise is not None and promise.stopped_at is None:
        deadlines.stop_clock(actor, clock_id=promise.id, now=now)
    _keep_first_due(asked.order_id)
    if asked.wait is not None and asked.wait.ended_at is None:
        order = asked.order
        changes = end_wait(actor, order, now=now)
        told = {"question_no": asked.number}
        take_step(actor, order, OrderAction.RESUME, OrderState(order.state), now=now, changes=changes, told=told)


def _keep_first_due(order_id: int) -> None:
    """The order's copy of the first instant at which an answer is due."""
    asked = ExpertQuestion.objects.filter(order_id=order_id, ended_at=None)
    first = asked.aggregate(due_at=Min("due_at"), warn_at=Min("warn_at"))
    RepairOrder.objects.filter(pk=order_id).update(question_due_at=first["due_at"], question_warn_at=first["warn_at"])


def _record(actor: Actor, asked: ExpertQuestion, act: str, now: datetime, *, note: str) -> None:
    order = asked.order
    after = {"question_no": asked.number, "addressee": asked.addressee, "answered_by": asked.answered_by}
    journal.record(
        actor, at=now, act=act, kind="order", key=order.number, scope=order.station.code, after=after, note=note
    )
