"""Each act of the order page: its form, its service, and what the form starts with.

The keys are the actions of the `STEPS` table; `urls.py` makes one address from each, so the word on the button, the address, the
service and the journal entry are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from aftersales.catalog import queries as catalog
from aftersales.core.actor import Actor
from aftersales.core.text import text
from aftersales.staff import queries as staff
from aftersales.workshop import queries, services
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules import diagnosis, quotation
from aftersales.workshop.rules.order import OrderAction as A
from aftersales.workshop.rules.quotation import Decision
from aftersales.workshop.rules.repeat import OTHER
from aftersales.workshop.web import forms as f


@dataclass(frozen=True)
class Act:
    """How one action is asked for and carried out."""

    form: type[forms.Form]
    service: Callable[..., Any]
    options: Callable[[Actor, Any], Mapping[str, Any]] = lambda _actor, _order: {}
    initial: Callable[[Actor, Any], Mapping[str, Any]] = lambda _actor, _order: {}

    def form_for(self, actor: Actor, order: Any, data: Any = None, files: Any = None) -> forms.Form:
        """The form, empty or filled with what was sent."""
        return self.form(data, files, initial=dict(self.initial(actor, order)), **self.options(actor, order))

    def run(self, actor: Actor, number: str, form: forms.Form, now: datetime) -> None:
        """Carry the act out with what the form holds."""
        self.service(actor, number=number, now=now, **form.cleaned_data)


def _technicians(actor: Actor, order: Any) -> Mapping[str, Any]:
    able = staff.people_with(actor, permission=Permission.REPAIR, station=order.station.code)
    return {"technicians": [(str(person.pk), person.name) for person in able]}


def _people(actor: Actor, order: Any) -> Mapping[str, Any]:
    here = staff.people_with(actor, permission=Permission.SEE, station=order.station.code)
    return {"people": [(str(person.pk), person.name) for person in here]}


def _open_lines(_actor: Actor, order: Any) -> Mapping[str, Any]:
    asked = [line for line in queries.list_lines(order) if line.decision == Decision.OPEN]
    return {"lines": [(str(line.position), _line_words(line)) for line in asked]}


def _line_words(line: Any) -> str:
    option = f"{line.choice}: {line.option} · " if line.choice else ""
    return f"{option}{line.description} · {line.amount}"


def _yes(_actor: Actor, order: Any) -> Mapping[str, Any]:
    """All that is asked, of alternatives the first; it is the customer's word that unticks."""
    facts = [line.facts() for line in queries.list_lines(order)]
    return {**_answer(_actor, order), "agreed": [str(place) for place in quotation.first_choices(facts)]}


def _answer(_actor: Actor, order: Any) -> Mapping[str, Any]:
    return {"given_by": order.customer.name, "quotation_no": order.quotation_no}


def _points(_actor: Actor, order: Any) -> Mapping[str, Any]:
    trade = catalog.get_trade(order.trade)
    return {"points": trade.quality}


def _lists(_actor: Actor, order: Any) -> Mapping[str, Any]:
    trade, told = catalog.get_trade(order.trade), queries.symptoms_of(order)
    causes = diagnosis.usual_first(trade.causes, told)
    return {"symptoms": trade.faults, "causes": causes, "remedies": trade.remedies}


def _causes_and_remedies(_actor: Actor, order: Any) -> Mapping[str, Any]:
    trade = catalog.get_trade(order.trade)
    return {"causes": trade.causes, "remedies": diagnosis.usual_first(trade.remedies, [order.cause])}


def _customer(_actor: Actor, order: Any) -> Mapping[str, Any]:
    return {"reached": _speaker(order), "taken_by": _speaker(order), "authority": "owner"}


def _speaker(order: Any) -> str:
    """Whom one talks to: the person, or who speaks for the organisation."""
    return str(order.customer.contact_name or order.customer.name)


def _ready(_actor: Actor, order: Any) -> Mapping[str, Any]:
    cost = text("To be paid: {amount}.", amount=order.due) if order.due_fen else text("There is nothing to pay.")
    return {"reached": _speaker(order), "told": f"{order.work_done}\n{cost}"}


def _declined(actor: Actor, order: Any) -> Mapping[str, Any]:
    lines = queries.list_declined_lines_of_unit(actor, order.unit_id)
    return {"declined": list(dict.fromkeys(line.description for line in lines))}


def _explained(_actor: Actor, order: Any) -> Mapping[str, Any]:
    names = ("old_parts", "is_explained", "advice", "next_visit_on")
    return {name: getattr(order, name) for name in names} | {"work_told": order.work_told or order.work_done}


def _judged(_actor: Actor, order: Any) -> Mapping[str, Any]:
    judged = OTHER if order.repeat_note else ""
    return {"repeat_of": order.repeat_of.number if order.repeat_of_id else judged}


ACTS: Mapping[A, Act] = {
    A.ASSIGN: Act(f.AssignForm, services.assign_order, _technicians, lambda _a, o: {"technician_id": o.technician_id}),
    A.DIAGNOSE: Act(
        f.DiagnoseForm,
        services.diagnose_order,
        _lists,
        lambda _a, o: {"diagnosis": o.diagnosis, "symptoms": queries.symptoms_of(o)},
    ),
    A.ADD_LINE: Act(f.LineForm, services.add_line),
    A.EDIT_LINE: Act(f.EditLineForm, services.edit_line),
    A.REMOVE_LINE: Act(f.PositionForm, services.remove_line),
    A.DISCOUNT: Act(f.DiscountForm, services.discount_lines),
    A.OFFER_AGAIN: Act(f.OfferAgainForm, services.offer_again),
    A.QUOTE: Act(f.QuoteForm, services.quote_order),
    A.APPROVE: Act(f.ApproveForm, services.approve_order, _open_lines, _yes),
    A.DECLINE: Act(f.AnswerForm, services.decline_order, initial=_answer),
    A.REVISE: Act(f.ReasonForm, services.revise_order),
    A.START: Act(f.ActForm, services.start_order),
    A.FINISH_LINE: Act(f.PositionForm, services.finish_line),
    A.COMPLETE: Act(
        f.CompleteForm,
        services.complete_order,
        _causes_and_remedies,
        lambda _a, o: {"cause": o.cause, "remedy": o.remedy, "work_done": o.work_done},
    ),
    A.PASS_CHECK: Act(f.CheckForm, services.pass_check, _points),
    A.FAIL_CHECK: Act(f.CheckForm, services.fail_check, _points),
    A.ANNOUNCE: Act(f.AnnounceForm, services.announce_order, initial=_ready),
    A.EXPLAIN: Act(f.ExplainForm, services.explain_order, _declined, _explained),
    A.RECORD_PAYMENT: Act(f.PaymentForm, services.record_payment, initial=lambda _a, o: {"amount": o.due.plain}),
    A.HAND_OVER: Act(f.HandOverForm, services.hand_over_order, initial=_customer),
    A.CLOSE: Act(f.ActForm, services.close_order),
    A.CANCEL: Act(f.ReasonForm, services.cancel_order),
    A.WAIT: Act(f.WaitForm, services.wait_order, _people),
    A.RESUME: Act(f.ActForm, services.resume_order),
    A.CONTACT: Act(f.ContactForm, services.contact_customer, initial=_customer),
    A.JUDGE_REPEAT: Act(f.JudgeRepeatForm, services.judge_repeat, initial=_judged),
}
