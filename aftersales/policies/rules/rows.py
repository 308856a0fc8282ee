"""Rows of a policy's tables and registers, and its clauses: set, added, removed, moved. Text in, text out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from aftersales.core.errors import Invalid, Missing
from aftersales.core.text import text as _
from aftersales.policies.engine.document import Document, Grid, Row, Section, read_document, written
from aftersales.policies.engine.read import LANGUAGES, REGISTERS, decision_key_of, table_key_of, words
from aftersales.policies.rules.editing import clean

REGISTER = "registers"
"""Stands in place of a decision where a table is a register, such as the parameters."""
_NEVER = re.compile(r"\shit:\s*\S+\s*->\s*never\Z")
"""Over a table of what must never be, which decides nothing."""
_ID = re.compile(r"(.*?)(\d+)([a-z]?)\Z")


@dataclass(frozen=True)
class Address:
    """A table of the text: of a decision by its key, or a register by its name, such as `facts` or `ambiguities.en`."""

    decision: str
    table: str


@dataclass(frozen=True)
class Cells:
    """What stands in a row, left and right of the `||`; the names of the two sides may be the same."""

    left: Mapping[str, str]
    right: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """One table of the text with its address and heading."""

    address: Address
    title: str
    section: Section
    part: int

    @property
    def grid(self) -> Grid:
        """The table itself."""
        found = self.section.parts[self.part]
        assert isinstance(found, Grid)
        return found

    @property
    def is_register(self) -> bool:
        """Whether this is no decision table."""
        return self.address.decision == REGISTER


def sheets_of(document: Document) -> list[Sheet]:
    """Every table of the text that can be edited row by row, in the order of the text."""
    return list(_sheets(document))


def _sheets(document: Document) -> Iterator[Sheet]:
    decision, taken = "", set[Address]()
    for section in document.sections:
        decision = decision_key_of(section.title) or decision
        for at, part in enumerate(section.parts):
            if isinstance(part, Grid):
                address = _free(_address(section.title, decision), taken)
                if address is not None:
                    yield Sheet(address, section.title, section, at)


def _address(title: str, decision: str) -> Address | None:
    first = title.split(" ", maxsplit=1)[0]
    name, _dot, language = first.partition(".")
    if name.lower() in REGISTERS and language in {"", *LANGUAGES}:
        return Address(REGISTER, first)
    key = table_key_of(title) or (first if _NEVER.search(title) else "")
    return Address(decision, key) if decision and key else None


def _free(address: Address | None, taken: set[Address]) -> Address | None:
    if address is None:
        return None
    found, number = address, 1
    while found in taken:
        number += 1
        found = replace(address, table=f"{address.table}.{number}")
    taken.add(found)
    return found


def sheet_at(document: Document, address: Address) -> Sheet:
    """The table at an address; Missing when the text has none there."""
    for sheet in _sheets(document):
        if sheet.address == address:
            return sheet
    raise Missing(_("There is no such table in this version."))


def first_of(row: Row, grid: Grid) -> str:
    """What stands in the first cell of a row."""
    return row.left[grid.inputs[0]] if grid.inputs else row.cells[grid.outputs[0]]


def names_of(grid: Grid) -> list[str]:
    """What the rows are called: by their first cell; where others have the same, the second is `…~2`, the third `…~3`."""
    counted: dict[str, int] = {}
    found = []
    for row in grid.rows:
        first = first_of(row, grid)
        counted[first] = counted.get(first, 0) + 1
        found.append(first if counted[first] == 1 else f"{first}~{counted[first]}")
    return found


def mark_of(row: Row) -> str:
    """A short sign of what stands in a row, by which an edit knows that nobody else has changed it."""
    told = repr((list(row.left.items()), list(row.cells.items())))
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def row_at(text: str, address: Address, row: str) -> tuple[Grid, Row]:
    """A row with its table."""
    grid = sheet_at(read_document(text), address).grid
    return grid, grid.rows[_place(grid, row)]


def set_row(text: str, address: Address, row: str, cells: Cells) -> str:
    """The text with other words in this row."""

    def change(rows: list[Row], grid: Grid) -> list[Row]:
        at = _place(grid, row)
        return [*rows[:at], _filled(grid, cells, rows[at]), *rows[at + 1 :]]

    return _changed(text, address, change)


def add_row(text: str, address: Address, cells: Cells, *, after: str = "") -> str:
    """The text with one more row, behind another or at the end."""

    def change(rows: list[Row], grid: Grid) -> list[Row]:
        at = _place(grid, after) + 1 if after else len(rows)
        return [*rows[:at], _filled(grid, cells, None), *rows[at:]]

    return _changed(text, address, change)


def remove_row(text: str, address: Address, row: str) -> str:
    """The text without this row; those that named it as what they are an exception to no longer do."""

    def change(rows: list[Row], grid: Grid) -> list[Row]:
        at = _place(grid, row)
        left = [*rows[:at], *rows[at + 1 :]]
        return left if "over" not in grid.outputs else [_not_over(each, row) for each in left]

    return _changed(text, address, change)


def move_row(text: str, address: Address, row: str, *, by: int) -> str:
    """The text with this row some places further down, or up; at an end it stays."""

    def change(rows: list[Row], grid: Grid) -> list[Row]:
        at = _place(grid, row)
        moved = [*rows[:at], *rows[at + 1 :]]
        moved.insert(max(0, min(len(moved), at + by)), rows[at])
        return moved

    return _changed(text, address, change)


def next_id(document: Document, sheet: Sheet, *, like: str = "") -> str:
    """A free id for a new row, in the manner of the table's others: G08 follows G07."""
    taken = {first_of(row, each.grid) for each in _sheets(document) for row in each.grid.rows}
    rows = sheet.grid.rows
    pattern = _ID.match(like or (first_of(rows[-1], sheet.grid) if rows else f"{sheet.address.table[:1].upper()}00"))
    if pattern is None:
        return ""
    stem, number, width = pattern[1], int(pattern[2]), len(pattern[2])
    while (found := f"{stem}{number:0{width}}") in taken or found == like:
        number += 1
    return found


