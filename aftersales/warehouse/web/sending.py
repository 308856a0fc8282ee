"""What every page with a form does: show it, send it, show the refusal where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from aftersales.core.errors import Refused
from aftersales.core.text import Text
from aftersales.core.web.access import ActorRequest
from aftersales.ui.forms import add_refusal


@dataclass(frozen=True)
class Sheet:
    """A page that is one form."""

    title: object
    submit: object
    cancel: str
    icon: str = "check"
    lead: object = ""
    facts: tuple[tuple[object, object], ...] = ()


def send(
    request: ActorRequest,
    form: forms.Form,
    write: Callable[[dict[str, Any]], Any],
    *,
    sheet: Sheet,
    then: Callable[[Any], tuple[str, Text]],
) -> HttpResponse:
    """The form, or, when it was sent and done, the way on (an address and a sentence)."""
    status = 200
    if request.method == "POST":
        done, status = attempt(form, write)
        if status == 302:
            address, sentence = then(done)
            messages.success(request, str(sentence))
            return redirect(address)
    return render(request, "warehouse/form.html", {"form": form, "sheet": sheet}, status=status)


def attempt(form: forms.Form, write: Callable[[dict[str, Any]], Any]) -> tuple[Any, int]:
    """What was written and 302, or nothing and the status of the refusal, which then stands in the form."""
    if not form.is_valid():
        return None, 422
    try:
        return write(form.cleaned_data), 302
    except Refused as refused:
        add_refusal(form, refused)
        return None, refused.status
