"""Repair orders: one, a filtered list, the board. Everything is narrowed to the stations the actor may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from aftersales.core import journal, locks, search
from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.core.models import JournalEntry
from aftersales.core.rows import only
from aftersales.core.text import Text, text as _
from aftersales.core.workflow import OpenAction, StateInfo
from aftersales.staff import queries as staff
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.permissions import Permission
from aftersales.workshop.queries.checks import facts_for
from aftersales.workshop.queries.expert import question_is
from aftersales.workshop.queries.house import unclaimed_is
from aftersales.workshop.rules.expert import CLOCK_LABELS, clock_tone
from aftersales.workshop.rules.order import (
    IN_HOUSE,
    ORDER,
    PHASES,
    PROMISE_RUNS,
    STATES,
    WAITING_LABELS,
    OrderAction,
    OrderState,
    WaitingFor,
)
from aftersales.workshop.rules.promise import PROMISE_LABELS, promise_tone
from aftersales.workshop.rules.similar import symptom_mark

BOARD_CARDS = 20
"""So many cards of a column are drawn; what is promised later stands in the list."""
SHOWN_WITH = ("station", "customer", "unit", "category", "advisor", "technician")
LISTED_WITH = ("customer", "unit__category", "technician")
LISTED = (
    "number", "state", "fault", "promised_at", "warn_at", "moved_at", "waiting_for", "waiting_on", "waiting_since",
    "customer__name", "unit__model_text", "unit__plate", "unit__serial", "unit__category__name_en",
    "unit__category__name_zh_hans", "unit__category__name_zh_hant", "technician__name", "question_due_at", "question_warn_at",
)  # fmt: skip
"""What rows and cards show; an order has three times as much, and a list has many orders."""


@dataclass(frozen=True)
class OrderFilter:
    """What an order list is narrowed to; empty fields do not narrow."""

    state: str = ""
    phase: str = ""
    promise: str = ""
    technician: str = ""
    advisor: str = ""
    station: str = ""
    trade: str = ""
    waiting: str = ""
    again: str = ""
    """“repeat” for repairs that came back, “rework” for those a check sent back, “unclaimed” for what was not fetched."""
    symptom: str = ""
    """A trade's code and a symptom's, such as `electronics/touch`."""
    question: str = ""
    typed: str = ""

    @property
    def is_in_house(self) -> bool:
        """Whether only units that stand with us can fit."""
        return bool(self.phase or self.promise or self.waiting or self.question) or self.state in _IN_HOUSE


_IN_HOUSE = frozenset(state.value for state in IN_HOUSE)


@dataclass(frozen=True)
class Row:
    """An order as a row or a card: its state, its promise's tone, and what it waits for."""

    order: Any
    info: StateInfo
    tone: str
    promise: Text
    waiting: Text | None
    question_tone: str = ""
    """The tone of the first open expert question's clock; nothing when nothing is asked."""

    @property
    def question(self) -> Text | None:
        """How the open expert question stands, in words."""
        return CLOCK_LABELS.get(self.question_tone)


def row(order: Any, now: datetime) -> Row:
    """How the order is shown at the instant `now`."""
    state = OrderState(order.state)
    tone = promise_tone(state, promised_at=order.promised_at, warn_at=order.warn_at, now=now)
    waiting = WAITING_LABELS[WaitingFor(order.waiting_for)] if order.waiting_for else None
    asked = clock_tone(due_at=order.question_due_at, warn_at=order.question_warn_at, now=now)
    return Row(order, STATES[state], tone, PROMISE_LABELS[tone], waiting, asked)


@dataclass(frozen=True)
class BoardColumn:
    """One phase of the board with its cards, the most urgent first, and how many there are in all."""

    phase: str
    count: int
    orders: list[RepairOrder] = field(default_factory=list)


def orders_of(actor: Actor) -> QuerySet[RepairOrder]:
    """The repair orders of the actor's stations."""
    actor.require(Permission.SEE)
    return RepairOrder.objects.filter(**actor.scope_filter("station__code"))


def get_order(actor: Actor, number: str, *, for_update: bool = False) -> RepairOrder:
    """The order with this number and all that its page names; refuses as missing what the actor may not see."""
    orders = orders_of(actor)
    if for_update:  # an act needs the row and its station; whatever else it touches is looked up when it is
        orders = locks.for_update(orders.select_related("station"))
    else:
        orders = orders.select_related(*SHOWN_WITH, "unit__model")
    order = only(orders.filter(number=number.strip().upper()))
    if order is None:
        raise Missing(
            _("There is no repair order {number} at your station. Check the number, or search for it.", number=number)
        )
    return order


