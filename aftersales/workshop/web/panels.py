"""What the order page shows, put together from a few reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.urls import reverse

from aftersales.catalog import queries as catalog
from aftersales.core import files
from aftersales.core.actor import Actor
from aftersales.core.text import Text
from aftersales.core.workflow import OpenAction
from aftersales.deadlines import queries as deadlines
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.handover import AUTHORITY_LABELS, OLD_PARTS_LABELS, Authority, OldParts
from aftersales.workshop.rules.order import (
    ACTIONS,
    MAIN_WAY,
    PROMISE,
    STATES,
    WAITING_LABELS,
    OrderAction,
    OrderState,
    WaitingFor,
    old_parts_answered,
    work_explained,
)
from aftersales.workshop.rules.quotation import (
    DECISION_LABELS,
    DECISION_TONES,
    LINE_LABELS,
    Decision,
)
from aftersales.workshop.web.acts import ACTS
from aftersales.workshop.web.checks import checks_of
from aftersales.workshop.web.papers import offers_of
from aftersales.workshop.web.sight import sight_of
from aftersales.workshop.web.timeline import moment, picks_in, picks_of


@dataclass(frozen=True)
class Offer:
    """One action on the page, with its address and its form."""

    open: OpenAction[OrderAction]
    url: str
    form: forms.Form

    @property
    def needs_words(self) -> bool:
        """Whether there is anything to fill in before pressing the button."""
        return bool(self.form.visible_fields())


@dataclass(frozen=True)
class Milestone:
    """One state of the main way, as the progress line shows it."""

    label: Text
    state: str


@dataclass(frozen=True)
class WordedLine:
    """A quotation line in words, and what can be done with it."""

    line: Any
    kind: Text
    decision: Text
    tone: str
    edit_form: forms.Form | None = None

    @property
    def can_be_finished(self) -> bool:
        """Whether its work is agreed and not done."""
        return self.line.decision == Decision.AGREED and self.line.done_at is None

    @property
    def can_be_changed(self) -> bool:
        """Whether it may be changed: its work is not done."""
        return self.line.done_at is None


def order_page(
    actor: Actor,
    order: Any,
    *,
    now: datetime,
    bound: tuple[OrderAction, forms.Form] | None = None,
    editing: str = "",
    wording: str = "",
) -> dict[str, Any]:
    """Everything the order page shows to this actor; `bound` is a form that was refused, shown again as it was sent.

    `editing` is the position of the quotation line whose form stands open; `wording` was taken from a similar case.
    """
    today = queries.today_at(order, now)
    offers = [_offer(actor, order, each, bound) for each in queries.open_actions(actor, order, today=today)]
    clock = deadlines.find_clock(subject=order.number, rule=PROMISE)
    main, blocked = next_offer(offers)
    edit_line, offer_again = _the(offers, OrderAction.EDIT_LINE), _the(offers, OrderAction.OFFER_AGAIN)
    promises = queries.list_promises(order)
    quotations = queries.list_quotations(order) if order.quotation_no else []
    consents = queries.list_consents(order) if order.quotation_no else []
    journal = queries.journal_of(order)
    if wording and main is not None and main.open.action is OrderAction.DIAGNOSE and not main.form.is_bound:
        main.form.initial["diagnosis"] = wording
    visits = [visit for visit in queries.list_orders_of_unit(actor, order.unit_id) if visit.pk != order.pk]
    trade = catalog.get_trade(order.trade)
    checks = checks_of(order, trade) if _may_have_checks(order) else []
    return {
        "order": order,
        "info": STATES[OrderState(order.state)],
        "main": main,
        "blocked": blocked,
        "others": [o for o in offers if o not in (main, blocked) and not _stands_elsewhere(o, main)],
        **_repeat_panel(actor, order, offers, bound, visits),
        "fail_check": _the(offers, OrderAction.FAIL_CHECK),
        "checks": checks,
        "sent_back": checks[0] if checks and order.state == OrderState.REPAIRING and order.rework_count else None,
        "add_line": _the(offers, OrderAction.ADD_LINE),
        "remove_line": _the(offers, OrderAction.REMOVE_LINE),
        "edit_line": edit_line,
        "finish_line": _the(offers, OrderAction.FINISH_LINE),
        "discount": _the(offers, OrderAction.DISCOUNT),
        "offer_again": offer_again,
        "declined_before": queries.list_declined_lines(actor, order) if offer_again else [],
        "quotations": quotations,
        "consents": consents,
        "papers": offers_of(order, quotations, consents),
        "wait": queries.find_open_wait(order),
        "promises": promises,
        "contacts": queries.list_contacts(order) if order.contacted_at else [],
        "work_offers": [
            o for action in _AT_THE_BENCH for o in offers if o.open.action is action and not _is_on_check_form(o, main)
        ],
        "bound_action": bound[0] if bound else "",
        "is_diagnosed_here": any(o.open.action is OrderAction.DIAGNOSE and o.open.is_possible for o in offers),
        "turned_away": _turned_away(offers, bound),
        "milestones": milestones(OrderState(order.state)),
        "trade": trade,
        **sight_of(order),
        "waiting": WAITING_LABELS[WaitingFor(order.waiting_for)] if order.waiting_for else None,
        "lines": [_worded(line, edit_line, bound, editing) for line in queries.list_lines(order)],
        "valid_through": order.valid_until - timedelta(days=1) if order.valid_until else None,
        "old_parts": OLD_PARTS_LABELS[OldParts(order.old_parts)] if order.old_parts else None,
        "authority": AUTHORITY_LABELS[Authority(order.authority)] if order.authority else "",
        "covered_through": order.covered_until - timedelta(days=1) if order.covered_until else None,
        "clock": clock,
        "explanation": deadlines.explain_clock(clock) if clock else None,
        "photos": files.list_photos("order", order.number),
        "picks": picks_of(order),
        "questions": [queries.question_row(question, now) for question in queries.list_questions_of_order(order)],
        "can_ask": actor.may(Permission.ASK_EXPERTS) and OrderState(order.state) in queries.IN_HOUSE,
        "moments": [moment(entry, picks_in(order.trade)) for entry in journal],
        "is_corrected_since": any(
            entry.act == "edit" and order.signed_at is not None and entry.at > order.signed_at for entry in journal
        ),
        "visits": visits,
        "now": now,
    }


_AT_THE_BENCH = (
    OrderAction.RESUME,
    OrderAction.DIAGNOSE,
    OrderAction.START,
    OrderAction.COMPLETE,
    OrderAction.PASS_CHECK,
    OrderAction.FAIL_CHECK,
    OrderAction.WAIT,
)
"""What is done at the bench, as the technician's page offers it."""
_CURES: Mapping[Text, OrderAction] = {
    work_explained.otherwise: OrderAction.EXPLAIN,
    old_parts_answered.otherwise: OrderAction.EXPLAIN,
}
"""What is done first where exactly this stands in the way; otherwise the first of `_UNBLOCKS` that is possible."""
_UNBLOCKS = (OrderAction.RESUME, OrderAction.APPROVE, OrderAction.QUOTE, OrderAction.RECORD_PAYMENT)
_ON_THE_QUOTATION = frozenset(
    {
        OrderAction.ADD_LINE,
        OrderAction.EDIT_LINE,
        OrderAction.REMOVE_LINE,
        OrderAction.DISCOUNT,
        OrderAction.OFFER_AGAIN,
        OrderAction.FINISH_LINE,
    }
)


