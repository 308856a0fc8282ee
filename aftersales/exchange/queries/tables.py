"""The tables that can be imported: each room declares its own, with the service that takes the rows in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django import forms
from django.conf import settings
from django.utils import translation

from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.core.sheets.values import Cell
from aftersales.core.text import Text
from aftersales.exchange.permissions import Permission
from aftersales.exchange.rules.imports import TableField


@dataclass(frozen=True)
class Line:
    """One row of the file: its number there, and the cells of the chosen columns by the key of their field."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be imported: the field at fault, and what to do."""

    field: str
    sentence: Text


@dataclass
class Outcome:
    """What becomes of a row: noun → effect for the records it concerns, or the problems that it has."""

    number: int
    effects: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    stored: dict[str, object] = field(default_factory=dict)
    """Field → the value as it will be stored."""


@dataclass(frozen=True)
class Batch:
    """Some rows as they were read: what they say, as the importer's own records, and what is wrong with each so far.

    It can be set aside on the disk, so it holds plain records and nothing of the database.
    """

    outcomes: Sequence[Outcome]
    rows: Sequence[Any]
    spelled: Mapping[str, str] = field(default_factory=dict)
    """Name → its words for the search."""
    ready: Any = None
    """What the importer has prepared to be written as it is, if things still stand as they did when the rows were read."""

    @property
    def has_problems(self) -> bool:
        """Whether a row has any."""
        return any(outcome.problems for outcome in self.outcomes)


class Importer(Protocol):
    """Takes rows in, batch by batch: on trial it only looks, otherwise it writes within the caller's transaction.

    All rows are read first, in nobody's way; then, in the transaction, they are compared with what is there, and written.
    """

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Noun → effect → how many records, each counted once."""

    def read(self, lines: Sequence[Line]) -> Batch:
        """What these rows say, as far as that can be told without the records that are there."""

    def begin_writing(self) -> None:
        """Nothing; from here to the end of the transaction the importer writes, and those who would write the same wait."""

    def take(self, batch: Batch) -> Sequence[Outcome]:
        """What becomes of these rows."""


@dataclass(frozen=True)
class Table:
    """A table that can be imported."""

    code: str
    title: Text
    lead: Text
    rules: tuple[Text, ...]
    """What the import does to records that are already there, in sentences for its page."""
    needs: tuple[str, ...]
    """All of these permissions are needed beside that to import."""
    icon: str
    nouns: Mapping[str, Text]
    """The records that its rows concern, in the plural."""
    fields: Callable[[], Sequence[TableField]]
    options: Callable[[Any, Actor], forms.Form]
    """The form of what holds for the whole file; unbound when it is given no data."""
    begin: Callable[[Actor, Mapping[str, Any], bool, datetime], Importer]
    """`begin(actor, options, is_trial, now)` gives the importer."""
    done_url: str
    """The name of the page that lists what was imported."""


_tables: dict[str, Table] = {}


def register_table(declared: Table) -> Table:
    """Let this table be imported; the same code declared once more takes the place of the first."""
    _tables[declared.code] = declared
    return declared


def list_tables(actor: Actor) -> list[Table]:
    """The tables this actor may import."""
    actor.require(Permission.IMPORT)
    return [table for table in _tables.values() if all(actor.may(each) for each in table.needs)]


def find_table(actor: Actor, code: str) -> Table:
    """The table with this code, if the actor may import it."""
    actor.require(Permission.IMPORT)
    found = _tables.get(code)
    if found is None:
        raise Missing
    for each in found.needs:
        actor.require(each)
    return found


def words_of(fields: Sequence[TableField]) -> dict[str, list[str]]:
    """Field → its heading in every language of the house."""
    found: dict[str, list[str]] = {each.key: [] for each in fields}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for each in fields:
                found[each.key].append(str(each.label))
    return found
