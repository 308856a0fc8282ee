"""What is typed when a unit is taken in, and when that is corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.catalog import queries as catalog
from aftersales.ui.checklist import ChecklistField
from aftersales.ui.forms import PhotosField
from aftersales.ui.marking import MarksField
from aftersales.ui.signing import SignatureField
from aftersales.workshop.rules.intake import DAMAGE_LABELS, MOST_PIECES
from aftersales.workshop.web.forms.shared import Choices


@dataclass(frozen=True)
class Kind:
    """What the form asks of one kind of unit."""

    trade: catalog.Trade
    category: str
    drawing: catalog.Drawing

    @property
    def points(self) -> Sequence[Any]:
        """The checklist."""
        return self.trade.condition_of(self.category)

    @property
    def accessories(self) -> Sequence[Any]:
        """What may come with it."""
        return self.trade.accessories

    @property
    def serial(self) -> catalog.SerialField:
        """The number that tells such units apart."""
        return self.trade.serial_of(self.category)

    @property
    def plate(self) -> catalog.PlateField | None:
        """Its plate, if it carries one."""
        return self.trade.plate_of(self.category)

    @property
    def meter(self) -> catalog.Meter | None:
        """What it counts, if it does."""
        return self.trade.meter_of(self.category)

    @property
    def reminder(self) -> catalog.Reminder | None:
        """What its owner is told to take out."""
        return self.trade.reminder_of(self.category)


def kind_of(trade: catalog.Trade, category: str) -> Kind:
    """What the form asks of units of this category."""
    return Kind(trade, category, catalog.drawing_of(trade.code, category))


class SightForm(forms.Form):
    """What is looked at on the unit: the checklist of its kind, marks on its drawing, and what comes with it."""

    condition = ChecklistField(label=_("Condition seen"))
    marks = MarksField(label=_("Marks on the drawing"), required=False)
    accessories = forms.MultipleChoiceField(
        label=_("Accessories left with us"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        checklist, marks, accessories = self.fields["condition"], self.fields["marks"], self.fields["accessories"]
        if isinstance(checklist, ChecklistField):
            checklist.ask(kind.points)
        if isinstance(marks, MarksField):
            marks.draw(kind.drawing, {str(code): label for code, label in DAMAGE_LABELS.items()})
        if isinstance(accessories, forms.MultipleChoiceField):
            accessories.choices = [(item.code, item.label) for item in kind.accessories]


class IntakeForm(SightForm):
    """One screen from the customer's name to the slip."""

    customer_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    unit_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "data-scan": ""}),
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
    meter_reason = forms.CharField(
        label=_("Why it is lower than before"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-scan": ""}),
    )  # fmt: skip
    is_meter_unreadable = forms.BooleanField(label=_("Cannot be read"), required=False)
    purchased_on = forms.DateField(label=_("Bought on"), required=False)
    pieces = forms.IntegerField(
        label=_("Pieces"), min_value=1, max_value=MOST_PIECES, required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    is_reminded_of_valuables = forms.BooleanField(label=_("The customer was told"), required=False)
    repeat_of = forms.CharField(max_length=24, required=False)
    repeat_note = forms.CharField(label=_("Why"), max_length=300, required=False)
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    photos = PhotosField(label=_("Photos"), required=False)
    signature = SignatureField(label=_("Customer's signature"), required=False)
    is_signed_on_paper = forms.BooleanField(label=_("Signed on paper"), required=False)
    signed_by = forms.CharField(
        label=_("Signed by"), max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "data-scan": ""}),
        help_text=_("If not the customer himself."),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: Kind, categories: Choices, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, **kwargs)
        category = self.fields["category"]
        if isinstance(category, forms.ChoiceField):
            category.choices = categories
        self.fields["serial"].label, self.fields["serial"].help_text = str(kind.serial.label), str(kind.serial.hint)
        if kind.meter:
            self.fields["meter"].label = f"{kind.meter.label} ({kind.meter.unit})"
            self.fields["meter"].widget.attrs["max"] = kind.meter.highest
        if kind.reminder:
            self.fields["is_reminded_of_valuables"].help_text = str(kind.reminder.label)
        self.fields["photos"].widget.attrs["hx-preserve"] = "true"
        self.leave_out(kind)

    def leave_out(self, kind: Kind) -> None:
        """Take away the fields that this kind of unit has no use for."""
        unused = {
            "plate": kind.plate is None,
            "meter": kind.meter is None,
            "meter_reason": kind.meter is None,
            "is_meter_unreadable": kind.meter is None or not kind.meter.is_required,
            "purchased_on": not kind.trade.asks_purchase_date,
            "pieces": not kind.trade.asks_pieces,
            "is_reminded_of_valuables": kind.reminder is None,
        }
        for name in (name for name, is_unused in unused.items() if is_unused):
            del self.fields[name]


class EditForm(SightForm):
    """What was written at intake, corrected."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    fault = forms.CharField(
        label=_("What is wrong, in the customer's words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    intake_note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    meter = forms.IntegerField(
        label=_("Meter"), min_value=0, max_value=9_999_999, required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    meter_reason = forms.CharField(label=_("Why the reading is corrected"), max_length=200, required=False)
    field_order = ("version", "fault", "meter", "meter_reason", "condition", "marks", "accessories", "intake_note")

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, **kwargs)
        if kind.meter is None:
            del self.fields["meter"], self.fields["meter_reason"]
            return
        self.fields["meter"].label = f"{kind.meter.label} ({kind.meter.unit})"
        self.fields["meter"].widget.attrs["max"] = kind.meter.highest


class SignForm(forms.Form):
    """The customer's signature under what was written at intake."""

    signed_by = forms.CharField(label=_("Who signs"), max_length=80)
    signature = SignatureField(label=_("Signature"), required=False)
    is_signed_on_paper = forms.BooleanField(label=_("Signed on paper"), required=False)


class PhotosForm(forms.Form):
    """More photos of the unit."""

    photos = PhotosField(label=_("Photos"))
