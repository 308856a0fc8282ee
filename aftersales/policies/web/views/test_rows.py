"""The test cases of a version: green and red, why, one added, the outcome of some accepted, some taken out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.core import clock
from aftersales.core.errors import Invalid, Refused
from aftersales.core.text import text as _, text_n
from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.web.idempotency import reads
from aftersales.policies import queries, services
from aftersales.policies.permissions import Permission
from aftersales.policies.rules import cases as rules
from aftersales.policies.rules.cases import NewCase
from aftersales.policies.web.edit_desk import Desk, chips_of, desk_of
from aftersales.ui.lists import paginate

FACT, EXPECT, WITH = "fact-", "expect-", "with-"
"""What the names of the fields begin with: a fact told, an outcome expected, whether it is expected at all."""


class FilterForm(forms.Form):
    """What narrows the test cases."""

    q = forms.CharField(label=gettext_lazy("Search"), max_length=100, required=False)
    decision = forms.ChoiceField(label=gettext_lazy("Decision"), required=False)
    red = forms.BooleanField(label=gettext_lazy("Only red ones"), required=False)

    def __init__(self, data: Any, *, decisions: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["decision"].choices = [("", gettext_lazy("All")), *decisions]  # type: ignore[attr-defined]


@needs(Permission.SEE)
@require_safe
def test_rows(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """The test cases, the red ones first; `?explain=` tells why one comes out as it does."""
    desk = desk_of(request, policy, number, "cases")
    if request.htmx and request.GET.get("explain"):
        row, sentences = queries.explain_case(request.actor, desk.version, request.GET["explain"])
        return render(request, "policies/test_rows.html#explained", {"row": row, "sentences": sentences})
    return render(request, "policies/test_rows.html", _page(request, desk))


def _page(request: ActorRequest, desk: Desk) -> dict[str, Any]:
    form = FilterForm(request.GET, decisions=queries.decisions_of(desk.version))
    form.is_valid()
    asked = form.cleaned_data
    everything = queries.list_case_results(request.actor, desk.version)
    found = queries.list_case_results(
        request.actor, desk.version, is_red=bool(asked.get("red")), decision=asked.get("decision", ""),
        words=asked.get("q", ""),
    )  # fmt: skip
    page = paginate(found, request)
    explained = request.GET.get("explain", "")
    rows = [queries.case_row(desk.version, result) for result in page]
    return {
        "desk": desk,
        "page": page,
        "rows": rows,
        "explained": explained,
        "sentences": queries.explain_case(request.actor, desk.version, explained)[1]
        if any(row.id == explained for row in rows)
        else (),
        "filter": form,
        "chips": chips_of(request, form),
        "here": desk.url("test_rows"),
        "red_shown": [row.id for row in rows if not row.result.is_green],
        "red": sum(not each.is_green for each in everything),
        "all": len(everything),
        "add_url": desk.url("add_case"),
        "download_url": desk.url("download_cases"),
        "accept_url": desk.url("accept_outcomes"),
        "remove_url": desk.url("remove_cases"),
    }


@needs(Permission.EDIT)
@require_POST
def accept_outcomes(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """Let the ticked cases, or all red ones shown, expect what comes of them now."""
    names = request.POST.getlist("shown" if request.POST.get("all") else "id")
    typed = request.POST.get("version", "")
    if not typed.isdecimal():
        raise Invalid(_("Reload the page and send it again."))
    services.accept_outcomes(
        request.actor, policy=policy, number=number, version=int(typed), ids=names, now=clock.now()
    )
    told = text_n(
        "{count} test case now expects its outcome.", "{count} test cases now expect their outcome.", len(names)
    )
    messages.success(request, str(told))
    return redirect("policies:test_rows", policy, number)


@needs(Permission.EDIT)
@require_POST
def remove_cases(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """Take the ticked cases out."""
    names = request.POST.getlist("id")
    services.remove_cases(request.actor, policy=policy, number=number, ids=names, now=clock.now())
    messages.success(request, str(text_n("{count} test case removed.", "{count} test cases removed.", len(names))))
    return redirect("policies:test_rows", policy, number)


@needs(Permission.SEE)
@require_safe
def download_cases(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """The test cases as a file for `aftersales policy judge`, one JSON object to a line."""
    version = queries.get_version(request.actor, policy=policy, number=number)
    response = HttpResponse(version.cases, content_type="application/x-ndjson; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{policy}-{number}.cases.jsonl"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


# A new case


@needs(Permission.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add_case(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """A case typed fact by fact; what comes of it now is offered as what should."""
    desk = desk_of(request, policy, number, "cases")
    typed = request.POST if request.method == "POST" else request.GET
    problem, status = "", 200
    if request.method == "POST":
        try:
            case = _case(desk, typed)
            services.add_case(request.actor, policy=policy, number=number, case=case, now=clock.now())
        except Refused as refused:
            if not desk.is_draft:
                raise
            problem, status = str(refused), refused.status
        else:
            messages.success(request, str(_("The test case “{name}” is kept.", name=case.id)))
            return redirect("policies:test_rows", policy, number)
    context = _case_page(desk, typed, is_sent=request.method == "POST") | {"problem": problem}
    return render(request, "policies/add_case.html", context, status=status)


@reads
@needs(Permission.EDIT)
@require_POST
def try_new_case(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """What comes of a case as it is typed; nothing is stored."""
    desk = desk_of(request, policy, number, "cases")
    template = "policies/add_case.html#outcome" if request.htmx else "policies/add_case.html"
    return render(request, template, _case_page(desk, request.POST, is_sent=False))


def _case_page(desk: Desk, typed: Any, *, is_sent: bool) -> dict[str, Any]:
    decisions = queries.decisions_of(desk.version)
    decision = _decision(desk, typed)
    facts = _with(typed, FACT)
    outcome = queries.outcome_of(desk.version, decision, facts)
    expected, ticked = _with(typed, EXPECT), _with(typed, WITH)
    return {
        "desk": desk,
        "decisions": decisions,
        "decision": decision,
        "facts": [(fact, facts.get(fact.name, "")) for fact in queries.asked_facts(desk.version, decision)],
        "name": typed.get("id", "") or rules.next_id(desk.version.cases, decision),
        "outcome": outcome,
        "given": [
            (each, expected.get(each.name, each.raw) if is_sent else each.raw, each.name in ticked or not is_sent)
            for each in outcome.given
        ],
        "here": desk.url("add_case"),
        "try_url": desk.url("try_new_case"),
        "back": desk.url("test_rows"),
    }


def _decision(desk: Desk, typed: Any) -> str:
    known = [key for key, _label in queries.decisions_of(desk.version)]
    asked = str(typed.get("decision", ""))
    return asked if asked in known else known[0]


def _case(desk: Desk, typed: Any) -> NewCase:
    decision = _decision(desk, typed)
    ticked = _with(typed, WITH)
    wanted = {name: value for name, value in _with(typed, EXPECT).items() if name in ticked}
    facts = queries.facts_from(desk.version, decision, _with(typed, FACT))
    expected = queries.expected_from(desk.version, decision, wanted)
    return NewCase(str(typed.get("id", "")).strip(), decision, facts, expected)


def _with(typed: Any, start: str) -> dict[str, str]:
    return {name.removeprefix(start): value[:2000] for name, value in typed.items() if name.startswith(start)}