def empty_cells(grid: Grid) -> Cells:
    """A row in which nothing stands yet."""
    return Cells(dict.fromkeys(grid.inputs, "-"), dict.fromkeys(grid.outputs, ""))


def set_clause(text: str, clause: str, *, title: str, said: str) -> str:
    """The text with another title and other words in one clause; a table within it stays."""
    document = read_document(text)
    plain = [line.strip() for line in said.replace("\r\n", "\n").split("\n")]
    if any(line.startswith(("#", "|")) for line in plain):
        raise Invalid(_("No line of a clause may begin with # or |; these are headings and tables."), field="said")
    for section in document.sections:
        if section.title.split()[:1] == [clause] and not section.title.startswith("decision "):
            section.title = f"{clause} {clean(title)}"
            section.parts[:] = [*plain, *section.grids]
            return written(document)
    raise Missing(_("There is no such clause in this version."))


def _changed(text: str, address: Address, change: Callable[[list[Row], Grid], list[Row]]) -> str:
    document = read_document(text)
    sheet = sheet_at(document, address)
    rows = change(list(sheet.grid.rows), sheet.grid)
    sheet.section.parts[sheet.part] = replace(sheet.grid, rows=tuple(rows))
    return written(document)


def _place(grid: Grid, row: str) -> int:
    names = names_of(grid)
    if row in names:
        return names.index(row)
    raise Missing(_("There is no row “{row}” any more. Reload the page.", row=row))


def _filled(grid: Grid, cells: Cells, old: Row | None) -> Row:
    was = empty_cells(grid) if old is None else Cells(old.left, old.cells)
    left = {name: clean(cells.left.get(name, was.left[name])) for name in grid.inputs}
    right = {name: clean(cells.right.get(name, was.right[name])) for name in grid.outputs}
    return Row(left, right, old.line if old is not None else 0)


def _not_over(row: Row, gone: str) -> Row:
    named = words(row.cells["over"])
    if gone not in named:
        return row
    return replace(row, cells={**row.cells, "over": ", ".join(name for name in named if name != gone)})


def clause_at(text: str, clause: str) -> tuple[str, str]:
    """Title and words of a clause."""
    for section in read_document(text).sections:
        if section.title.split()[:1] == [clause]:
            return section.title.partition(" ")[2].strip(), section.prose
    raise Missing(_("There is no such clause in this version."))


def mark_of_clause(title: str, said: str) -> str:
    """A short sign of what a clause says."""
    return hashlib.sha256(repr((title, said)).encode()).hexdigest()[:12]
