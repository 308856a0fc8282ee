"""Exports: making one from a list, watching it come, fetching it."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from aftersales.core import clock
from aftersales.core.errors import Invalid
from aftersales.core.sheets import shelf
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest, needs
from aftersales.core.web.idempotency import keyless
from aftersales.exchange import queries, services
from aftersales.exchange.permissions import Permission
from aftersales.ui.lists import paginate


class ExportForm(forms.Form):
    """What the button of a list sends."""

    code = forms.CharField(max_length=60)
    query = forms.CharField(max_length=2000, required=False)
    form = forms.CharField(max_length=4)
    is_uncovered = forms.BooleanField(required=False)
    _once = forms.CharField(max_length=255)


@needs(Permission.EXPORT)
@require_safe
def exports(request: ActorRequest) -> HttpResponse:
    """One's own exports of the last day."""
    return render(
        request,
        "exchange/exports.html",
        {"page": paginate(queries.list_exports(request.actor, now=clock.now()), request)},
    )


@keyless  # the service makes it once: writing a file must not hold everybody else's turn
@needs(Permission.EXPORT)
@require_POST
def make_export(request: ActorRequest) -> HttpResponse:
    """Make the file and send it; a long one is left to the worker, and its page watches it come."""
    form = ExportForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Reload the list and press the button again."))
    typed = form.cleaned_data
    wanted = services.Wanted(typed["code"], typed["query"], typed["form"], is_uncovered=typed["is_uncovered"])
    export = services.make_export(request.actor, wanted=wanted, once=typed["_once"], now=clock.now())
    return redirect("exchange:export_file" if export.is_ready else "exchange:export", export.token)


@needs(Permission.EXPORT)
@require_safe
def export(request: ActorRequest, token: str) -> HttpResponse:
    """How far the export has come; asked again every second by the page itself."""
    found = queries.get_export(request.actor, token, now=clock.now())
    context = {"export": found, "progress": queries.progress_of(found.job_id)}
    template = "exchange/export.html#progress" if request.htmx else "exchange/export.html"
    return render(request, template, context)


@needs(Permission.EXPORT)
@require_safe
def export_file(request: ActorRequest, token: str) -> HttpResponse:
    """The file, for its owner only."""
    found = queries.get_export(request.actor, token, now=clock.now())
    if not found.is_ready:
        return redirect("exchange:export", token)
    return cast("HttpResponse", shelf.download(found.token, name=found.name, form=found.form))


@keyless  # stopping twice is stopping once; and the wish must get in while others hold the writer's turn
@needs(Permission.EXPORT)
@require_POST
def stop_export(request: ActorRequest, token: str) -> HttpResponse:
    """Ask the worker to stop."""
    services.stop_export(request.actor, token=token, now=clock.now())
    messages.info(request, str(_("The worker stops at its next opportunity.")))
    return redirect(reverse("exchange:export", args=[token]))
