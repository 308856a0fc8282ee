"""What is typed about customers and units. Forms check shape; the services decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.catalog import queries as catalog
from aftersales.core.text import Text
from aftersales.customers import services
from aftersales.customers.rules import contacts, kinds
from aftersales.ui.forms import PhoneInput, ScanInput

Choices = list[tuple[str, Any]]


def choices_of(labels: Mapping[str, Text], *, everything: bool = False) -> Choices:
    """Pick-list entries from codes and their labels, with “all” before them in a filter."""
    return [("", _("All"))] * everything + [(str(code), label) for code, label in labels.items()]


class FilterForm(forms.Form):
    """What narrows the list of customers."""

    q = forms.CharField(label=_("Name, phone or number"), max_length=100, required=False)
    kind = forms.ChoiceField(
        label=_("Person or organisation"), required=False, choices=choices_of(kinds.KIND_LABELS, everything=True)
    )
    segment = forms.ChoiceField(
        label=_("Buys as"), required=False, choices=choices_of(kinds.SEGMENT_LABELS, everything=True)
    )
    grade = forms.ChoiceField(label=_("Grade"), required=False, choices=choices_of(kinds.GRADE_LABELS, everything=True))
    station = forms.ChoiceField(label=_("Station"), required=False)
    open = forms.ChoiceField(
        label=_("Open work"), required=False, choices=[("", _("All")), ("yes", _("Something open"))]
    )

    def __init__(self, *args: Any, stations: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "station", [("", _("All")), *stations])

    def wanted(self) -> dict[str, Any]:
        """The filters in force; one that cannot be is no filter."""
        self.is_valid()
        typed = self.cleaned_data
        names = ("kind", "segment", "grade", "station")
        return {
            "typed": typed.get("q", ""),
            "has_open": bool(typed.get("open")),
            **{name: typed.get(name, "") for name in names},
        }


class UnitFilterForm(forms.Form):
    """What narrows the list of units."""

    q = forms.CharField(label=_("Serial number, plate, model or owner"), max_length=100, required=False)
    trade = forms.ChoiceField(label=_("Trade"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    station = forms.ChoiceField(label=_("Station"), required=False)
    use = forms.ChoiceField(
        label=_("In use"), required=False, choices=[("", _("All")), ("yes", _("In use")), ("no", _("No longer in use"))]
    )

    def __init__(self, *args: Any, stations: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "station", [("", _("All")), *stations])
        offer(self, "trade", [("", _("All")), *((trade.code, trade.label) for trade in catalog.list_trades())])
        offer(self, "category", [("", _("All")), *catalog.choices_of_categories(self.data.get("trade") or None)])

    def wanted(self) -> dict[str, Any]:
        """The filters in force; one that cannot be is no filter."""
        self.is_valid()
        typed = self.cleaned_data
        return {
            "typed": typed.get("q", ""),
            "trade": typed.get("trade", ""),
            "category_id": int(typed["category"]) if typed.get("category") else None,
            "station": typed.get("station", ""),
            "is_active": {"yes": True, "no": False}.get(typed.get("use", "")),
        }


class EditCustomerForm(forms.Form):
    """What is written down about a customer."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=contacts.LONGEST_NAME)
    kind = forms.ChoiceField(
        label=_("Person or organisation"), choices=choices_of(kinds.KIND_LABELS), widget=forms.RadioSelect
    )
    contact_name = forms.CharField(
        label=_("Contact person"),
        max_length=contacts.LONGEST_NAME,
        required=False,
        help_text=_("For organisations: whom to ask for."),
    )
    segment = forms.ChoiceField(label=_("Buys as"), choices=choices_of(kinds.SEGMENT_LABELS))
    grade = forms.ChoiceField(label=_("Grade"), choices=choices_of(kinds.GRADE_LABELS))
    language = forms.ChoiceField(label=_("Language of messages"), choices=choices_of(kinds.LANGUAGES), required=False)
    may_be_messaged = forms.BooleanField(label=_("Agrees to messages about the service"), required=False)
    may_be_advertised_to = forms.BooleanField(label=_("Agrees to advertising"), required=False)
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def facts(self) -> services.CustomerFacts:
        """The typed facts as the services take them."""
        names = services.CustomerFacts.__dataclass_fields__
        return services.CustomerFacts(**{name: self.cleaned_data[name] for name in names})


