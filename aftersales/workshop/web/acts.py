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
from aftersales.staff import queries as staff
from aftersales.workshop import services
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.order import OrderAction as A
from aftersales.workshop.web import forms as f


@dataclass(frozen=True)
class Act:
    """How one action is asked for and carried out."""

    form: type[forms.Form]
    service: Callable[..., Any]
    options: Callable[[Actor, Any], Mapping[str, Any]] = lambda _actor, _order: {}
    initial: Callable[[Actor, Any], Mapping[str, Any]] = lambda _actor, _order: {}

    def form_for(self, actor: Actor, order: Any, data: Any = None) -> forms.Form:
        """The form, empty or filled with what was sent."""
        return self.form(data, initial=dict(self.initial(actor, order)), **self.options(actor, order))

    def run(self, actor: Actor, number: str, form: forms.Form, now: datetime) -> None:
        """Carry the act out with what the form holds."""
        self.service(actor, number=number, now=now, **form.cleaned_data)


def _technicians(actor: Actor, order: Any) -> Mapping[str, Any]:
    able = staff.people_with(actor, permission=Permission.REPAIR, station=order.station.code)
    return {"technicians": [(str(person.pk), person.name) for person in able]}


def _points(_actor: Actor, order: Any) -> Mapping[str, Any]:
    trade = catalog.get_trade(order.trade)
    return {"points": [(point.code, point.label) for point in trade.quality]}


def _customer(_actor: Actor, order: Any) -> Mapping[str, Any]:
    return {"given_by": order.customer.name, "taken_by": order.customer.name}


ACTS: Mapping[A, Act] = {
    A.ASSIGN: Act(f.AssignForm, services.assign_order, _technicians, lambda _a, o: {"technician_id": o.technician_id}),
    A.DIAGNOSE: Act(f.DiagnoseForm, services.diagnose_order, initial=lambda _a, o: {"diagnosis": o.diagnosis}),
    A.ADD_LINE: Act(f.LineForm, services.add_line),
    A.REMOVE_LINE: Act(f.RemoveLineForm, services.remove_line),
    A.QUOTE: Act(f.ActForm, services.quote_order),
    A.APPROVE: Act(f.AnswerForm, services.approve_order, initial=_customer),
    A.DECLINE: Act(f.AnswerForm, services.decline_order, initial=_customer),
    A.REVISE: Act(f.ReasonForm, services.revise_order),
    A.START: Act(f.ActForm, services.start_order),
    A.COMPLETE: Act(f.CompleteForm, services.complete_order),
    A.PASS_CHECK: Act(f.CheckForm, services.pass_check, _points),
    A.FAIL_CHECK: Act(f.CheckForm, services.fail_check, _points),
    A.ANNOUNCE: Act(f.AnnounceForm, services.announce_order),
    A.RECORD_PAYMENT: Act(f.PaymentForm, services.record_payment, initial=lambda _a, o: {"amount": o.due.plain}),
    A.HAND_OVER: Act(f.HandOverForm, services.hand_over_order, initial=_customer),
    A.CLOSE: Act(f.ActForm, services.close_order),
    A.CANCEL: Act(f.ReasonForm, services.cancel_order),
    A.WAIT: Act(f.WaitForm, services.wait_order),
    A.RESUME: Act(f.ActForm, services.resume_order),
}
