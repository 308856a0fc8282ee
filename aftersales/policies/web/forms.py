"""Forms of the policies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.policies.engine.model import Parameter
from aftersales.ui.forms import MoneyInput

LONG = forms.Textarea(attrs={"rows": 3})


class HandInForm(forms.Form):
    """What changes and why."""

    note = forms.CharField(label=_("What changes and why"), max_length=500, widget=LONG)


class ReasonForm(forms.Form):
    """Why a version is sent back or given up."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=LONG)


class RulingForm(forms.Form):
    """How an open question is to be read, why, and which numbers follow from it."""

    reading = forms.CharField(
        label=_("So it is to be read"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Leave it as it is to confirm the reading followed so far."),
    )
    reason = forms.CharField(label=_("Why"), max_length=1000, widget=LONG)

    def __init__(self, *args: Any, parameters: Sequence[tuple[Parameter, str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each, label, unit in parameters:
            self.fields[f"parameter-{each.id}"] = forms.CharField(label=label, max_length=40, help_text=unit)

    @property
    def numbers(self) -> list[forms.BoundField]:
        """The fields of the parameters."""
        return [self[name] for name in self.fields if name.startswith("parameter-")]


class KeepDecisionForm(forms.Form):
    """What a decision was about."""

    subject = forms.CharField(
        label=_("What it is about"),
        required=False,
        max_length=120,
        help_text=_("Number of the paper or the goods; no names of customers."),
    )
    amount = forms.CharField(
        label=_("Invoice price of the goods (yuan)"), required=False, max_length=20, widget=MoneyInput
    )
