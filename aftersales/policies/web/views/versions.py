"""The versions of a policy, one of them with what the check says of it, and one view per step of its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from aftersales.core import clock, journal
from aftersales.core.errors import Refused
from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.workflow import OpenAction
from aftersales.policies import queries, services
from aftersales.policies.permissions import Permission
from aftersales.policies.rules.versions import VERSION, VersionAction, VersionState
from aftersales.policies.web import forms, telling
from aftersales.policies.web.panels import header
from aftersales.ui.forms import add_refusal

FORMS: Mapping[VersionAction, type[django_forms.Form]] = {
    VersionAction.HAND_IN: forms.HandInForm,
    VersionAction.SEND_BACK: forms.ReasonForm,
    VersionAction.WITHDRAW: forms.ReasonForm,
}
SERVICES: Mapping[VersionAction, Callable[..., Any]] = {
    VersionAction.HAND_IN: services.hand_in,
    VersionAction.APPROVE: services.approve,
    VersionAction.SEND_BACK: services.send_back,
    VersionAction.TAKE_BACK: services.take_back,
    VersionAction.WITHDRAW: services.withdraw,
}
MOST_FINDINGS = 50


@dataclass(frozen=True)
class Offer:
    """One step that may follow, with its address and its form."""

    open: OpenAction[VersionAction]
    url: str
    form: django_forms.Form | None


@needs(Permission.SEE)
@require_safe
def versions(request: ActorRequest, policy: str) -> HttpResponse:
    """Every version, newest first."""
    head = header(request, policy, "versions")
    today = timezone.localdate(clock.now())
    rows = [(each, queries.standing_of(each, head.versions, today)) for each in head.versions]
    return render(request, "policies/versions.html", {"head": head, "rows": rows})


@needs(Permission.EDIT)
@require_POST
def begin_draft(request: ActorRequest, policy: str) -> HttpResponse:
    """A draft after the version in force; the open one if there is one."""
    now = clock.now()
    draft = services.begin_draft(request.actor, policy=policy, now=now, today=timezone.localdate(now))
    return redirect("policies:version", policy=policy, number=draft.number)


@needs(Permission.SEE)
@require_safe
def version(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """One version: what the check says, what was ruled in it, and what may follow."""
    return render(request, "policies/version.html", _page(request, policy, number))


def _page(
    request: ActorRequest, policy: str, number: int, bound: tuple[VersionAction, django_forms.Form] | None = None
) -> dict[str, Any]:
    head = header(request, policy, "versions", number=number)
    examined = queries.examine(head.version)
    facts = queries.facts_of(request.actor, head.version)
    offers = []
    for each in VERSION.open_actions(VersionState(head.version.state), facts, request.actor.may):
        form_class = FORMS.get(each.action)
        form = (
            bound[1]
            if bound and bound[0] is each.action
            else form_class(prefix=each.action.value, initial={"note": head.version.note})
            if form_class
            else None
        )
        url = reverse(f"policies:{each.action.value}", kwargs={"policy": policy, "number": number})
        offers.append(Offer(each, url, form))
    faults = telling.findings(head.version, examined.faults[:MOST_FINDINGS])
    return {
        "head": head,
        "info": VERSION.states[VersionState(head.version.state)],
        "examined": examined,
        "faults": faults,
        "red": [queries.case_row(head.version, each) for each in examined.red[:MOST_FINDINGS]],
        "faults_left": len(examined.faults) - len(faults),
        "remarks": telling.findings(head.version, examined.remarks[:MOST_FINDINGS]),
        "let_stand": telling.let_stand(head.version, examined.reports),
        "offers": offers,
        "rulings": head.version.rulings.all(),
        "entries": journal.entries_of("policy_version", head.version.pk, limit=50),
    }


def _step(request: ActorRequest, policy: str, number: int, action: VersionAction) -> HttpResponse:
    queries.get_version(request.actor, policy=policy, number=number)
    form_class = FORMS.get(action)
    form = form_class(request.POST, prefix=action.value) if form_class else None
    if form is not None and not form.is_valid():
        context = _page(request, policy, number, (action, form))
        return render(request, "policies/version.html", context, status=422)
    said = form.cleaned_data if form else {}
    try:
        SERVICES[action](request.actor, policy=policy, number=number, **said, now=clock.now())
    except Refused as refused:
        if form is None:
            raise
        add_refusal(form, refused)
        return render(
            request, "policies/version.html", _page(request, policy, number, (action, form)), status=refused.status
        )
    messages.success(request, str(VERSION.actions[action].done))
    return redirect("policies:version", policy=policy, number=number)


@needs(Permission.EDIT)
@require_POST
def hand_in(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """The draft goes to whoever approves it."""
    return _step(request, policy, number, VersionAction.HAND_IN)


@needs(Permission.APPROVE)
@require_POST
def approve(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """The version governs from its first day."""
    return _step(request, policy, number, VersionAction.APPROVE)


@needs(Permission.APPROVE)
@require_POST
def send_back(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """The version is a draft again; the reason says what should be changed."""
    return _step(request, policy, number, VersionAction.SEND_BACK)


@needs(Permission.EDIT)
@require_POST
def take_back(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """The version is a draft again."""
    return _step(request, policy, number, VersionAction.TAKE_BACK)


@needs(Permission.EDIT)
@require_POST
def withdraw(request: ActorRequest, policy: str, number: int) -> HttpResponse:
    """The version is given up."""
    return _step(request, policy, number, VersionAction.WITHDRAW)
