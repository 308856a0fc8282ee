"""What every form of this room does when it is sent: write, or show what is wrong at the right place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from aftersales.core.errors import Refused
from aftersales.ui.forms import add_refusal


def save(form: forms.Form, write: Callable[[], Any]) -> tuple[Any, int]:
    """What `write` made and 200; or None and the status of the refusal, which then stands in the form."""
    if not form.is_bound:
        return None, 200
    if not form.is_valid():
        return None, 422
    try:
        return write(), 200
    except Refused as refused:
        add_refusal(form, refused)
        return None, refused.status
