"""A case tried against the policy, one question at a time, and kept as a decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from aftersales.core import clock
from aftersales.core.errors import Invalid, Refused
from aftersales.core.money import Money
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.policies import queries, services
from aftersales.policies.permissions import Permission
from aftersales.policies.queries import PolicyVersion
from aftersales.policies.services import Case
from aftersales.policies.web import asking, forms, telling
from aftersales.policies.web.panels import Header, header
from aftersales.ui.forms import add_refusal


@needs(Permission.TRY)
@require_safe
def try_case(request: ActorRequest, policy: str) -> HttpResponse:
    """The next question that matters; once none does any more, what the policy says and why."""
    head, version, on = _asked_version(request, policy, request.GET)
    return render(request, "policies/try.html", _page(head, version, on, request.GET))


def _asked_version(request: ActorRequest, policy: str, query: QueryDict) -> tuple[Header, PolicyVersion, date]:
    """The version to ask: a named one for a trial, else the one in force on the day the case happened."""
    on = _day(query.get("on", "")) or timezone.localdate(clock.now())
    if query.get("version", ""):
        head = header(request, policy, "try")
        return head, head.version, on
    version = queries.version_for(policy, on)
    return header(request, policy, "try", number=version.number), version, on


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _page(
    head: Header, version: PolicyVersion, on: date, query: QueryDict, form: forms.KeepDecisionForm | None = None
) -> dict[str, Any]:
    known = queries.policy_of(version)
    teller = queries.teller_of(known)
    decision = _decision(query, version)
    told = asking.interview(version, decision, query)
    context: dict[str, Any] = {
        "head": head,
        "decision": decision,
        "decisions": [(key, telling.decision_title(teller, key)) for key in known.decisions],
        "told": told,
        "on": on,
        "is_trial": bool(query.get("version", "")),
        "on_pairs": [(key, value) for key, value in query.items() if key not in {"on", "why", "version"}],
        "query": query.urlencode(),
        "query_pairs": [(key, value) for key, value in query.items() if key != "why"],
        "form": form or forms.KeepDecisionForm(),
    }
    if told.verdict is not None:
        clause = query.get("why", "")
        facts = telling.outcome_facts(known, told.verdict.outcome)
        context |= {
            "main": facts[0] if facts else None,
            "facts": facts[1:],
            "is_sound": told.verdict.is_sound,
            "sentences": telling.sentences(told.verdict, version)[1:],
            "clauses": [(key, teller.clause(key)) for key in known.clauses],
            "why": clause,
            "missed": list(teller.missed(told.verdict, clause)) if clause in known.clauses else [],
        }
    return context


def _decision(query: QueryDict, version: PolicyVersion) -> str:
    """The decision that is asked for, or the first."""
    known = queries.policy_of(version).decisions
    asked = query.get("decision", "")
    return asked if asked in known else next(iter(known))


@needs(Permission.TRY)
@require_POST
def decide(request: ActorRequest, policy: str) -> HttpResponse:
    """The decision, kept with all it was made from."""
    query = QueryDict(request.POST.get("case", ""))
    head, version, on = _asked_version(request, policy, query)
    form = forms.KeepDecisionForm(request.POST)
    told = asking.interview(version, _decision(query, version), query)
    if told.verdict is None or query.get("version", "") or not form.is_valid():
        context = _page(head, version, on, query, form) | {"is_short": told.verdict is None}
        return render(request, "policies/try.html", context, status=422)
    try:
        amount = form.cleaned_data["amount"]
        case = Case(
            facts=told.facts,
            on=on,
            subject=form.cleaned_data["subject"],
            amount=_fen(amount) if amount else None,
        )
        made = services.decide(request.actor, policy=policy, decision=told.verdict.decision, case=case, now=clock.now())
    except Refused as refused:
        add_refusal(form, refused)
        return render(request, "policies/try.html", _page(head, version, on, query, form), status=refused.status)
    messages.success(request, str(_("Kept as {number}.", number=made.number)))
    if request.actor.may(Permission.SEE_DECISIONS):
        return redirect("policies:decision", number=made.number)
    return redirect("policies:try_case", policy=policy)


def _fen(typed: str) -> int:
    amount = Money.parse(typed, field="amount").fen
    if amount < 0:
        raise Invalid(_("An invoice price is not below zero."), field="amount")
    return amount