_CHECKS = frozenset({OrderAction.PASS_CHECK, OrderAction.FAIL_CHECK})
"""Both are answered on one form: what is found decides which button is pressed."""
_CHECKED_STATES = frozenset({OrderState.CHECKED, OrderState.READY, OrderState.HANDED_OVER, OrderState.CLOSED})


def _may_have_checks(order: Any) -> bool:
    return bool(order.rework_count) or order.state in _CHECKED_STATES


def _repeat_panel(
    actor: Actor,
    order: Any,
    offers: list[Offer],
    bound: tuple[OrderAction, forms.Form] | None,
    visits: list[Any],
) -> dict[str, Any]:
    """The earlier repairs that may have come back, while that is open or can be corrected."""
    may_have = order.state != OrderState.CLOSED and any(visit.handed_over_at for visit in visits)
    suspects = queries.list_suspects_of(actor, order) if may_have else []
    is_open = not (order.repeat_of_id or order.repeat_note)
    pressing = is_open and any(each.suspect.is_alike for each in suspects)
    is_bound = bound is not None and bound[0] is OrderAction.JUDGE_REPEAT
    return {
        "suspects": suspects,
        "judge_repeat": _the(offers, OrderAction.JUDGE_REPEAT),
        "is_repeat_open": pressing or is_bound,
    }


def _stands_elsewhere(offer: Offer, main: Offer | None) -> bool:
    """Whether the page shows it in another place than among the further acts."""
    return (
        _is_on_check_form(offer, main)
        or offer.open.action is OrderAction.JUDGE_REPEAT
        or offer.open.action in _ON_THE_QUOTATION
    )


