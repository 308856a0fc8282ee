"""What is typed when a unit is taken in, and when that is corrected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.ui.forms import PhotosField
from aftersales.workshop.web.forms.shared import Choices


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


class PhotosForm(forms.Form):
    """More photos of the unit."""

    photos = PhotosField(label=_("Photos"))
