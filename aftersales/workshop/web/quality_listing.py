"""The table of quality as it is asked for, by its page and by its export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from aftersales.core.actor import Actor
from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest
from aftersales.exchange.queries import Asked
from aftersales.staff import queries as staff
from aftersales.ui.lists import Column, Sorting, sorting
from aftersales.workshop import queries
from aftersales.workshop.rules.quality import FIGURE_LABELS, Figure, Tally, in_order, span
from aftersales.workshop.web.listing import PeriodForm

COLUMNS = (
    Column("technician", _("Technician"), ("technician",)),
    Column("station", _("Station"), ("station",)),
    *(Column(each.value, label, (each.value,), is_number=True) for each, label in FIGURE_LABELS.items()),
)


class SpanForm(PeriodForm):
    """Some days and a station."""

    station = forms.ChoiceField(label=gettext_lazy("Station"), required=False)

    def __init__(self, data: Any, actor: Actor) -> None:
        super().__init__(data)
        stations = [(station.code, station.name) for station in staff.list_stations(actor)]
        field = self.fields["station"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All")), *stations]
        if len(stations) < 2:
            del self.fields["station"]


@dataclass(frozen=True)
class Quality:
    """The rows in the order asked for, and what was asked."""

    rows: list[Tally]
    form: SpanForm
    sorting: Sorting
    asked: queries.QualityAsked


def listed(request: ActorRequest | Asked, *, today: date, zone: str) -> Quality:
    """The quality of the days asked for, this month unless others are named; what cannot be read narrows nothing."""
    typed = SpanForm(request.GET, request.actor)
    typed.is_valid()
    said = typed.cleaned_data
    first, last = span(said.get("first"), said.get("last"), today=today)
    technician = request.GET.get("technician", "")
    asked = queries.QualityAsked(
        first, last, zone, said.get("station") or "", int(technician) if _is_key(technician) else None
    )
    sort = sorting(request, COLUMNS, default="-passed")
    rows = in_order(queries.count_quality(request.actor, asked), sort.order_by[0])
    shown = {"first": first.isoformat(), "last": last.isoformat(), "station": asked.station}
    return Quality(rows, SpanForm(shown, request.actor), sort, asked)


def figure_of(asked: QueryDict) -> Figure:
    """Which number is looked behind."""
    named = asked.get("figure", "")
    return Figure(named) if named in set(Figure) else Figure.PASSED


def days_of(asked: queries.QualityAsked) -> dict[str, Any]:
    """The days as they stand in an address."""
    return {"first": asked.first.isoformat(), "last": asked.last.isoformat()}


def _is_key(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) < 10
