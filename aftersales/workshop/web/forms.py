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
from aftersales.workshop.rules.promise import CONTACT_REASONS
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
        if not typed:  # only where the field may stay empty
            return None
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
    """One line of a quotation, with its discount and, among alternatives, which one it is."""

    kind = forms.ChoiceField(label=_("Kind"), choices=choices_of(LINE_LABELS))
    description = forms.CharField(
        label=_("Description"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "catalog_items", "data-scan": ""}),
        help_text=_("A code or name of the price list fills in what is empty."),
    )
    quantity = forms.DecimalField(
        label=_("Quantity or hours"), min_value=Decimal("0.01"), max_digits=8, decimal_places=2, required=False
    )
    unit_price = MoneyField(label=_("Price of one, in yuan"), required=False)
    basis = forms.CharField(
        label=_("Basis of the price"),
        max_length=200,
        required=False,
        help_text=_("For example: 0.5 h at 160 yuan, or the price list of May."),
    )
    discount = MoneyField(label=_("Discount in yuan"), required=False)
    discount_reason = forms.CharField(label=_("Reason of the discount"), max_length=200, required=False)
    choice = forms.CharField(
        label=_("Alternative for"),
        max_length=40,
        required=False,
        help_text=_("Where the customer may choose, for example: screen."),
    )
    option = forms.CharField(
        label=_("This option"), max_length=40, required=False, help_text=_("For example: original, or compatible.")
    )
    code = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """What was typed, with amounts left empty as nothing."""
        typed = super().clean() or {}
        typed["discount"] = typed.get("discount") or Money()
        return typed


class EditLineForm(LineForm):
    """A line of the quotation, changed."""

    position = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class PositionForm(forms.Form):
    """Which line."""

    position = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class OfferAgainForm(forms.Form):
    """Which earlier line."""

    line_id = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class DiscountForm(forms.Form):
    """So many per cent off, and why."""

    percent = forms.DecimalField(
        label=_("Per cent"), min_value=Decimal("0.1"), max_value=Decimal(100), max_digits=4, decimal_places=1
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)


class QuoteForm(forms.Form):
    """What the customer is told beside the lines."""

    note = forms.CharField(label=_("Note for the customer"), max_length=500, required=False)


class AnswerForm(forms.Form):
    """The customer's answer, how it was given, and its proof."""

    way = forms.ChoiceField(label=_("How"), choices=choices_of(CONSENT_LABELS))
    given_by = forms.CharField(label=_("Who answered"), max_length=80)
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        help_text=_("For a call: the number, and what was said."),
    )
    quotation_no = forms.IntegerField(required=False, widget=forms.HiddenInput)
    photos = PhotosField(label=_("Photo of the paper or message"), required=False)


class ApproveForm(AnswerForm):
    """The customer's yes, line by line."""

    agreed = forms.TypedMultipleChoiceField(
        label=_("The customer agrees to"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("agreed", "way", "given_by", "note", "photos")

    def __init__(self, *args: Any, lines: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        field = self.fields["agreed"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(lines)


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

    note = forms.CharField(label=_("Note"), max_length=1000, required=False)

    def __init__(self, *args: Any, points: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = list(points)
        for point in self.points:
            self.fields[f"point_{point.code}"] = forms.ChoiceField(
                label=point.label,
                required=False,
                choices=[("", "—"), *((answer.code, answer.label) for answer in point.answers)],
            )

    def clean(self) -> dict[str, Any]:
        """The note, and the answer to each point that was looked at."""
        typed = super().clean() or {}
        answers = {point.code: typed.get(f"point_{point.code}") for point in self.points}
        return {"note": typed.get("note", ""), "answers": {code: each for code, each in answers.items() if each}}


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

    reason = forms.ChoiceField(label=_("Why"), choices=choices_of(CONTACT_REASONS))
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


class PhotosForm(forms.Form):
    """More photos of the unit."""

    photos = PhotosField(label=_("Photos"))
