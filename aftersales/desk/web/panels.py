"""What stands on the home page, by what a person may do: my work, what is due next, and who waits for whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from aftersales.core.actor import Actor
from aftersales.core.text import Text, text as _
from aftersales.workshop import queries as workshop
from aftersales.workshop.queries import OrderState, Permission

S = OrderState
P = Permission


@dataclass(frozen=True)
class Panel:
    """A short list of orders with what it is about and where the whole of it stands."""

    title: Text
    icon: str
    rows: Sequence[workshop.Row]
    empty: Text
    url: str
    shows_waiting: bool = False


@dataclass(frozen=True)
class PanelKind:
    """Which people get a panel, and how it is read."""

    needs: tuple[str, ...]
    """The permissions of which one suffices."""
    title: Text
    icon: str
    empty: Text
    read: Callable[[Actor, datetime], Sequence[Any]]
    query: str
    shows_waiting: bool = False
    unless: str = ""
    """A permission that makes the panel superfluous, because another one shows the same."""


PANELS: tuple[PanelKind, ...] = (
    PanelKind(
        (P.REPAIR,),
        _("My repairs"),
        "tool",
        _("Nothing is assigned to you. Ask the reception supervisor, or look at the board."),
        lambda a, _n: workshop.list_my_orders(
            a, role="technician", states=(S.RECEIVED, S.DIAGNOSED, S.APPROVED, S.REPAIRING)
        ),
        "?phase=workshop",
    ),
    PanelKind(
        (P.ANNOUNCE, P.RECORD_CONSENT),
        _("Contact due"),
        "phone-call",
        _("Every customer whose promise is in danger has been told."),
        lambda a, n: workshop.list_contact_due(a, now=n),
        "?promise=danger",
    ),
    PanelKind(
        (P.RECORD_CONSENT,),
        _("Waiting for the customer's answer"),
        "message",
        _("No quotation is open."),
        lambda a, _n: workshop.list_orders_in(a, states=(S.QUOTED,)),
        "?state=quoted",
    ),
    PanelKind(
        (P.ANNOUNCE, P.HAND_OVER),
        _("To announce and hand over"),
        "package-export",
        _("Nothing stands ready."),
        lambda a, _n: workshop.list_orders_in(a, states=(S.CHECKED, S.READY)),
        "?phase=handover",
    ),
    PanelKind(
        (P.CHECK,),
        _("To check"),
        "checklist",
        _("Nothing waits for a check."),
        lambda a, _n: workshop.list_orders_in(a, states=(S.REPAIRED,)),
        "?state=repaired",
    ),
    PanelKind(
        (P.ASSIGN,),
        _("Without a technician"),
        "user-plus",
        _("Every order has a technician."),
        lambda a, _n: workshop.list_unassigned(a),
        "?phase=intake",
    ),
    PanelKind(
        (P.RECORD_PAYMENT,),
        _("To be paid"),
        "cash",
        _("Nothing is to be paid."),
        lambda a, _n: workshop.list_orders_in(a, states=(S.READY,)),
        "?state=ready",
        unless=P.HAND_OVER,
    ),
    PanelKind(
        (P.WAIT, P.SEE_COUNTS),
        _("Who waits for whom"),
        "hourglass",
        _("Nothing is waiting."),
        lambda a, _n: workshop.list_waiting(a),
        "",
        shows_waiting=True,
    ),
    PanelKind(
        (P.RECEIVE,),
        _("My orders"),
        "clipboard-list",
        _("You have no open order."),
        lambda a, _n: workshop.list_my_orders(a, role="advisor", states=workshop.IN_HOUSE),
        "",
    ),
)


@dataclass(frozen=True)
class QuestionPanel:
    """A short list of expert questions with what it is about and where the whole of it stands."""

    title: Text
    rows: Sequence[workshop.QuestionRow]
    empty: Text
    url: str


ANSWERED_SINCE = timedelta(days=3)
"""How long an answer stands on the home page of whoever asked."""
QUESTION_PANELS: tuple[tuple[str, Text, Text, Callable[[Actor, datetime], Sequence[Any]], str], ...] = (
    (
        P.ANSWER_QUESTIONS,
        _("Questions to answer"),
        _("No question waits for an answer."),
        lambda a, _n: workshop.list_questions_to_answer(a),
        "?state=asked&sort=due",
    ),
    (
        P.DIAGNOSE,
        _("My questions"),
        _("You have asked nothing that is still open."),
        lambda a, n: workshop.list_questions_asked(a, since=n - ANSWERED_SINCE),
        "?mine=asked",
    ),
)


def question_panels_for(actor: Actor, now: datetime) -> list[QuestionPanel]:
    """The panels of expert questions that this actor's duties call for: to be answered, and asked."""
    return [
        QuestionPanel(
            title,
            [workshop.question_row(question, now) for question in read(actor, now)],
            empty,
            reverse("workshop:questions") + query,
        )
        for needs, title, empty, read, query in QUESTION_PANELS
        if actor.may(P.SEE) and actor.may(needs)
    ]


def panels_for(actor: Actor, now: datetime) -> list[Panel]:
    """The panels that this actor's duties call for, each with its most urgent orders."""
    return [
        Panel(
            title=kind.title,
            icon=kind.icon,
            rows=[workshop.row(order, now) for order in kind.read(actor, now)],
            empty=kind.empty,
            url=reverse("workshop:orders") + kind.query,
            shows_waiting=kind.shows_waiting,
        )
        for kind in PANELS
        if actor.may(P.SEE) and any(actor.may(permission) for permission in kind.needs)
        if not (kind.unless and actor.may(kind.unless))
    ]
