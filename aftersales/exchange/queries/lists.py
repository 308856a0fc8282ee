"""The lists that can be exported: each room declares its own, next to the page that shows it.

A declaration names the columns of the file and how to ask for the rows: by the very function that the page asks, so that the
file holds what the page shows, with the same filters and in the same order, and nothing that the actor may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.core.text import Text

BATCH = 1000
"""Rows are read in short looks, so that nobody waits for a long one to end."""


@dataclass(frozen=True)
class Asked:
    """Who asks for a list, and with which filters; the pages' requests look the same."""

    actor: Actor
    GET: QueryDict
    now: datetime


@dataclass(frozen=True)
class Field:
    """One column of the file: its heading and what stands in it, as a text, number, day, moment or amount."""

    label: object
    value: Callable[[Any], object]
    uncovered: Callable[[Any], object] | None = None
    """What stands there instead when the person may see personal data in full and asked for it."""


@dataclass(frozen=True)
class ListExport:
    """A list that can be exported."""

    code: str
    title: Text
    needs: str
    """The permission of the list's page."""
    fields: Sequence[Field] | Callable[[Asked], Sequence[Field]]
    rows: Callable[[Asked], QuerySet[Any, Any] | Sequence[Any]]
    uncovers: str = ""
    """The permission to see personal data in full; empty where the list holds none."""
    prepare: Callable[[Asked, list[Any]], Sequence[Any]] = lambda _asked, rows: rows
    """Turns a batch of rows into what the columns read, for what is looked up best for many at once."""

    def fields_for(self, asked: Asked) -> Sequence[Field]:
        """The columns of the file for this actor."""
        return self.fields(asked) if callable(self.fields) else self.fields


_lists: dict[str, ListExport] = {}


def register_list(declared: ListExport) -> ListExport:
    """Let this list be exported; the same code declared once more takes the place of the first."""
    _lists[declared.code] = declared
    return declared


def find_list(actor: Actor, code: str) -> ListExport:
    """The list with this code, if the actor may open its page."""
    found = _lists.get(code)
    if found is None:
        raise Missing
    actor.require(found.needs)
    return found


def batches(rows: QuerySet[Any, Any] | Sequence[Any], keys: Sequence[Any] | None = None) -> Iterator[list[Any]]:
    """The rows in their order, some at a time. What went away since `keys` was read is left out."""
    if not isinstance(rows, QuerySet):
        yield from (list(rows[start : start + BATCH]) for start in range(0, len(rows), BATCH))
        return
    wanted = keys_of(rows) if keys is None else keys
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        found = {row.pk: row for row in rows.order_by().filter(pk__in=some)}
        yield [found[key] for key in some if key in found]


def keys_of(rows: QuerySet[Any, Any] | Sequence[Any]) -> Sequence[Any]:
    """The keys of all rows in their order; of what is no queryset the rows themselves."""
    return list(rows.values_list("pk", flat=True)) if isinstance(rows, QuerySet) else rows
