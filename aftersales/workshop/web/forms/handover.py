"""Telling, explaining, paying, giving the unit back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.ui.signing import SignatureField
from aftersales.workshop.rules.handover import AUTHORITY_LABELS, OLD_PARTS_LABELS
from aftersales.workshop.rules.quotation import CONSENT_LABELS, PAYMENT_LABELS
from aftersales.workshop.web.forms.shared import MoneyField, choices_of


class AnnounceForm(forms.Form):
    """Whom we told, how and what."""

    way = forms.ChoiceField(label=_("How"), choices=choices_of(CONSENT_LABELS), initial="telephone")
    reached = forms.CharField(label=_("Whom you reached"), max_length=80)
    told = forms.CharField(
        label=_("What the customer was told"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was done, what it costs, and until when it can be fetched."),
    )


class ExplainForm(forms.Form):
    """What was explained at the counter, and what becomes of the old parts."""

    work_told = forms.CharField(
        label=_("What was done, in words for the customer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    old_parts = forms.ChoiceField(
        label=_("Old parts"), choices=choices_of(OLD_PARTS_LABELS), widget=forms.RadioSelect, required=False
    )
    is_explained = forms.BooleanField(label=_("Every item and its price was explained"), required=False)
    advice = forms.CharField(
        label=_("Advice for the next visit"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    next_visit_on = forms.DateField(
        label=_("Next visit advised on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reminded_of = forms.MultipleChoiceField(
        label=_("Reminded of what was declined"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, declined: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reminded_of"]
        if not declined:
            del self.fields["reminded_of"]
        elif isinstance(field, forms.ChoiceField):
            field.choices = [(words, words) for words in declined]


class PaymentForm(forms.Form):
    """A payment."""

    amount = MoneyField(label=_("Amount in yuan"))
    way = forms.ChoiceField(label=_("How"), choices=choices_of(PAYMENT_LABELS))


class HandOverForm(forms.Form):
    """Who takes the unit, why he may, and his signature."""

    taken_by = forms.CharField(label=_("Who takes the unit"), max_length=80)
    authority = forms.ChoiceField(
        label=_("Who that is"), choices=choices_of(AUTHORITY_LABELS), widget=forms.RadioSelect, required=False
    )
    signature = SignatureField(label=_("Signature of who takes it"), required=False)
    is_signed_on_paper = forms.BooleanField(label=_("Signed on the printed sheet"), required=False)
