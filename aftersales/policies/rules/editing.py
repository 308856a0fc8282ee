"""What an edit does to a policy's text: one cell, one row, one parameter, one open question. Text in, text out."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from aftersales.core.errors import Invalid, Missing
from aftersales.core.text import text as _
from aftersales.policies.engine.document import Document, Grid, Row, Section, read_document, written

MOST_LINES = 200
"""So many changed lines are noted in the journal; the versions themselves keep the rest."""


@dataclass(frozen=True)
class Place:
    """A row of a table: the title of its section begins with `table`, its first cell is `row`; `decision` where tables repeat."""

    table: str
    row: str
    decision: str = ""


def set_cells(text: str, place: Place, cells: Mapping[str, str]) -> str:
    """The text with other words in some cells of one row, wherever that row stands: also where it is told in another language."""
    strange = [name for name in cells if name not in get_cells(text, place)]
    if strange:
        raise Invalid(_("The table has no column “{name}”. Reload the page and edit again.", name=strange[0]))

    def change(row: Row, _grid: Grid) -> Row:
        left = {name: clean(cells.get(name, old)) for name, old in row.left.items()}
        right = {name: clean(cells.get(name, old)) for name, old in row.cells.items()}
        return replace(row, left=left, cells=right)

    return _with_row(text, place, change)


def get_cells(text: str, place: Place) -> dict[str, str]:
    """What stands in each column of one row."""
    found: list[dict[str, str]] = []

    def look(row: Row, _grid: Grid) -> Row:
        found.append({**row.left, **row.cells})
        return row

    _with_row(text, place, look)
    return found[0]


def clean(typed: str) -> str:
    """A cell as it is kept: one line, no space at its ends."""
    return " ".join(typed.split())


def changed_lines(old: str, new: str) -> list[str]:
    """The lines that went (`-`) and came (`+`)."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[:1] in "+-" and line[:3] not in {"---", "+++"}][:MOST_LINES]


def _with_row(text: str, place: Place, change: Callable[[Row, Grid], Row]) -> str:
    document = read_document(text)
    is_found = False
    for section in sections_of(document, place.table, place.decision):
        for at, part in enumerate(section.parts):
            if isinstance(part, Grid):
                rows = tuple(change(row, part) if _name(row, part) == place.row else row for row in part.rows)
                is_found = is_found or any(_name(row, part) == place.row for row in part.rows)
                section.parts[at] = replace(part, rows=rows)
    if not is_found:
        raise Missing(_("There is no row “{row}” any more. Reload the page.", row=place.row))
    return written(document)


def sections_of(document: Document, table: str, decision: str = "") -> list[Section]:
    """The sections whose title begins with this name, in whatever language (`name.en`); below one decision when it is named."""
    current, found = "", []
    for section in document.sections:
        words = section.title.split()
        if words[:1] == ["decision"]:
            current = words[1] if len(words) > 1 else ""
        named = words[0] if words else ""
        if (named == table or named.startswith(f"{table}.")) and decision in ("", current):
            found.append(section)
    return found


def _name(row: Row, grid: Grid) -> str:
    cells = {**row.left, **row.cells}
    return cells[(grid.inputs or grid.outputs)[0]]
