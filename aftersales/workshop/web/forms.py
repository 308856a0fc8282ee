"""What is typed into the workshop's pages. Forms check shape; whether it may be done is the services' business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.core.errors import Invalid
from aftersales.core.money import Money
from aftersales.core.text import Text
from aftersales.ui.forms import MoneyInput, PhotosField
from aftersales.workshop.rules.order import WAITING_LABELS
from aftersales.workshop.rules.quotation import CONSENT_LABELS, LINE_LABELS, PAYMENT_LABELS

Choices = list[tuple[str, str | Text]]


def choices_of(labels: Mapping[Any, Text]) -> Choices:
    """Pick-list entries from a mapping of codes to labels."""
    return [(str(code), label) for code, label in labels.items()]


class MoneyField(forms.CharField):
    """An amount of yuan as typed by a person."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, widget=MoneyInput, **kwargs)

    def clean(self, value: Any) -> Any:
        """The amount as `Money`."""
        typed = super().clean(value)
        try:
            return Money.parse(typed)
        except Invalid as refused:
            raise forms.ValidationError(str(refused)) from refused


class IntakeForm(forms.Form):
    """One screen from the customer's name to the slip."""

    customer_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    unit_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "data-scan": "", "autofocus": True}),
    )
    name = forms.CharField(
        label=_("Customer"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off", "data-scan": ""})
    )
    takes_over = forms.BooleanField(label=_("The unit now belongs to this customer"), required=False)
    category = forms.ChoiceField(label=_("Kind of unit"))
    serial = forms.CharField(
        label=_("Serial number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "data-scan": ""}),
    )
    plate = forms.CharField(
        label=_("Plate"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-scan": ""}),
    )
    model_text = forms.CharField(
        label=_("Model"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    meter = forms.IntegerField(
        label=_("Meter"),
        min_value=0,
        max_value=9_999_999,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    fault = forms.CharField(
        label=_("What is wrong, in the customer's words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    accessories = forms.MultipleChoiceField(label=_("Accessories left with us"), required=False)
    condition = forms.MultipleChoiceField(label=_("Condition seen"), required=False)
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    photos = PhotosField(label=_("Photos"), required=False)

    def __init__(
        self,
        *args: Any,
        categories: Choices,
        accessories: Choices,
        condition: Choices,
        words: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choose("category", categories)
        self._choose("accessories", accessories)
        self._choose("condition", condition)
        for name, label in words.items():
            self.fields[name].label = label

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            field.widget = forms.CheckboxSelectMultiple()
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class EditForm(forms.Form):
    """What was written at intake, corrected."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    fault = forms.CharField(
        label=_("What is wrong, in the customer's words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    accessories = forms.MultipleChoiceField(
        label=_("Accessories left with us"), required=False, widget=forms.CheckboxSelectMultiple
    )
    condition = forms.MultipleChoiceField(
        label=_("Condition seen"), required=False, widget=forms.CheckboxSelectMultiple
    )
    intake_note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, accessories: Choices, condition: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("accessories", accessories), ("condition", condition)):
            field = self.fields[name]
            if isinstance(field, forms.MultipleChoiceField):
                field.choices = choices


class ActForm(forms.Form):
    """An act that needs no words: its button is the form."""


class DiagnoseForm(forms.Form):
    """What the technician found."""

    diagnosis = forms.CharField(
        label=_("What was found, and what will remedy it"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class LineForm(forms.Form):
    """One line of a quotation."""

    kind = forms.ChoiceField(label=_("Kind"), choices=choices_of(LINE_LABELS))
    description = forms.CharField(label=_("Description"), max_length=200)
    quantity = forms.DecimalField(
        label=_("Quantity"), min_value=Decimal("0.01"), max_digits=8, decimal_places=2, initial=Decimal(1)
    )
    unit_price = MoneyField(label=_("Price of one, in yuan"))
    basis = forms.CharField(
        label=_("Basis of the price"),
        max_length=200,
        required=False,
        help_text=_("For example: 0.5 h at 160 yuan, or the price list of May."),
    )


class RemoveLineForm(forms.Form):
    """Which line goes."""

    position = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """The customer's answer and how it was given."""

    way = forms.ChoiceField(label=_("How"), choices=choices_of(CONSENT_LABELS))
    given_by = forms.CharField(label=_("Who answered"), max_length=80)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class CompleteForm(forms.Form):
    """What was done."""

    work_done = forms.CharField(
        label=_("What was done, in words for the customer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CheckForm(forms.Form):
    """What the check looked at."""

    points = forms.MultipleChoiceField(label=_("Looked at"), required=False, widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label=_("Note"), max_length=1000, required=False)

    def __init__(self, *args: Any, points: Iterable[tuple[str, str | Text]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["points"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(points)


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


class AssignForm(forms.Form):
    """Which technician."""

    technician_id = forms.TypedChoiceField(label=_("Technician"), coerce=int)

    def __init__(self, *args: Any, technicians: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        field = self.fields["technician_id"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(technicians)


class WaitForm(forms.Form):
    """What the order waits for, and who sees to it."""

    waiting_for = forms.ChoiceField(label=_("Waits for"), choices=choices_of(WAITING_LABELS))
    waiting_on = forms.CharField(label=_("Who sees to it"), max_length=80)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class PhotosForm(forms.Form):
    """More photos of the unit."""

    photos = PhotosField(label=_("Photos"))