def orders_named(actor: Actor, numbers: Sequence[str]) -> list[RepairOrder]:
    """The orders with these numbers, newest first."""
    return list(orders_of(actor).filter(number__in=numbers).select_related(*SHOWN_WITH).order_by("-id"))


def in_house(actor: Actor, numbers: Sequence[str]) -> list[str]:
    """Those of these orders whose unit stands with us."""
    here = orders_of(actor).filter(number__in=numbers, handed_over_at=None)
    return list(here.values_list("number", flat=True))


def as_listed(orders: QuerySet[RepairOrder]) -> QuerySet[RepairOrder]:
    """The same orders with only what a row or a card shows of them."""
    return orders.select_related(None).select_related(*LISTED_WITH).only(*LISTED)


def still_here(orders: QuerySet[RepairOrder]) -> QuerySet[RepairOrder]:
    """Those of the orders whose unit stands with us. The indexes of the house are kept for this condition."""
    return orders.filter(handed_over_at=None)


def open_actions(actor: Actor, order: RepairOrder, *, today: date) -> list[OpenAction[OrderAction]]:
    """What can be done to the order now by this actor, each possible or with the reason why not."""
    return ORDER.open_actions(OrderState(order.state), facts_for(actor, order, today), actor.may)


def today_at(order: RepairOrder, now: datetime) -> date:
    """The calendar day at the order's station."""
    return now.astimezone(ZoneInfo(order.station.time_zone)).date()


def list_orders(
    actor: Actor, wanted: OrderFilter, *, now: datetime, order_by: Sequence[str] = ("-id",)
) -> QuerySet[RepairOrder]:
    """The orders that fit `wanted`, newest first unless asked otherwise."""
    orders = orders_of(actor).select_related(*SHOWN_WITH)
    narrow: dict[str, Any] = {
        "state": wanted.state,
        "trade": wanted.trade,
        "waiting_for": wanted.waiting,
        "technician_id": wanted.technician,
        "advisor_id": wanted.advisor,
    }
    orders = orders.filter(_again(actor, wanted.again, now), **{name: value for name, value in narrow.items() if value})
    if wanted.station:
        orders = orders.filter(station_id=staff.station_row(wanted.station))
    if wanted.phase in PHASES:
        orders = orders.filter(state__in=[s.value for s in PHASES[wanted.phase]])
    if wanted.promise:
        orders = orders.filter(promise_is(wanted.promise, now))
    if wanted.is_in_house:
        orders = still_here(orders)
    if wanted.symptom:
        orders = orders.filter(number__in=search.mark_filter("order", symptom_mark(wanted.symptom), actor))
    if wanted.question:
        orders = orders.filter(question_is(wanted.question, now))
    if wanted.typed:
        orders = orders.filter(number__in=search.match_filter("order", wanted.typed, actor))
    return orders.order_by(*order_by)


def _again(actor: Actor, what: str, now: datetime) -> Q:
    if what == "unclaimed":
        return unclaimed_is(actor, now)
    return {"rework": Q(rework_count__gt=0), "repeat": Q(repeat_of__isnull=False)}.get(what, Q())


def board(actor: Actor, wanted: OrderFilter, *, now: datetime) -> list[BoardColumn]:
    """The orders in the house by phase; in each column those promised first stand on top."""
    columns = []
    for phase in PHASES:
        found = as_listed(list_orders(actor, _with_phase(wanted, phase), now=now, order_by=("promised_at", "id")))
        cards = list(found[: BOARD_CARDS + 1])
        count = len(cards) if len(cards) <= BOARD_CARDS else found.count()
        columns.append(BoardColumn(phase, count, cards[:BOARD_CARDS]))
    return columns


def journal_of(order: RepairOrder) -> list[JournalEntry]:
    """What was done to the order, newest first."""
    return journal.entries_of("order", order.number)


def promise_is(tone: str, now: datetime) -> Q:
    """The condition that an order's promise has this tone at the instant `now`."""
    running = Q(state__in=[s.value for s in PROMISE_RUNS], handed_over_at=None)
    if tone == "danger":
        return running & Q(promised_at__lt=now)
    if tone == "warning":
        return running & Q(promised_at__gte=now, warn_at__lte=now)
    return running & Q(warn_at__gt=now)


def _with_phase(wanted: OrderFilter, phase: str) -> OrderFilter:
    return OrderFilter(**{**wanted.__dict__, "phase": phase})
