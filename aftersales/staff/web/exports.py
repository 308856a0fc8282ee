"""What the lists of people and stations export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from aftersales.core.text import text as _
from aftersales.core.web.access import ActorRequest
from aftersales.exchange.queries import Asked, Field, ListExport, register_list
from aftersales.staff import queries
from aftersales.staff.permissions import Permission
from aftersales.staff.web import forms, panels

ACTIVE = {"": True, "inactive": False, "all": None}
_DEACTIVATED, _ACTIVE, _INVITED = _("Deactivated"), _("Active"), _("Invited, not yet signed in")


def listed_people(asked: ActorRequest | Asked) -> tuple[QuerySet[Any], forms.PeopleFilter]:
    """The people asked for, for the page and for its export, and the filter in force."""
    form = forms.PeopleFilter(asked.actor, asked.GET)
    typed = form.cleaned_data if form.is_valid() else {}
    rows = queries.list_people(
        asked.actor,
        station=typed.get("station"),
        duty=typed.get("duty"),
        q=typed.get("q", ""),
        is_active=ACTIVE[typed.get("status", "")],
    )
    return rows, form


@dataclass(frozen=True)
class Line:
    """A person with his duties in words."""

    person: Any
    duties: str

    @property
    def status(self) -> object:
        """Whether the person can sign in, in words."""
        if not self.person.is_active:
            return _DEACTIVATED
        return _ACTIVE if self.person.has_joined else _INVITED


def _lines(_asked: Asked, people: list[Any]) -> Sequence[Line]:
    duties = queries.duties_of_people(person.pk for person in people)
    return [
        Line(
            person,
            "\n".join(f"{held.label} · {held.row.station.code}" for held in panels.held(duties.get(person.pk, []))),
        )
        for person in people
    ]


PEOPLE = register_list(
    ListExport(
        code="staff:people",
        title=_("People"),
        needs=Permission.SEE_PEOPLE,
        rows=lambda asked: listed_people(asked)[0],
        prepare=_lines,
        fields=(
            Field(_("Full name"), lambda line: line.person.name),
            Field(_("Login"), lambda line: line.person.login),
            Field(_("Duties"), lambda line: line.duties),
            Field(_("Telephone"), lambda line: line.person.phone),
            Field(_("E-mail"), lambda line: line.person.email),
            Field(_("Status"), lambda line: line.status),
        ),
    )
)
STATIONS = register_list(
    ListExport(
        code="staff:stations",
        title=_("Stations"),
        needs=Permission.SEE_STATIONS,
        rows=lambda asked: queries.list_stations(asked.actor),
        fields=(
            Field(_("Code"), lambda place: place.code),
            Field(_("Name"), lambda place: place.name),
            Field(
                _("Trades"), lambda place: ", ".join(str(forms.TRADE_NAMES.get(code, code)) for code in place.trades)
            ),
            Field(_("Telephone"), lambda place: place.phone),
            Field(_("Address"), lambda place: place.address),
            Field(_("Headquarters"), lambda place: place.is_headquarters),
            Field(_("In operation"), lambda place: place.is_open),
        ),
    )
)
