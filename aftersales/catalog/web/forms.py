"""What is typed into the catalog's pages. Forms check shape; the services decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.catalog import queries
from aftersales.core.errors import Invalid
from aftersales.core.money import Money
from aftersales.ui.forms import MoneyInput


class MoneyField(forms.CharField):
    """An amount of yuan as people type it."""

    widget = MoneyInput

    def clean(self, value: Any) -> Any:
        """The amount as `Money`."""
        try:
            return Money.parse(super().clean(value))
        except Invalid as refused:
            raise forms.ValidationError(str(refused)) from refused


class FilterForm(forms.Form):
    """What narrows a list of the catalog; each list shows the fields it understands."""

    q = forms.CharField(label=_("Search"), max_length=100, required=False)
    trade = forms.ChoiceField(label=_("Trade"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    manufacturer = forms.ChoiceField(label=_("Manufacturer"), required=False)

    def __init__(self, *args: Any, shown: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(shown):
            del self.fields[name]
        _offer(self, "trade", [("", _("All"))] + [(trade.code, str(trade.label)) for trade in queries.list_trades()])
        if "category" in self.fields:
            _offer(self, "category", [("", _("All")), *queries.choices_of_categories(self.data.get("trade") or None)])
        if "manufacturer" in self.fields:
            _offer(self, "manufacturer", [("", _("All")), *_manufacturers()])

    def wanted(self) -> dict[str, Any]:
        """The filters in force; one that cannot be is no filter."""
        self.is_valid()
        typed = {name: self.cleaned_data.get(name, "") for name in self.fields}
        keys = {
            name: int(typed[name]) if typed.get(name, "").isdecimal() else None for name in ("category", "manufacturer")
        }
        return {
            **({"typed": typed["q"]} if "q" in typed else {}),
            **({"trade": typed["trade"]} if "trade" in typed else {}),
            **{f"{name}_id": key for name, key in keys.items() if name in typed},
        }


class ItemForm(forms.Form):
    """What every item of the catalog has when it is changed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["version"], self.fields["is_active"]
        else:
            self.fields["version"].required = True
        self.order_fields([name for name in self.fields if name != "is_active"])


class ManufacturerForm(ItemForm):
    """A manufacturer."""

    name = forms.CharField(label=_("Name"), max_length=80)
    other_names = forms.CharField(
        label=_("Other names"), max_length=200, required=False, help_text=_("Brands and spellings people search for.")
    )
    hotline = forms.CharField(label=_("Hotline"), max_length=40, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ModelForm(ItemForm):
    """A model of a manufacturer."""

    manufacturer = forms.ChoiceField(label=_("Manufacturer"))
    category = forms.ChoiceField(label=_("Category"))
    name = forms.CharField(label=_("Model"), max_length=80)
    code = forms.CharField(label=_("Model code"), max_length=40, required=False)
    warranty_months = forms.IntegerField(label=_("Warranty (months)"), min_value=0, max_value=240, initial=12)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "manufacturer", _manufacturers())
        _offer(self, "category", queries.choices_of_categories())

    def clean(self) -> dict[str, Any]:
        return _keys(super().clean() or {}, "manufacturer", "category")


class OperationForm(ItemForm):
    """A labour operation."""

    trade = forms.ChoiceField(label=_("Trade"))
    code = forms.CharField(label=_("Code"), max_length=30)
    name = forms.CharField(label=_("Name"), max_length=120)
    category = forms.ChoiceField(label=_("Category"), required=False)
    hours = forms.DecimalField(
        label=_("Standard hours"), min_value=Decimal("0.02"), max_value=Decimal(1000), decimal_places=2,
        help_text=_("In decimals: 0.5 is half an hour."),
    )  # fmt: skip
    rate = MoneyField(label=_("Rate per hour"), max_length=20)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, is_new=is_new, **kwargs)
        _offer(self, "trade", [(trade.code, str(trade.label)) for trade in queries.list_trades()])
        _offer(self, "category", [("", _("Any category")), *queries.choices_of_categories()])
        if not is_new:
            del self.fields["trade"]

    def clean(self) -> dict[str, Any]:
        typed = _keys(super().clean() or {}, "category")
        if "hours" in typed:
            typed["standard_minutes"] = queries.minutes_of(typed.pop("hours"))
        return typed


class PartForm(ItemForm):
    """A part."""

    code = forms.CharField(label=_("Part code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=120)
    manufacturer = forms.ChoiceField(label=_("Manufacturer"), required=False)
    measure = forms.CharField(
        label=_("Counted in"), max_length=10, required=False, help_text=_("Piece, set, metre, litre …")
    )
    price = MoneyField(label=_("Price"), max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "manufacturer", [("", _("None")), *_manufacturers()])

    def clean(self) -> dict[str, Any]:
        return _keys(super().clean() or {}, "manufacturer")


def _manufacturers() -> list[tuple[str, str]]:
    return [(str(row.pk), row.name) for row in queries.list_manufacturers()]


def _offer(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields.get(name)
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def _keys(typed: dict[str, Any], *names: str) -> dict[str, Any]:
    """The chosen rows by their ids, as the services take them."""
    for name in names:
        if name in typed:
            chosen = typed.pop(name)
            typed[f"{name}_id"] = int(chosen) if chosen else None
    return typed
