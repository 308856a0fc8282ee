"""The stations' own rules."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from aftersales.core import clock
from aftersales.core.errors import Refused
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.ui.forms import add_refusal
from aftersales.workshop import queries, services
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.order import WAITING_LABELS, WaitingFor
from aftersales.workshop.web import forms


@needs(Permission.EDIT_RULES)
@require_safe
def house_rules(request: ActorRequest) -> HttpResponse:
    """The rules of every station one sees, side by side."""
    rows = [
        (each, [WAITING_LABELS[WaitingFor(code)] for code in sorted(each.rules.pauses_for)])
        for each in queries.list_house_rules(request.actor)
    ]
    return render(request, "workshop/house_rules.html", {"rows": rows})


@needs(Permission.EDIT_RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_house_rules(request: ActorRequest, code: str) -> HttpResponse:
    """The form for one station's rules, and who changed them when."""
    found = queries.get_house_rules(request.actor, code)
    initial = vars(found.rules) | {"version": found.version, "pauses_for": sorted(found.rules.pauses_for)}
    form = forms.HouseRulesForm(request.POST or None, initial=initial)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_house_rules(request.actor, code=code, now=clock.now(), **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
            status = refused.status
        else:
            messages.success(request, str(_("Saved.")))
            return redirect("workshop:house_rules")
    changes = [_change(entry) for entry in queries.journal_of_rules(request.actor, code)]
    context = {"form": form, "place": found.station, "changes": changes}
    return render(request, "workshop/edit_house_rules.html", context, status=status)


def _change(entry: Any) -> tuple[Any, list[tuple[Any, Any, Any]]]:
    before, after = entry.before or {}, entry.after or {}
    told = [
        (label, _shown(before.get(name)), _shown(after[name]))
        for name, label in services.RULE_LABELS.items()
        if name in after
    ]
    return entry, told


def _shown(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(str(WAITING_LABELS[WaitingFor(code)]) for code in value) or "—"
    return {True: _("yes"), False: _("no")}[value] if isinstance(value, bool) else value
