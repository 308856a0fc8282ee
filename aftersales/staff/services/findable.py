"""Keeps the search index in step with people."""

from __future__ import annotations

from aftersales.core import search
from aftersales.staff.models import Assignment, Person

NOWHERE = "-"
"""The scope of people without any duty: seen only by those who see all stations."""


def index_person(person: Person) -> None:
    """Make the person findable by name, login and telephone, for those who see his stations."""
    rows = list(Assignment.objects.filter(person=person, until_on__isnull=True).select_related("station"))
    rows = rows or list(Assignment.objects.filter(person=person).select_related("station"))
    stations = sorted({row.station.code for row in rows})
    search.index(
        "person",
        str(person.pk),
        title=person.name,
        detail=" · ".join([person.login, *stations]),
        names=(person.name,),
        codes=tuple(code for code in (person.login, person.phone) if code),
        scopes=tuple(stations) or (NOWHERE,),
    )