class RegisterCustomerForm(EditCustomerForm):
    """A new customer with his first telephone."""

    phone = forms.CharField(label=_("Telephone"), max_length=40, widget=PhoneInput)
    phone_label = forms.ChoiceField(label=_("Whose number"), choices=choices_of(kinds.PHONE_LABELS), required=False)
    field_order = ("name", "phone", "phone_label")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        defaults = {"kind": "person", "segment": "retail", "grade": "ordinary", "may_be_messaged": True}
        super().__init__(*args, **{"initial": defaults, **kwargs})
        del self.fields["version"]


class PhoneForm(forms.Form):
    """One more telephone."""

    phone = forms.CharField(label=_("Telephone"), max_length=40, widget=PhoneInput)
    label = forms.ChoiceField(label=_("Whose number"), choices=choices_of(kinds.PHONE_LABELS), required=False)
    is_main = forms.BooleanField(label=_("Call this one first"), required=False)


class AddressForm(forms.Form):
    """One more address."""

    text = forms.CharField(label=_("Address"), max_length=200)
    label = forms.CharField(label=_("What is there"), max_length=40, required=False)


class UnitForm(forms.Form):
    """What is written down about a unit, in the words of its trade."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    category = forms.ChoiceField(label=_("Category"))
    model = forms.CharField(
        label=_("Model"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "models", "autocomplete": "off"}),
    )
    serial = forms.CharField(label=_("Serial number"), max_length=60, required=False, widget=ScanInput)
    plate = forms.CharField(
        label=_("Plate"), max_length=20, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    meter = forms.IntegerField(label=_("Meter"), min_value=0, required=False)
    pieces = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=1_000_000, required=False)
    purchased_on = forms.DateField(label=_("Bought on"), required=False)
    shipped_on = forms.DateField(label=_("Shipped by the maker on"), required=False)
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    is_active = forms.BooleanField(label=_("In use"), required=False)

    def __init__(self, *args: Any, trade: catalog.Trade, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trade = trade
        offer(
            self, "category", [(row.code, row.label) for row in catalog.list_categories(trade.code, only_active=is_new)]
        )
        self.fields["serial"].label = str(trade.serial.label)
        self.fields["serial"].help_text = str(trade.serial.hint)
        absent = {
            "version": is_new, "is_active": is_new, "meter": not is_new or trade.meter is None, "plate": trade.plate is None,
            "pieces": not trade.asks_pieces, "purchased_on": not trade.asks_purchase_date,
        }  # fmt: skip
        for name in (name for name, is_absent in absent.items() if is_absent):
            del self.fields[name]
        if "meter" in self.fields and trade.meter:
            self.fields["meter"].label = f"{trade.meter.label} ({trade.meter.unit})"
        if "plate" in self.fields and trade.plate:
            self.fields["plate"].label = str(trade.plate.label)

    def facts(self) -> services.UnitFacts:
        """The typed facts as the services take them."""
        typed = self.cleaned_data
        names = ("category", "serial", "plate", "pieces", "purchased_on", "shipped_on", "note")
        return services.UnitFacts(
            trade=self.trade.code,
            model_text=typed["model"],
            is_active=typed.get("is_active", True),
            **{name: typed[name] for name in names if name in typed},
        )


class MeterForm(forms.Form):
    """A reading of the meter."""

    meter = forms.IntegerField(label=_("Reading"), min_value=0)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, help_text=_("Only when it shows less than before.")
    )


class TransferForm(forms.Form):
    """Who owns the unit from now on."""

    customer = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Let the field choose among these."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)
