"""The imports of one person: their rows, their columns as guessed or remembered, and what the pages show of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.core.rows import only
from aftersales.core.sheets import encodings, shelf, values
from aftersales.core.text import Text, from_data
from aftersales.exchange.models import Import, RememberedColumns
from aftersales.exchange.permissions import Permission
from aftersales.exchange.queries.tables import Table, words_of
from aftersales.exchange.rules import imports as rules
from aftersales.exchange.rules.imports import Effect

LOOKED_AT = 2000
"""Bytes of the beginning of a text file that are shown in every encoding."""


def list_imports(actor: Actor, *, now: datetime) -> QuerySet[Import]:
    """The actor's own imports that are still kept, newest first."""
    actor.require(Permission.IMPORT)
    return Import.objects.filter(owner=actor.id, expires_at__gt=now).order_by("-id")


def get_import(actor: Actor, token: str, *, now: datetime) -> Import:
    """The actor's own import; other people's are missing, and so is what is no longer kept."""
    found = only(list_imports(actor, now=now).filter(token=token))
    if found is None:
        raise Missing
    return found


def heads_of(found: Import) -> list[str]:
    """The headings of the file; letters where it has none."""
    wide = max((len(cells) for _number, cells in found.sample), default=0)
    row: Sequence[str] = next((cells for number, cells in found.sample if number == found.head_row), ())
    heads = [*row, *[""] * (wide - len(row))]
    return [head or letter_of(place) for place, head in enumerate(heads)]


@dataclass(frozen=True)
class Reading:
    """How the beginning of a text file looks in one encoding."""

    encoding: str
    label: str
    text: str


def readings_of(found: Import) -> list[Reading]:
    """The beginning of a text file in every encoding that it may be in; nothing for a workbook."""
    if found.kind != "csv":
        return []
    with shelf.path_of(found.token).open("rb") as file:
        data = file.read(LOOKED_AT)
    return [Reading(code, label, _beginning(data, code)) for code, label in encodings.LABELS.items()]


def _beginning(data: bytes, encoding: str) -> str:
    lines = encodings.decode_some(data, encoding).split("\n")
    return values.shown(" / ".join(line.strip() for line in lines if not line.isascii())[:200] or lines[0])


def letter_of(place: int) -> str:
    """How a spreadsheet calls this column: A, B, … Z, AA."""
    letters = ""
    while place >= 0:
        place, rest = divmod(place, 26)
        letters = chr(65 + rest) + letters
        place -= 1
    return letters


def remembered(actor: Actor, code: str, heads: Sequence[str]) -> RememberedColumns | None:
    """What this person chose the last time for a table with the same headings."""
    return only(RememberedColumns.objects.filter(owner=actor.id, code=code, heads=rules.fingerprint(heads)))


def guessed_columns(actor: Actor, table: Table, found: Import) -> list[str]:
    """For each column of the file the field it means: as chosen, as remembered, or as guessed."""
    heads = heads_of(found)
    if len(found.columns) == len(heads) and any(found.columns):
        return list(found.columns)
    fields = table.fields()
    memory = remembered(actor, table.code, heads)
    known: Mapping[str, str] = memory.columns if memory else {}
    return rules.guess_columns(heads, fields, words_of(fields), known)


@dataclass(frozen=True)
class Count:
    """How many records of one kind are new, changed, unchanged."""

    noun: Text
    new: int
    changed: int
    unchanged: int


def counts_of(table: Table, found: Import) -> list[Count]:
    """What the check counted, record by record."""
    return [
        Count(label, *(found.counts.get(noun, {}).get(effect.value, 0) for effect in Effect))
        for noun, label in table.nouns.items()
    ]


@dataclass(frozen=True)
class StoredRow:
    """A row as it will be stored."""

    number: int
    effects: list[tuple[Text, Text, str]]
    values: list[tuple[Text, str]]
    """Heading and value."""


def stored_rows(table: Table, found: Import) -> tuple[list[Text], list[StoredRow]]:
    """The first rows as they will be stored, under the headings of the chosen fields."""
    fields = [field for field in table.fields() if field.key in found.columns]
    rows = [
        StoredRow(
            row["number"],
            [
                (table.nouns[noun], rules.EFFECT_LABELS[effect], rules.EFFECT_TONES[effect])
                for noun, effect in row["effects"].items()
                if noun in table.nouns
            ],
            [(field.label, _shown(row["stored"].get(field.key))) for field in fields],
        )
        for row in found.stored
    ]
    return [field.label for field in fields], rows


@dataclass(frozen=True)
class ProblemRow:
    """A row that cannot be imported, and what to do about it."""

    number: int
    problems: list[tuple[Text | str, Text]]


def problem_rows(table: Table, found: Import) -> list[ProblemRow]:
    """The first rows that have problems, each with the heading of the field and the sentence."""
    labels: dict[str, Text] = {field.key: field.label for field in table.fields()}
    return [
        ProblemRow(
            row["number"], [(labels.get(each["field"], ""), from_data(each["sentence"])) for each in row["problems"]]
        )
        for row in found.problems
    ]


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(from_data(value))
    return "" if value is None else str(value)
