"""Statements: on the page, on paper, and as the customer confirmed them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from aftersales.billing import queries, services
from aftersales.billing.permissions import Permission
from aftersales.billing.queries import Statement
from aftersales.billing.web import exports, forms
from aftersales.billing.web.papers import statement_paper
from aftersales.core import clock
from aftersales.core.errors import Refused
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.customers import queries as customers
from aftersales.exchange.web.buttons import export_button
from aftersales.ui.forms import add_refusal
from aftersales.ui.web.papers import pdf_response


def _asked(request: ActorRequest, customer_id: int) -> tuple[forms.PeriodForm, Statement]:
    """The statement of the period in the address; of this month where none stands there."""
    today = timezone.localdate(clock.now())
    wanted = request.GET or {"since": today.replace(day=1).isoformat(), "until": today.isoformat()}
    form = forms.PeriodForm(wanted)
    since: date = today.replace(day=1)
    until = today
    if form.is_valid():
        since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    return form, queries.statement(request.actor, customer_id=customer_id, since=since, until=until)


def _page(request: ActorRequest, customer_id: int, confirm: forms.ConfirmForm | None = None) -> dict[str, Any]:
    customer = customers.get_customer(request.actor, customer_id, with_reach=False)
    form, found = _asked(request, customer.pk)
    account = queries.find_account(request.actor, customer.pk)
    period = f"since={found.since.isoformat()}&until={found.until.isoformat()}"
    may_confirm = request.actor.may(Permission.CONFIRM) and account is not None and found.confirmed is None
    shown = {"since": found.since.isoformat(), "until": found.until.isoformat(), "sort": "number"}
    button = export_button(request, exports.VOUCHERS, account=account.pk, **shown) if account else None
    return {
        "customer": customer,
        "form": form,
        "statement": found,
        "pdf": f"{reverse('billing:statement_pdf', args=[customer.pk])}?{period}",
        "confirm_url": f"{reverse('billing:confirm_statement', args=[customer.pk])}?{period}",
        "confirm": confirm or (forms.ConfirmStatementForm(initial=_shown(found)) if may_confirm else None),
        "export": button,
    }


def _shown(found: Statement) -> dict[str, str]:
    return {"closing": found.closing.plain}


@needs(Permission.SEE_ACCOUNTS)
@require_safe
def statement(request: ActorRequest, customer_id: int) -> HttpResponse:
    """Opening balance, entries, closing balance, and who confirmed it."""
    return render(request, "billing/statement.html", _page(request, customer_id))


@needs(Permission.SEE_ACCOUNTS)
@require_safe
def statement_pdf(request: ActorRequest, customer_id: int) -> HttpResponse:
    """The statement as PDF, in the customer's language."""
    customer = customers.get_customer(request.actor, customer_id, with_reach=False)
    _form, found = _asked(request, customer.pk)
    return pdf_response(statement_paper(customer, found, now=clock.now()), "statement")


@needs(Permission.CONFIRM)
@require_POST
def confirm_statement(request: ActorRequest, customer_id: int) -> HttpResponse:
    """The customer confirmed the closing balance he was shown."""
    form = forms.ConfirmStatementForm(request.POST)
    _period, found = _asked(request, customer_id)
    if not form.is_valid():
        return render(request, "billing/statement.html", _page(request, customer_id, form), status=422)
    try:
        services.confirm_statement(
            request.actor,
            customer_id=customer_id,
            since=found.since,
            until=found.until,
            **form.cleaned_data,
            now=clock.now(),
        )
    except Refused as refused:
        data = request.POST.copy()
        data["closing"] = found.closing.plain  # sent again, it means the balance that is now in view
        form.data = data
        add_refusal(form, refused)
        return render(request, "billing/statement.html", _page(request, customer_id, form), status=refused.status)
    messages.success(request, str(_("The confirmation is recorded")))
    period = f"since={found.since.isoformat()}&until={found.until.isoformat()}"
    return redirect(f"{reverse('billing:statement', args=[customer_id])}?{period}")
