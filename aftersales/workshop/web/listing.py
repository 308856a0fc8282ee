"""How orders are shown in lists and on the board: the row, the filters and the heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from aftersales.catalog import queries as catalog
from aftersales.core.actor import Actor
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest
from aftersales.exchange.queries import Asked
from aftersales.staff import queries as staff
from aftersales.ui.lists import Column, Listed, sorting
from aftersales.workshop import queries
from aftersales.workshop.permissions import Permission
from aftersales.workshop.queries import OrderFilter
from aftersales.workshop.rules import order as rules
from aftersales.workshop.rules.expert import CLOCK_LABELS
from aftersales.workshop.rules.promise import PROMISE_LABELS

COLUMNS = (
    Column("number", _("Order"), ("id",)),
    Column("customer", _("Customer")),
    Column("unit", _("Unit")),
    Column("state", _("State")),
    Column("promised", _("Promised"), ("promised_at", "id")),
    Column("technician", _("Technician")),
    Column("moved", _("Last step"), ("moved_at", "id")),
)

AGAIN = (
    ("repeat", _("Repeat repairs")),
    ("rework", _("Sent back by the check")),
    ("unclaimed", _("Not fetched")),
)
"""What has to be done again, or stands here too long."""


class FilterForm(forms.Form):
    """What an order list can be narrowed to."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=100)
    phase = forms.ChoiceField(label=gettext_lazy("Phase"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    promise = forms.ChoiceField(label=gettext_lazy("Promise"), required=False)
    waiting = forms.ChoiceField(label=gettext_lazy("Waits for"), required=False)
    again = forms.ChoiceField(label=gettext_lazy("Repeat or not fetched"), required=False)
    symptom = forms.ChoiceField(label=gettext_lazy("Symptom"), required=False)
    question = forms.ChoiceField(label=gettext_lazy("Expert question"), required=False)
    technician = forms.ChoiceField(label=gettext_lazy("Technician"), required=False)
    trade = forms.ChoiceField(label=gettext_lazy("Trade"), required=False)
    station = forms.ChoiceField(label=gettext_lazy("Station"), required=False)

    def __init__(self, data: Any, actor: Actor) -> None:
        super().__init__(data)
        people = staff.people_with(actor, Permission.REPAIR, actor.home_scope) if actor.home_scope else []
        stations = list(staff.list_stations(actor))
        self._offer("phase", rules.PHASE_LABELS.items())
        self._offer("state", ((s.value, info.label) for s, info in rules.STATES.items()))
        self._offer("promise", ((code, label) for code, label in PROMISE_LABELS.items() if code != "neutral"))
        self._offer("waiting", ((w.value, label) for w, label in rules.WAITING_LABELS.items()))
        self._offer("again", AGAIN)
        self._offer("symptom", ((str(trade.label), _symptoms(trade)) for trade in catalog.list_trades()))
        self._offer("question", (("open", _("Any open one")), *CLOCK_LABELS.items()))
        self._offer("technician", ((str(person.pk), person.name) for person in people))
        self._offer("trade", ((trade.code, trade.label) for trade in catalog.list_trades()))
        self._offer("station", ((station.code, station.name) for station in stations))
        if len(stations) < 2:
            del self.fields["station"]
        if not people:
            del self.fields["technician"]

    def wanted(self) -> OrderFilter:
        """The filter asked for; what is not on offer narrows nothing."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        asked["typed"] = asked.pop("q", "")
        known = {each.name for each in fields(OrderFilter)}
        return OrderFilter(**{name: value for name, value in asked.items() if name in known})

    def _offer(self, name: str, pairs: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", gettext_lazy("All")), *pairs]


def _symptoms(trade: Any) -> list[tuple[str, Any]]:
    return [(f"{trade.code}/{fault.code}", fault.label) for fault in trade.faults if fault.code != "other"]


def listed(asked: ActorRequest | Asked, now: datetime) -> Listed[Any]:
    """The orders asked for, for the page and for its export."""
    form = FilterForm(asked.GET, asked.actor)
    sort = sorting(asked, COLUMNS, default="-number")
    rows = queries.list_orders(asked.actor, form.wanted(), now=now, order_by=sort.order_by)
    return Listed(rows, form, sort)


def wanted_past(asked: QueryDict) -> dict[str, str]:
    """What the list of old repairs is narrowed to."""
    return {"typed": asked.get("q", "").strip()[:100], "category": asked.get("category", "")[:80]}


class PeriodForm(forms.Form):
    """A period of days, both included."""

    first = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def period(asked: QueryDict, *, today: date) -> tuple[date, date, PeriodForm]:
    """The days asked for, this year so far unless others are named, and the form that shows them."""
    form = PeriodForm(asked or None)
    typed = form.cleaned_data if form.is_bound and form.is_valid() else {}
    first, last = typed.get("first") or today.replace(month=1, day=1), typed.get("last") or today
    first, last = min(first, last), max(first, last)
    return first, last, form if form.is_bound else PeriodForm(initial={"first": first, "last": last})


class MonthsForm(forms.Form):
    """Which months are counted: the last twelve, or those of a year; of which trade and station."""

    year = forms.ChoiceField(label=gettext_lazy("Months"), required=False)
    trade = forms.ChoiceField(label=gettext_lazy("Trade"), required=False)
    station = forms.ChoiceField(label=gettext_lazy("Station"), required=False)

    def __init__(self, data: Any, actor: Actor, *, today: date) -> None:
        super().__init__(data)
        self.today = today
        stations = [(station.code, station.name) for station in staff.list_stations(actor)]
        first = queries.first_intake_day(actor) or today
        years = [(str(year), str(year)) for year in range(today.year, first.year - 1, -1)]
        trades = [(trade.code, trade.label) for trade in catalog.list_trades()]
        self._offer("year", _("The last twelve"), years)
        self._offer("trade", _("All"), trades)
        self._offer("station", _("All"), stations)
        if len(stations) < 2:
            del self.fields["station"]

    def _offer(self, name: str, nothing: object, pairs: Sequence[tuple[str, object]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", nothing), *pairs]

    def wanted(self) -> dict[str, Any]:
        """First and last day, trade and station asked for; what is not on offer narrows nothing."""
        self.is_valid()
        asked = dict(self.cleaned_data)
        year = int(asked.pop("year", "") or 0)
        first = date(year, 1, 1) if year else _months_before(self.today, 11)
        last = min(self.today, date(year, 12, 31)) if year else self.today
        return {"first": first, "last": last, **{name: value for name, value in asked.items() if value}}


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)
