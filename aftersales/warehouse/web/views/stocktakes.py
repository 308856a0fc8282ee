"""Stores are counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.core import clock
from aftersales.core.errors import Refused
from aftersales.core.money import total
from aftersales.core.text import Text, text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.ui.lists import paginate
from aftersales.warehouse import queries, services
from aftersales.warehouse.permissions import Permission
from aftersales.warehouse.web import forms
from aftersales.warehouse.web.sending import Sheet, attempt, send


@needs(Permission.SEE)
@require_safe
def stocktakes(request: ActorRequest) -> HttpResponse:
    """The stocktakes, newest first."""
    page = paginate(queries.list_stocktakes(request.actor), request)
    context = {"page": page, "here": "stocktakes", "may_count": request.actor.may(Permission.COUNT)}
    return render(request, "warehouse/stocktakes.html", context)


@needs(Permission.COUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: ActorRequest) -> HttpResponse:
    """A stocktake begins."""
    return send(
        request,
        forms.BeginForm(request.POST or None, actor=request.actor),
        lambda told: services.begin_stocktake(request.actor, **told, now=clock.now()),
        sheet=Sheet(
            _("Begin a stocktake"),
            _("Begin"),
            reverse("warehouse:stocktakes"),
            "clipboard-list",
            _("Work goes on meanwhile: each line is compared with the books at the instant it is counted."),
        ),
        then=lambda take: (reverse("warehouse:stocktake", args=[take.number]), _("Scan the first item and count it.")),
    )


@needs(Permission.SEE)
@require_safe
def stocktake(request: ActorRequest, number: str) -> HttpResponse:
    """What was counted, what differs, and what is still to be counted."""
    form = forms.CountForm(actor=request.actor)
    return render(request, "warehouse/stocktake.html", _page(request, number, form))


def _page(request: ActorRequest, number: str, form: forms.CountForm) -> dict[str, Any]:
    actor = request.actor
    take = queries.get_stocktake(actor, number)
    lines = queries.lines_of(take)
    is_counting = take.state == queries.StocktakeState.COUNTING
    waits = take.state == queries.StocktakeState.HANDED_IN
    may_approve = waits and actor.may(Permission.APPROVE)
    return {
        "take": take,
        "lines": lines,
        "different": [line for line in lines if line.difference],
        "value": total(line.value for line in lines),
        "uncounted": paginate(queries.uncounted_of(actor, take), request) if is_counting else [],
        "form": form,
        "may_count": is_counting and actor.may(Permission.COUNT),
        "may_withdraw": (is_counting or waits) and actor.may(Permission.COUNT),
        "may_approve": may_approve and not queries.has_counted(actor, take),
        "has_counted": may_approve and queries.has_counted(actor, take),
    }


@needs(Permission.COUNT)
@require_POST
def count(request: ActorRequest, number: str) -> HttpResponse:
    """One line is counted; the form is open for the next."""
    form = forms.CountForm(request.POST, actor=request.actor)
    done, status = attempt(
        form, lambda told: services.count_line(request.actor, number=number, **told, now=clock.now())
    )
    if status != 302:
        return render(request, "warehouse/stocktake.html", _page(request, number, form), status=status)
    messages.success(request, str(_("{item}: {counted} counted.", item=done, counted=done.counted)))
    return redirect("warehouse:stocktake", number)


def _act(request: ActorRequest, number: str, service: Callable[..., Any], sentence: Text) -> HttpResponse:
    try:
        service(request.actor, number=number, now=clock.now())
    except Refused as refused:
        if refused.status == 404:
            raise
        form = forms.CountForm(actor=request.actor)
        context = _page(request, number, form) | {"refused": str(refused)}
        return render(request, "warehouse/stocktake.html", context, status=refused.status)
    messages.success(request, str(sentence))
    return redirect("warehouse:stocktake", number)


@needs(Permission.COUNT)
@require_POST
def hand_in(request: ActorRequest, number: str) -> HttpResponse:
    """The stocktake waits for somebody who did not count."""
    return _act(request, number, services.hand_in_stocktake, _("Handed in. Somebody else approves it."))


@needs(Permission.APPROVE)
@require_POST
def approve(request: ActorRequest, number: str) -> HttpResponse:
    """The differences become moves."""
    return _act(request, number, services.approve_stocktake, _("Approved. The stock is as it was counted."))


@needs(Permission.COUNT)
@require_POST
def withdraw(request: ActorRequest, number: str) -> HttpResponse:
    """The stocktake comes to nothing."""
    return _act(request, number, services.withdraw_stocktake, _("Withdrawn. No stock was changed."))
