"""How a repair order goes from intake to handover: one table, readable by the service manager.

Sources: the electronics repair department's rules 三 (quote, explain), 八 (intake facts, completion report) and 九 (three
working days, tell the customer); the car dealer's reception duties 4–9 (consent before work, tell before a promise is missed,
quality before handover).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aftersales.core.text import Text, text as _
from aftersales.core.workflow import ActionInfo, Guard, OpenAction, StateInfo, Step, Workflow
from aftersales.workshop.permissions import Permission

PROMISE = "repair"
"""The deadline rule of every repair order: three working days."""


class OrderState(StrEnum):
    """Where a repair order stands."""

    RECEIVED = "received"
    DIAGNOSED = "diagnosed"
    QUOTED = "quoted"
    APPROVED = "approved"
    REPAIRING = "repairing"
    REPAIRED = "repaired"
    CHECKED = "checked"
    READY = "ready"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class OrderAction(StrEnum):
    """What can be done to a repair order; the same word names the page, the service and the journal entry."""

    DIAGNOSE = "diagnose"
    ADD_LINE = "add_line"
    EDIT_LINE = "edit_line"
    REMOVE_LINE = "remove_line"
    DISCOUNT = "discount"
    OFFER_AGAIN = "offer_again"
    QUOTE = "quote"
    APPROVE = "approve"
    DECLINE = "decline"
    REVISE = "revise"
    START = "start"
    FINISH_LINE = "finish_line"
    COMPLETE = "complete"
    PASS_CHECK = "pass_check"
    FAIL_CHECK = "fail_check"
    ANNOUNCE = "announce"
    EXPLAIN = "explain"
    RECORD_PAYMENT = "record_payment"
    HAND_OVER = "hand_over"
    CLOSE = "close"
    CANCEL = "cancel"
    ASSIGN = "assign"
    WAIT = "wait"
    RESUME = "resume"
    CONTACT = "contact"
    JUDGE_REPEAT = "judge_repeat"


class WaitingFor(StrEnum):
    """Why an order stands still."""

    PARTS = "parts"
    CUSTOMER = "customer"
    MANUFACTURER = "manufacturer"
    APPROVAL = "approval"
    EXPERT = "expert"


WAITING_LABELS: Mapping[WaitingFor, Text] = {
    WaitingFor.PARTS: _("parts"),
    WaitingFor.CUSTOMER: _("the customer"),
    WaitingFor.MANUFACTURER: _("the manufacturer"),
    WaitingFor.APPROVAL: _("approval in the house"),
    WaitingFor.EXPERT: _("an expert's answer"),
}


@dataclass(frozen=True)
class OrderFacts:
    """All that the steps ask about an order."""

    line_count: int = 0
    open_count: int = 0
    agreed_count: int = 0
    is_quoted: bool = False
    has_technician: bool = False
    is_waiting: bool = False
    is_quotation_valid: bool = True
    is_own_work: bool = False
    """Whether the person who acts repaired the unit himself, and the station does not let him check it."""
    is_explained: bool = False
    has_old_parts_answer: bool = False
    due_fen: int = 0


S, A = OrderState, OrderAction

PHASES: Mapping[str, tuple[OrderState, ...]] = {
    "intake": (S.RECEIVED,),
    "quotation": (S.DIAGNOSED, S.QUOTED),
    "workshop": (S.APPROVED, S.REPAIRING),
    "checking": (S.REPAIRED, S.CHECKED),
    "handover": (S.READY, S.DECLINED, S.CANCELLED),
}
PHASE_LABELS: Mapping[str, Text] = {
    "intake": _("Taken in"),
    "quotation": _("Quotation"),
    "workshop": _("Repair"),
    "checking": _("Check"),
    "handover": _("Handover"),
}
IN_HOUSE: tuple[OrderState, ...] = tuple(state for states in PHASES.values() for state in states)
"""The states in which the unit stands with us."""
PROMISE_RUNS: tuple[OrderState, ...] = tuple(s for s in IN_HOUSE if s not in {S.READY, S.DECLINED, S.CANCELLED})
"""The states in which the promised day counts: until the customer was told that the unit is ready."""
MAIN_WAY: tuple[OrderState, ...] = (
    S.RECEIVED, S.DIAGNOSED, S.QUOTED, S.APPROVED, S.REPAIRING, S.REPAIRED, S.CHECKED, S.READY, S.HANDED_OVER, S.CLOSED,
)  # fmt: skip

STATES: Mapping[OrderState, StateInfo] = {
    S.RECEIVED: StateInfo(_("Received"), _("We have your unit"), "info"),
    S.DIAGNOSED: StateInfo(_("Diagnosed"), _("The fault is found"), "info"),
    S.QUOTED: StateInfo(_("Quoted"), _("Waiting for your answer"), "warning"),
    S.APPROVED: StateInfo(_("Approved"), _("You agreed; work is planned"), "progress"),
    S.REPAIRING: StateInfo(_("Repairing"), _("Being repaired"), "progress"),
    S.REPAIRED: StateInfo(_("Repaired"), _("Repaired; being checked"), "progress"),
    S.CHECKED: StateInfo(_("Checked"), _("Checked"), "success"),
    S.READY: StateInfo(_("Ready"), _("Ready to be collected"), "success"),
    S.HANDED_OVER: StateInfo(_("Handed over"), _("Handed over"), "neutral", is_open=False),
    S.CLOSED: StateInfo(_("Closed"), _("Finished"), "neutral", is_open=False),
    S.DECLINED: StateInfo(_("Declined"), _("Not repaired, ready to be collected"), "warning"),
    S.CANCELLED: StateInfo(_("Cancelled"), _("Cancelled, ready to be collected"), "danger"),
}

ACTIONS: Mapping[OrderAction, ActionInfo] = {
    A.DIAGNOSE: ActionInfo(_("Write the diagnosis"), _("Diagnosed"), icon="stethoscope"),
    A.ADD_LINE: ActionInfo(_("Add a line"), _("Line added"), is_main=False, icon="plus"),
    A.EDIT_LINE: ActionInfo(_("Change a line"), _("Line changed"), is_main=False, icon="edit", is_shown_greyed=False),
    A.DISCOUNT: ActionInfo(
        _("Give a discount"), _("Discount given"), is_main=False, icon="discount", is_shown_greyed=False
    ),
    A.OFFER_AGAIN: ActionInfo(
        _("Offer again"), _("Offered again"), is_main=False, icon="repeat", is_shown_greyed=False
    ),
    A.REMOVE_LINE: ActionInfo(
        _("Remove a line"), _("Line removed"), is_main=False, icon="trash", is_shown_greyed=False
    ),
    A.QUOTE: ActionInfo(_("Give the quotation"), _("Quotation given"), icon="file-invoice"),
    A.APPROVE: ActionInfo(_("The customer agrees"), _("The customer agreed"), icon="thumb-up", tone="success"),
    A.DECLINE: ActionInfo(
        _("The customer declines"), _("The customer declined"), is_main=False, tone="warning", icon="thumb-down"
    ),
    A.REVISE: ActionInfo(_("Change the quotation"), _("Quotation opened again"), is_main=False, icon="edit"),
    A.START: ActionInfo(_("Start the repair"), _("Repair started"), icon="player-play"),
    A.FINISH_LINE: ActionInfo(
        _("Line done"), _("Line done"), is_main=False, icon="check", tone="success", is_shown_greyed=False
    ),
    A.COMPLETE: ActionInfo(_("Report it done"), _("Reported done"), icon="check", tone="success"),
    A.PASS_CHECK: ActionInfo(_("Passed the check"), _("Check passed"), icon="circle-check", tone="success"),
    A.FAIL_CHECK: ActionInfo(
        _("Back to repair"), _("Sent back to repair"), is_main=False, tone="danger", icon="rotate"
    ),
    A.ANNOUNCE: ActionInfo(_("The customer was told it is ready"), _("Customer told"), icon="phone"),
    A.EXPLAIN: ActionInfo(
        _("Explain the work and its price"), _("Work and price explained"), is_main=False, icon="message-check"
    ),
    A.RECORD_PAYMENT: ActionInfo(
        _("Record a payment"), _("Payment recorded"), is_main=False, icon="cash", is_shown_greyed=False
    ),
    A.HAND_OVER: ActionInfo(_("Hand over"), _("Unit handed over"), icon="package-export", tone="success"),
    A.CLOSE: ActionInfo(_("Close the order"), _("Order closed"), icon="archive"),
    A.CANCEL: ActionInfo(_("Cancel the order"), _("Order cancelled"), is_main=False, tone="danger", icon="x"),
    A.ASSIGN: ActionInfo(_("Assign a technician"), _("Technician assigned"), is_main=False, icon="user-check"),
    A.WAIT: ActionInfo(
        _("Has to wait"), _("Began to wait"), is_main=False, tone="warning", icon="hourglass", is_shown_greyed=False
    ),
    A.RESUME: ActionInfo(
        _("Goes on"), _("Went on"), is_main=False, tone="success", icon="player-play", is_shown_greyed=False
    ),
    A.CONTACT: ActionInfo(
        _("Tell the customer how it stands"), _("Customer told how it stands"), is_main=False, icon="phone-outgoing"
    ),
    A.JUDGE_REPEAT: ActionInfo(
        _("Say whether the fault came back"), _("Repeat repair decided"), is_main=False, icon="refresh-alert"
    ),
}

has_lines = Guard[OrderFacts](
    "has_lines", lambda f: f.line_count > 0, _("Add at least one line to the quotation first: labour, a part or a fee.")
)
something_unanswered = Guard[OrderFacts](
    "something_unanswered", lambda f: f.open_count > 0, _("The customer has answered every line already.")
)
was_quoted = Guard[OrderFacts](
    "was_quoted",
    lambda f: f.is_quoted,
    _("The lines were changed since. Give the changed quotation to the customer before recording the answer."),
)
nothing_unanswered = Guard[OrderFacts](
    "nothing_unanswered",
    lambda f: f.open_count == 0,
    _("The customer has not answered every line. Record the answer, or take the line out, before reporting it done."),
)
something_agreed = Guard[OrderFacts](
    "something_agreed", lambda f: f.agreed_count > 0, _("The customer has agreed to nothing yet.")
)
quotation_valid = Guard[OrderFacts](
    "quotation_valid",
    lambda f: f.is_quotation_valid,
    _("The quotation is no longer valid. Change it and give it again before recording the answer."),
)
has_technician = Guard[OrderFacts]("has_technician", lambda f: f.has_technician, _("Assign a technician first."))
not_waiting = Guard[OrderFacts](
    "not_waiting", lambda f: not f.is_waiting, _("The order is waiting. Record that it goes on before the next step.")
)
is_waiting = Guard[OrderFacts]("is_waiting", lambda f: f.is_waiting, _("The order is not waiting for anything."))
not_own_work = Guard[OrderFacts](
    "not_own_work",
    lambda f: not f.is_own_work,
    _("You worked on this unit yourself. Somebody else checks it, unless the house rules of your station allow it."),
)
work_explained = Guard[OrderFacts](
    "work_explained", lambda f: f.is_explained, _("Explain to the customer what was done and what it costs first.")
)
old_parts_answered = Guard[OrderFacts](
    "old_parts_answered", lambda f: f.has_old_parts_answer, _("Say first what becomes of the old parts.")
)
something_due = Guard[OrderFacts]("something_due", lambda f: f.due_fen > 0, _("Nothing is left to pay."))
nothing_due = Guard[OrderFacts](
    "nothing_due", lambda f: f.due_fen <= 0, _("Record the payment first: part of the amount is still due.")
)

P = Permission
OrderStep = Step[OrderState, OrderFacts]

_AT_WORK: tuple[OrderState, ...] = (S.APPROVED, S.REPAIRING)
_LINES: Mapping[tuple[OrderState, OrderAction], OrderStep] = {
    # The quotation is written before it is given, and again when something is found during the work.
    **{
        (state, action): OrderStep(state, P.QUOTE)
        for state in (S.DIAGNOSED, *_AT_WORK)
        for action in (A.ADD_LINE, A.OFFER_AGAIN)
    },
    **{
        (state, action): OrderStep(state, P.QUOTE, (has_lines,))
        for state in (S.DIAGNOSED, *_AT_WORK)
        for action in (A.EDIT_LINE, A.REMOVE_LINE)
    },
    **{(state, A.DISCOUNT): OrderStep(state, P.QUOTE, (something_unanswered,)) for state in (S.DIAGNOSED, *_AT_WORK)},
    # What is added or changed during the work is asked about on its own, while the agreed work goes on.
    **{(s, A.QUOTE): OrderStep(s, P.QUOTE, (something_unanswered,), is_shown_greyed=False) for s in _AT_WORK},
    **{
        (state, action): OrderStep(
            state, P.RECORD_CONSENT, (something_unanswered, was_quoted, quotation_valid), is_shown_greyed=False
        )
        for state in _AT_WORK
        for action in (A.APPROVE, A.DECLINE)
    },
}

STEPS: Mapping[tuple[OrderState, OrderAction], OrderStep] = {
    (S.RECEIVED, A.DIAGNOSE): OrderStep(S.DIAGNOSED, P.DIAGNOSE, (not_waiting,)),
    (S.RECEIVED, A.CANCEL): OrderStep(S.CANCELLED, P.CANCEL),
    (S.DIAGNOSED, A.QUOTE): OrderStep(S.QUOTED, P.QUOTE, (has_lines, something_unanswered, not_waiting)),
    (S.DIAGNOSED, A.CANCEL): OrderStep(S.CANCELLED, P.CANCEL),
    (S.QUOTED, A.APPROVE): OrderStep(S.APPROVED, P.RECORD_CONSENT, (quotation_valid,)),
    (S.QUOTED, A.DECLINE): OrderStep(S.DECLINED, P.RECORD_CONSENT),
    (S.QUOTED, A.REVISE): OrderStep(S.DIAGNOSED, P.QUOTE),
    (S.QUOTED, A.CANCEL): OrderStep(S.CANCELLED, P.CANCEL),
    (S.APPROVED, A.START): OrderStep(S.REPAIRING, P.REPAIR, (something_agreed, has_technician, not_waiting)),
    (S.APPROVED, A.CANCEL): OrderStep(S.CANCELLED, P.CANCEL),
    (S.REPAIRING, A.COMPLETE): OrderStep(S.REPAIRED, P.REPAIR, (not_waiting, nothing_unanswered, something_agreed)),
    (S.REPAIRING, A.FINISH_LINE): OrderStep(S.REPAIRING, P.REPAIR, (not_waiting, something_agreed)),
    (S.REPAIRING, A.CANCEL): OrderStep(S.CANCELLED, P.CANCEL),
    (S.REPAIRED, A.PASS_CHECK): OrderStep(S.CHECKED, P.CHECK, (not_waiting, not_own_work)),
    (S.REPAIRED, A.FAIL_CHECK): OrderStep(S.REPAIRING, P.CHECK, (not_own_work,), is_shown_greyed=False),
    (S.CHECKED, A.ANNOUNCE): OrderStep(S.READY, P.ANNOUNCE, (not_waiting,)),
    (S.READY, A.EXPLAIN): OrderStep(S.READY, P.HAND_OVER),
    (S.READY, A.RECORD_PAYMENT): OrderStep(S.READY, P.RECORD_PAYMENT, (something_due,)),
    (S.READY, A.HAND_OVER): OrderStep(S.HANDED_OVER, P.HAND_OVER, (work_explained, old_parts_answered, nothing_due)),
    (S.DECLINED, A.HAND_OVER): OrderStep(S.HANDED_OVER, P.HAND_OVER),
    (S.DECLINED, A.REVISE): OrderStep(S.DIAGNOSED, P.QUOTE),
    (S.CANCELLED, A.HAND_OVER): OrderStep(S.HANDED_OVER, P.HAND_OVER),
    (S.HANDED_OVER, A.CLOSE): OrderStep(S.CLOSED, P.CLOSE),
    **_LINES,
    **{(state, A.ASSIGN): OrderStep(state, P.ASSIGN) for state in PROMISE_RUNS if state is not S.CHECKED},
    **{(state, A.WAIT): OrderStep(state, P.WAIT, (not_waiting,)) for state in PROMISE_RUNS},
    **{(state, A.RESUME): OrderStep(state, P.WAIT, (is_waiting,)) for state in PROMISE_RUNS},
    **{(state, A.CONTACT): OrderStep(state, P.CONTACT) for state in IN_HOUSE},
    **{(state, A.JUDGE_REPEAT): OrderStep(state, P.JUDGE_REPEAT) for state in (*IN_HOUSE, S.HANDED_OVER)},
}

ORDER: Workflow[OrderState, OrderAction, OrderFacts] = Workflow(
    states=STATES, actions=ACTIONS, steps=STEPS, start=S.RECEIVED, title=_("Repair order")
)


def act_towards(
    offers: Sequence[OpenAction[OrderAction]], state: OrderState, phase: str
) -> OpenAction[OrderAction] | None:
    """Of what could follow now, the act that brings an order from `state` into `phase`: rather one that is possible, rather the ordinary one."""
    leading = [
        each
        for each in offers
        if (to := STEPS[state, each.action].leads_to) is not state and to in PHASES.get(phase, ())
    ]
    ranked = sorted(leading, key=lambda each: (not each.is_possible, not each.info.is_main))
    return ranked[0] if ranked else None
