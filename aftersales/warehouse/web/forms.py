"""What is typed and scanned into the warehouse's pages. Forms check shape; the services decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.catalog import queries as catalog
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid
from aftersales.core.money import Money
from aftersales.staff import queries as staff
from aftersales.ui.forms import MoneyInput, ScanInput
from aftersales.warehouse import queries


class MoneyField(forms.CharField):
    """An amount of yuan as people type it."""

    widget = MoneyInput

    def clean(self, value: Any) -> Any:
        """The amount as `Money`."""
        try:
            return Money.parse(super().clean(value) or "0")
        except Invalid as refused:
            raise forms.ValidationError(str(refused)) from refused


def _words(pairs: Iterable[tuple[Any, Any]], *first: tuple[str, Any]) -> list[tuple[str, str]]:
    return [(str(key), str(label)) for key, label in (*first, *pairs)]


def offer(form: forms.Form, name: str, pairs: Iterable[tuple[Any, Any]], *first: tuple[str, Any]) -> None:
    """Let the field offer these."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = _words(pairs, *first)


def stores_of(actor: Actor) -> list[tuple[str, str]]:
    """The open stores the actor sees, as choices; the shared ones last."""
    rows = sorted(queries.list_stores(actor, only_open=True), key=lambda row: row.station_id is None)
    return [(row.code, f"{row.name} ({row.kind_label})") for row in rows]


class ActorForm(forms.Form):
    """A form that offers what its actor sees."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fill()

    def fill(self) -> None:
        """Fill in the choices."""


class StockFilter(ActorForm):
    """What narrows the list of the stock."""

    q = forms.CharField(label=_("Search"), max_length=100, required=False, widget=ScanInput)
    store = forms.ChoiceField(label=_("Store"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    empty = forms.BooleanField(label=_("Also what is used up"), required=False)

    def fill(self) -> None:
        offer(self, "store", stores_of(self.actor), ("", _("All")))
        offer(self, "kind", [(kind, queries.LABELS[kind]) for kind in queries.INSIDE], ("", _("All")))

    def wanted(self) -> dict[str, Any]:
        """The filters in force; one that cannot be is no filter."""
        self.is_valid()
        told = self.cleaned_data
        return {
            "typed": told.get("q", ""),
            "store": told.get("store", ""),
            "kind": told.get("kind", ""),
            "with_empty": bool(told.get("empty")),
        }


class SlowFilter(ActorForm):
    """What narrows the list of goods that lie."""

    days = forms.IntegerField(label=_("Not moved for (days)"), min_value=1, max_value=queries.MOST_DAYS, required=False)
    store = forms.ChoiceField(label=_("Store"), required=False)

    def fill(self) -> None:
        offer(self, "store", stores_of(self.actor), ("", _("All")))

    def wanted(self) -> dict[str, Any]:
        """The filters in force; one that cannot be is no filter."""
        self.is_valid()
        told = self.cleaned_data
        return {"days": told.get("days") or queries.SLOW_DAYS, "store": told.get("store", "")}


class SearchForm(forms.Form):
    """What narrows the list of items."""

    q = forms.CharField(label=_("Search"), max_length=100, required=False, widget=ScanInput)


class StoreForm(ActorForm):
    """A new store."""

    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"))
    station = forms.ChoiceField(
        label=_("Station"),
        required=False,
        help_text=_("Goods in transit and at the factory may be shared by all stations: leave it empty then."),
    )

    def fill(self) -> None:
        offer(self, "kind", [(kind, queries.LABELS[kind]) for kind in queries.INSIDE])
        stations = [(row.code, row.name) for row in staff.list_stations(self.actor, only_open=True)]
        offer(self, "station", stations, ("", _("Shared by all stations")))


class EditStoreForm(ActorForm):
    """A store that is changed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=80)
    is_open = forms.BooleanField(label=_("Open for use"), required=False)


