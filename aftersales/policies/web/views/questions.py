"""The open questions of a policy, and the ruling on one of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from aftersales.core import clock
from aftersales.core.errors import Refused
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.policies import queries, services
from aftersales.policies.engine.model import Parameter, Policy
from aftersales.policies.permissions import Permission
from aftersales.policies.queries import Question
from aftersales.policies.rules.editing import Place
from aftersales.policies.services import Consequence
from aftersales.policies.web import forms, telling
from aftersales.policies.web.panels import Header, header
from aftersales.ui.forms import add_refusal
from aftersales.ui.lists import paginate

KINDS = {
    "G": _("Gap"),
    "O": _("Overlap"),
    "C": _("Contradiction"),
    "A": _("Two readings"),
    "T": _("Slip in the text"),
}


@needs(Permission.SEE)
@require_safe
def questions(request: ActorRequest, policy: str) -> HttpResponse:
    """What the text leaves open: most relied on first."""
    head = _newest(request, policy)
    found = queries.list_questions(request.actor, head.version)
    state = request.GET.get("state", "open")
    shown = [each for each in found if state == "all" or each.is_ruled == (state == "ruled")]
    context = {
        "head": head,
        "page": paginate(shown, request, per_page=20),
        "state": state,
        "counts": {"open": sum(not each.is_ruled for each in found), "ruled": sum(each.is_ruled for each in found)},
        "kinds": KINDS,
    }
    return render(request, "policies/questions.html", context)


def _newest(request: ActorRequest, policy: str) -> Header:
    """The head with the open draft, where rulings go; with the version in force if there is none."""
    head = header(request, policy, "questions")
    return header(request, policy, "questions", number=head.open.number) if head.open else head


@needs(Permission.SEE)
@require_http_methods(["GET", "POST"])
def rule_question(request: ActorRequest, policy: str, ambiguity: str) -> HttpResponse:
    """One open question with the rules that rely on it, and the ruling."""
    head = _newest(request, policy)
    known = queries.policy_of(head.version)
    found = queries.get_question(request.actor, head.version, ambiguity)
    parameters = _parameters(known, found)
    form = _form(request, known, found, parameters)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            ruling = services.rule_question(
                request.actor,
                policy=policy,
                ambiguity=ambiguity,
                reading="" if form.cleaned_data["reading"] == found.ambiguity.reading else form.cleaned_data["reading"],
                reason=form.cleaned_data["reason"],
                consequences=_consequences(parameters, form.cleaned_data),
                now=now,
                today=timezone.localdate(now),
            )
        except Refused as refused:
            add_refusal(form, refused)
            return render(request, "policies/question.html", _context(head, known, found, form), status=refused.status)
        messages.success(request, str(_("Ruled. Below is what it would have changed over past cases.")))
        return redirect("policies:what_if", policy=policy, number=ruling.version.number)
    status = 422 if form.is_bound else 200
    return render(request, "policies/question.html", _context(head, known, found, form), status=status)


def _form(request: ActorRequest, known: Policy, found: Question, parameters: list[Parameter]) -> forms.RulingForm:
    initial = {"reading": found.ambiguity.reading} | {f"parameter-{each.id}": _number(each) for each in parameters}
    teller = queries.teller_of(known)
    told = [(each, f"{teller.clause(each.clause)} ({each.id})", teller.unit(each.unit)) for each in parameters]
    return forms.RulingForm(request.POST or None, parameters=told, initial=initial)


def _number(parameter: Parameter) -> str:
    return f"{parameter.value.normalize():f}"


def _parameters(known: Policy, found: Question) -> list[Parameter]:
    """The numbers that stand in the rules relying on the question, or belong to its clauses."""
    clauses = set(found.ambiguity.clauses)
    return [each for each in known.parameters.values() if each.clause in clauses]


def _consequences(parameters: list[Parameter], said: dict[str, Any]) -> list[Consequence]:
    """Only the numbers that were changed: what stands there as 20% stays so."""
    return [
        Consequence(Place("parameters", each.id), {"value": said[f"parameter-{each.id}"]})
        for each in parameters
        if said[f"parameter-{each.id}"].strip() != _number(each)
    ]


def _context(head: Header, known: Policy, found: Question, form: forms.RulingForm) -> dict[str, Any]:
    teller = queries.teller_of(known)
    lines = [
        telling.rule_line(teller, table, rule)
        for decision in known.decisions.values()
        for table in decision.tables
        for rule in table.rules
        if found.ambiguity.id in rule.flags
    ]
    clauses = [known.clauses[clause] for clause in found.ambiguity.clauses if clause in known.clauses]
    return {
        "head": head,
        "question": found,
        "kind": KINDS.get(found.ambiguity.kind, found.ambiguity.kind),
        "form": form,
        "lines": list({line.id: line for line in lines}.values()),
        "clauses": clauses,
    }