def _is_on_check_form(offer: Offer, main: Offer | None) -> bool:
    return offer.open.action is OrderAction.FAIL_CHECK and main is not None and main.open.is_possible


def _worded(line: Any, edit: Offer | None, bound: tuple[OrderAction, forms.Form] | None, editing: str) -> WordedLine:
    decision = Decision(line.decision)
    is_open = edit is not None and line.done_at is None and str(line.position) == editing
    is_refused = bound is not None and bound[0] is OrderAction.EDIT_LINE and _position(bound[1]) == line.position
    form = _edit_form(line, edit, bound if is_refused else None) if edit and (is_open or is_refused) else None
    return WordedLine(line, LINE_LABELS[line.kind], DECISION_LABELS[decision], DECISION_TONES[decision], form)


def _position(form: forms.Form) -> int:
    typed = str(form.data.get("position", ""))
    return int(typed) if typed.isdecimal() else 0


def _edit_form(line: Any, edit: Offer, bound: tuple[OrderAction, forms.Form] | None) -> forms.Form:
    if bound is not None:
        return edit.form
    names = ("position", "kind", "code", "description", "quantity", "basis", "discount_reason", "choice", "option")
    initial = {name: getattr(line, name) for name in names}
    initial |= {"unit_price": line.unit_price.plain, "discount": _discount_typed(line)}
    form = ACTS[OrderAction.EDIT_LINE].form(initial=initial)
    form.auto_id = f"id_edit_{line.position}_%s"
    return form


def _discount_typed(line: Any) -> str:
    """What is taken off as it is typed: nothing where all of it is, so that it stays free when the price changes."""
    is_free = line.amount_fen == 0 and bool(line.discount_fen)
    return "" if is_free or not line.discount_reason else str(line.discount.plain)


def _offer(
    actor: Actor, order: Any, each: OpenAction[OrderAction], bound: tuple[OrderAction, forms.Form] | None
) -> Offer:
    url = reverse(f"workshop:{each.action.value}", args=[order.number])
    is_bound = bound is not None and (bound[0] is each.action or {bound[0], each.action} == _CHECKS)
    form = bound[1] if bound is not None and is_bound else ACTS[each.action].form_for(actor, order)
    form.auto_id = f"id_{each.action.value}_%s"
    return Offer(each, url, form)


@dataclass(frozen=True)
class TurnedAway:
    """An act whose form is not on the page any more: why, and what had been typed."""

    title: Text
    reasons: list[str]
    typed: list[tuple[str, str]]


def _turned_away(offers: list[Offer], bound: tuple[OrderAction, forms.Form] | None) -> TurnedAway | None:
    if bound is None:
        return None
    action, form = bound
    offer = _the(offers, action)
    if offer is not None and offer.open.is_possible:
        return None
    reasons = [str(error) for errors in form.errors.values() for error in errors]
    boxes = [field for field in form.visible_fields() if isinstance(field.data, str) and field.data.strip()]
    return TurnedAway(ACTIONS[action].label, reasons, [(str(box.label), box.data) for box in boxes])


def offer_for(actor: Actor, order: Any, each: OpenAction[OrderAction]) -> Offer:
    """One action with its address and its empty form."""
    return _offer(actor, order, each, None)


def next_offer(offers: list[Offer]) -> tuple[Offer | None, Offer | None]:
    """What to put in plain sight: the ordinary next act, or what stands in its way to be done first, and then both."""
    main = next((offer for offer in offers if offer.open.info.is_main), None)
    if main is None or main.open.is_possible:
        return main, None
    cure = _CURES.get(main.open.reason) if main.open.reason is not None else None
    order = _UNBLOCKS if cure is None else (cure, *_UNBLOCKS)
    first = next((o for action in order for o in offers if o.open.action is action and o.open.is_possible), None)
    return (main, None) if first is None else (first, main)


def _the(offers: list[Offer], action: OrderAction) -> Offer | None:
    return next((offer for offer in offers if offer.open.action is action), None)


def milestones(state: OrderState) -> list[Milestone]:
    """The main way with what is done, where the order stands, and what is to come."""
    if state not in MAIN_WAY:
        return [Milestone(STATES[OrderState.RECEIVED].label, "done"), Milestone(STATES[state].label, "stopped")]
    reached = MAIN_WAY.index(state)
    return [
        Milestone(STATES[each].label, "done" if place < reached else "now" if place == reached else "todo")
        for place, each in enumerate(MAIN_WAY)
    ]
