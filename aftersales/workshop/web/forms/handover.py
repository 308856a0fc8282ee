"""Telling, paying, giving the unit back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.workshop.rules.quotation import PAYMENT_LABELS
from aftersales.workshop.web.forms.shared import MoneyField, choices_of


class AnnounceForm(forms.Form):
    """Whom we told."""

    told = forms.CharField(
        label=_("Whom you reached, and how"),
        max_length=200,
        help_text=_("For example: Ms Li, by phone; told her what was repaired."),
    )


class PaymentForm(forms.Form):
    """A payment."""

    amount = MoneyField(label=_("Amount in yuan"))
    way = forms.ChoiceField(label=_("How"), choices=choices_of(PAYMENT_LABELS))


class HandOverForm(forms.Form):
    """Who takes the unit."""

    taken_by = forms.CharField(label=_("Who takes the unit"), max_length=80)
