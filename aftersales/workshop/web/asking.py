"""How expert questions are listed: the filters and the heads, for the page and for its export."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.core.actor import Actor
from aftersales.core.text import text
from aftersales.core.web.access import ActorRequest
from aftersales.exchange.queries import Asked
from aftersales.staff import queries as staff
from aftersales.ui.lists import Column, Listed, sorting
from aftersales.workshop import queries
from aftersales.workshop.queries import QuestionFilter
from aftersales.workshop.rules.expert import ADDRESSEE_LABELS, CLOCK_LABELS, STATES

COLUMNS = (
    Column("number", text("Question"), ("id",)),
    Column("order", text("Order")),
    Column("unit", text("Unit")),
    Column("to", text("Asked of")),
    Column("by", text("Asked by")),
    Column("state", text("State")),
    Column("due", text("Answer due"), ("due_at", "id")),
)


class QuestionFilterForm(forms.Form):
    """What the list of questions can be narrowed to."""

    state = forms.ChoiceField(label=_("State"), required=False)
    clock = forms.ChoiceField(label=_("Answer"), required=False)
    asked_of = forms.ChoiceField(label=_("Asked of"), required=False)
    mine = forms.ChoiceField(label=_("Whose"), required=False)
    station = forms.ChoiceField(label=_("Station"), required=False)

    def __init__(self, data: Any, actor: Actor) -> None:
        super().__init__(data)
        stations = [(station.code, station.name) for station in staff.list_stations(actor)]
        self._offer("state", ((state.value, info.label) for state, info in STATES.items()))
        self._offer("clock", CLOCK_LABELS.items())
        self._offer("asked_of", ((kind.value, label) for kind, label in ADDRESSEE_LABELS.items()))
        self._offer("mine", (("asked", _("Asked by me")), ("to_answer", _("Put to me"))))
        self._offer("station", stations)
        if len(stations) < 2:
            del self.fields["station"]

    def wanted(self) -> QuestionFilter:
        """The filter asked for; what is not on offer narrows nothing."""
        self.is_valid()
        return QuestionFilter(**{name: value for name, value in self.cleaned_data.items() if value})

    def _offer(self, name: str, pairs: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All")), *pairs]


def listed(asked: ActorRequest | Asked, now: datetime) -> Listed[Any]:
    """The questions asked for, for the page and for its export."""
    form = QuestionFilterForm(asked.GET, asked.actor)
    sort = sorting(asked, COLUMNS, default="-number")
    rows = queries.list_questions(asked.actor, form.wanted(), now=now, order_by=sort.order_by)
    return Listed(rows, form, sort)