class EditItemForm(ActorForm):
    """An item that is changed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=120)
    trade = forms.ChoiceField(label=_("Trade"), required=False)
    measure = forms.CharField(
        label=_("Counted in"), max_length=10, required=False, help_text=_("The smallest: pieces, centimetres, grams …")
    )
    cost = MoneyField(label=_("Cost"), max_length=20, required=False)
    part = forms.CharField(
        label=_("Part"),
        max_length=40,
        required=False,
        help_text=_("The code of the part in the catalog, if it is one."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def fill(self) -> None:
        offer(self, "trade", [(trade.code, trade.label) for trade in catalog.list_trades()], ("", _("Any trade")))


class ItemForm(EditItemForm):
    """A new item."""

    code = forms.CharField(label=_("Code"), max_length=40, widget=ScanInput)
    tracking = forms.ChoiceField(label=_("Told apart"), help_text=_("This cannot be changed later."))
    field_order = ("code", "name", "trade", "measure", "cost", "tracking", "part")

    def fill(self) -> None:
        super().fill()
        del self.fields["version"], self.fields["is_active"]
        offer(self, "tracking", queries.TRACKING_LABELS.items())


class ReceiveForm(ActorForm):
    """Goods that came in."""

    store = forms.ChoiceField(label=_("Into store"))
    source = forms.ChoiceField(label=_("From"))
    reference = forms.CharField(label=_("Delivery note"), max_length=60, widget=ScanInput)
    item = forms.CharField(label=_("Goods"), max_length=40, widget=ScanInput)
    batch = forms.CharField(label=_("Batch or serial number"), max_length=60, required=False, widget=ScanInput)
    stated = forms.IntegerField(label=_("The paper states"), min_value=0)
    counted = forms.IntegerField(label=_("Counted"), min_value=0)
    bin = forms.CharField(label=_("Bin"), max_length=30, required=False, widget=ScanInput)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def fill(self) -> None:
        offer(self, "store", stores_of(self.actor))
        offer(self, "source", [(kind, queries.LABELS[kind]) for kind in queries.SOURCES])


class TransferForm(ActorForm):
    """Goods that go from one store to another."""

    from_store = forms.ChoiceField(label=_("From store"))
    to_store = forms.ChoiceField(label=_("To"))
    item = forms.CharField(label=_("Goods"), max_length=40, widget=ScanInput)
    batch = forms.CharField(label=_("Batch or serial number"), max_length=60, required=False, widget=ScanInput)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, initial=1)
    reference = forms.CharField(label=_("Paper"), max_length=60, required=False, widget=ScanInput)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def fill(self) -> None:
        offer(self, "from_store", stores_of(self.actor))
        out = [(kind, queries.LABELS[kind]) for kind in queries.SINKS]
        offer(self, "to_store", [*stores_of(self.actor), *out])


class ReasonForm(ActorForm):
    """Why a move is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class ReserveForm(ActorForm):
    """What is kept for something."""

    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, initial=1)
    purpose = forms.CharField(label=_("Kept for"), max_length=120)


class BinForm(ActorForm):
    """Where in the store it lies."""

    bin = forms.CharField(label=_("Bin"), max_length=30, required=False, widget=ScanInput)


class BeginForm(ActorForm):
    """A stocktake that begins."""

    store = forms.ChoiceField(label=_("Store"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def fill(self) -> None:
        offer(self, "store", stores_of(self.actor))


class CountForm(ActorForm):
    """What was counted."""

    item = forms.CharField(label=_("Goods"), max_length=40, widget=ScanInput)
    batch = forms.CharField(label=_("Batch or serial number"), max_length=60, required=False, widget=ScanInput)
    counted = forms.IntegerField(label=_("Counted"), min_value=0)
    is_again = forms.BooleanField(label=_("Counted again: replace what was counted before"), required=False)


class DecideForm(ActorForm):
    """What is done with goods that lie."""

    handling = forms.ChoiceField(label=_("What is done"))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def fill(self) -> None:
        offer(self, "handling", queries.HANDLING_LABELS.items())
