"""What becomes of an import, and which column of a file means what."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from aftersales.core.errors import Invalid
from aftersales.core.search_words import plain
from aftersales.core.text import Text, text as _

KEPT = timedelta(days=7)
BATCH = 1000
SHOWN_ROWS = 12
"""Rows of the file, and of what will be stored, that the page shows."""
SHOWN_PROBLEMS = 30
MOST_COLUMNS = 60
HEAD_ROWS = 8
"""The headings are looked for among so many rows; above them often stands a title."""


class ImportState(StrEnum):
    """Where an import stands."""

    MAPPING = "mapping"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Effect(StrEnum):
    """What an import does to a record."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


LABELS: Mapping[str, Text] = {
    ImportState.MAPPING: _("Columns to be chosen"),
    ImportState.CHECKING: _("Being checked"),
    ImportState.CHECKED: _("Checked, not imported"),
    ImportState.IMPORTING: _("Being imported"),
    ImportState.DONE: _("Imported"),
    ImportState.STOPPED: _("Stopped"),
    ImportState.FAILED: _("Not imported"),
}
TONES: Mapping[str, str] = {
    ImportState.MAPPING: "neutral",
    ImportState.CHECKING: "progress",
    ImportState.CHECKED: "info",
    ImportState.IMPORTING: "progress",
    ImportState.DONE: "success",
    ImportState.STOPPED: "neutral",
    ImportState.FAILED: "danger",
}
EFFECT_LABELS: Mapping[str, Text] = {
    Effect.NEW: _("new"),
    Effect.CHANGED: _("changed"),
    Effect.UNCHANGED: _("unchanged"),
}
EFFECT_TONES: Mapping[str, str] = {Effect.NEW: "success", Effect.CHANGED: "info", Effect.UNCHANGED: "neutral"}
IN_WORK = frozenset({ImportState.CHECKING, ImportState.IMPORTING})

_ASIDE = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_NOT_IN_A_HEAD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class TableField:
    """What a column of a table may mean."""

    key: str
    label: Text
    hint: Text
    example: str = ""
    aliases: tuple[str, ...] = ()
    """Further headings under which it is found in the files of the trade, in any language."""
    is_required: bool = False
    choices: tuple[Text | str, ...] = ()
    """The words to choose among, where there are few."""


def as_head(typed: object) -> str:
    """A heading in the one form by which headings are compared: `手 机（必填）` and `手機*` are the same."""
    return _NOT_IN_A_HEAD.sub("", plain(_ASIDE.sub("", unicodedata.normalize("NFKC", str(typed)))))


def guess_columns(
    heads: Sequence[str], fields: Sequence[TableField], words: Mapping[str, Sequence[str]], known: Mapping[str, str]
) -> list[str]:
    """For each heading the key of the field it most likely means, or nothing; each field once.

    `words` are each field's own headings in every language, `known` is what this person chose for the same headings before.
    """
    plain_heads = [as_head(head) for head in heads]
    exact = {as_head(word): field.key for field in reversed(fields) for word in (*field.aliases, *words[field.key])}
    keys = {field.key for field in fields}
    found = [known[head] if known.get(head) in keys else "" for head in plain_heads]
    for guess in (exact.get, lambda head: _contained(head, exact)):
        for place, head in enumerate(plain_heads):
            key = guess(head)
            if head and key and not found[place] and head not in known and key not in found:
                found[place] = key
    return [key if key not in found[:place] else "" for place, key in enumerate(found)]


def _contained(head: str, exact: Mapping[str, str]) -> str | None:
    """The field whose longest heading stands within this one: `客户联系电话1` means a telephone."""
    inside = [word for word in exact if len(word) >= 2 and word in head]
    return exact[max(inside, key=len)] if inside else None


def guess_head_row(rows: Sequence[tuple[int, Sequence[str]]], words: Iterable[str]) -> int:
    """The number of the row that looks most like headings; the first one where none does, 0 where there is no row."""
    known = {as_head(word) for word in words}
    best, most = (rows[0][0] if rows else 0), 0
    for number, cells in rows[:HEAD_ROWS]:
        count = sum(as_head(cell) in known for cell in cells if cell)
        if count > most:
            best, most = number, count
    return best


def fingerprint(heads: Sequence[str]) -> str:
    """What is the same for two files with the same headings."""
    return hashlib.sha256("\n".join(as_head(head) for head in heads).encode()).hexdigest()


def check_columns(columns: Sequence[str], fields: Sequence[TableField]) -> None:
    """Refuse a choice of columns that names a field twice, or leaves a needed one out."""
    labels = {field.key: field.label for field in fields}
    for key in columns:
        if key and (key not in labels or columns.count(key) > 1):
            raise Invalid(_("Choose each column once: “{label}” is chosen twice.", label=labels.get(key, key)))
    for field in fields:
        if field.is_required and field.key not in columns:
            raise Invalid(_("Say which column is “{label}”; without it nothing can be imported.", label=field.label))
