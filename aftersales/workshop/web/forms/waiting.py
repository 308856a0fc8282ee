"""Standing still, and telling the customer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.workshop.rules.order import WAITING_LABELS
from aftersales.workshop.rules.promise import CONTACT_REASONS, ContactReason
from aftersales.workshop.rules.quotation import CONSENT_LABELS
from aftersales.workshop.web.forms.shared import Choices, choices_of


class WaitForm(forms.Form):
    """What the order waits for, and who sees to it."""

    waiting_for = forms.ChoiceField(label=_("Waits for"), choices=choices_of(WAITING_LABELS))
    owner_id = forms.TypedChoiceField(label=_("Who sees to it"), coerce=int, required=False, empty_value=None)
    waiting_on = forms.CharField(label=_("or somebody else"), max_length=80, required=False)
    expected_on = forms.DateField(
        label=_("Expected on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, people: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        field = self.fields["owner_id"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "—"), *people]


class ContactForm(forms.Form):
    """What the customer was told, and what was promised anew."""

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=choices_of({why: label for why, label in CONTACT_REASONS.items() if why is not ContactReason.READY}),
    )
    way = forms.ChoiceField(label=_("How"), choices=choices_of(CONSENT_LABELS), initial="telephone")
    reached = forms.CharField(label=_("Whom you reached"), max_length=80)
    note = forms.CharField(
        label=_("What was said"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    promised_at = forms.DateTimeField(
        label=_("New promise"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Only if the customer agreed to it. The old promise stays visible."),
    )


class AskedForm(forms.Form):
    """Whom we asked to fetch a unit, how, and what he said."""

    way = forms.ChoiceField(label=_("How"), choices=choices_of(CONSENT_LABELS), required=False)
    reached = forms.CharField(label=_("Whom you reached"), max_length=80, required=False)
    note = forms.CharField(label=_("What was said"), max_length=500, required=False)
