"""What the customer is asked to pay for, and what he answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.ui.forms import PhotosField
from aftersales.ui.signing import SignatureField
from aftersales.workshop.rules.quotation import CONSENT_LABELS, LINE_LABELS
from aftersales.workshop.web.forms.shared import Choices, MoneyField, choices_of


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
    signature = SignatureField(label=_("Customer's signature"), required=False)


class ApproveForm(AnswerForm):
    """The customer's yes, line by line."""

    agreed = forms.TypedMultipleChoiceField(
        label=_("The customer agrees to"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("agreed", "way", "given_by", "note", "photos", "signature")

    def __init__(self, *args: Any, lines: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        field = self.fields["agreed"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(lines)
