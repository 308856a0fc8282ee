"""A policy as a workbook and back, without loss: one sheet for the text in its order, one for each table.

A table's sheet has a column `→` between conditions and outcomes. Everything is text, so that no cell is taken for a formula
and no clause number for a date; what Excel turned into a number or a date on the way is turned back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from aftersales.policies.engine.document import Document, Grid
from aftersales.policies.engine.errors import PolicyError, Problem

Rows = list[list[str]]
BETWEEN = "→"
TEXT = "text"
HEAD = ["what", "name", "text"]
LONGEST_NAME = 31
"""Characters in the name of a sheet."""
LARGEST_FILE = 5_000_000


def to_sheets(document: Document) -> list[tuple[str, Rows]]:
    """The sheets by name, the text first."""
    text: Rows = [HEAD, *(["front", name, value] for name, value in document.front.items())]
    sheets: list[tuple[str, Rows]] = [(TEXT, text)]
    taken = {TEXT}
    for section in document.sections:
        if section.title:
            text.append(["heading", str(section.level), section.title])
        for part in section.parts:
            if isinstance(part, str):
                text.append(["prose", "", part])
            else:
                name = _free_name(section.title, taken)
                text.append(["table", name, ""])
                sheets.append((name, _grid_rows(part)))
    return sheets


def _free_name(title: str, taken: set[str]) -> str:
    first_word = title.split(maxsplit=1)[0] if title else ""
    bare = re.sub(r"[^\w.]+", "_", first_word)[: LONGEST_NAME - 4] or "table"
    name, number = bare, 1
    while name.lower() in taken:
        number += 1
        name = f"{bare}_{number}"
    taken.add(name.lower())
    return name


def _grid_rows(grid: Grid) -> Rows:
    between = [BETWEEN] if grid.inputs else []
    rows = [[*grid.inputs, *between, *grid.outputs]]
    for row in grid.rows:
        left = [row.left[name] for name in grid.inputs]
        rows.append([*left, *([""] if grid.inputs else []), *(row.cells[name] for name in grid.outputs)])
    return rows


def from_sheets(sheets: Sequence[tuple[str, Rows]]) -> str:
    """The policy's text; PolicyError when the sheets are not those of a policy."""
    by_name = dict(sheets)
    if TEXT not in by_name:
        raise PolicyError([Problem("excel_no_text")])
    lines = list(_lines(by_name))
    return "\n".join(lines) + "\n"


def _lines(by_name: dict[str, Rows]) -> Iterator[str]:
    rows = [[*row, "", "", ""][:3] for row in by_name[TEXT][1:]]
    yield "---"
    yield from (f"{name}: {value}" for what, name, value in rows if what == "front")
    yield "---"
    for number, (what, name, value) in enumerate(rows, start=2):
        if what == "heading":
            yield from ("", f"{'#' * max(1, min(int(name) if name.isdecimal() else 1, 6))} {value}")
        elif what == "prose":
            yield value
        elif what == "table":
            if name not in by_name:
                raise PolicyError([Problem("excel_no_sheet", {"name": name}, line=number, table=TEXT)])
            yield from ("", *_pipe(by_name[name]), "")


def _pipe(rows: Rows) -> Iterator[str]:
    head = rows[0] if rows else []
    cut = head.index(BETWEEN) if BETWEEN in head else 0
    for number, row in enumerate(rows):
        if not any(row):
            continue
        cells = [*row, *([""] * (len(head) - len(row)))][: len(head)]
        left, right = cells[:cut], cells[cut + 1 :] if BETWEEN in head else cells
        yield _line(left, right)
        if number == 0:
            yield _line(["---"] * len(left), ["---"] * len(right))


def _line(left: Iterable[str], right: Iterable[str]) -> str:
    sides = ["".join(f" {cell.replace('|', chr(92) + '|')} |" for cell in side) for side in (left, right)]
    return f"|{'|'.join(side for side in sides if side)}"


# Files


def write_workbook(path: Path, document: Document) -> None:
    """The policy as an Excel file, heads frozen, columns as wide as what stands in them."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for name, rows in to_sheets(document):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write_string(at, column, cell, head if at == 0 else wrapped)
            for column in range(len(rows[0])):
                longest = max((len(row[column]) for row in rows if column < len(row)), default=4)
                sheet.set_column(column, column, min(60, max(6, longest + 2)))


def read_workbook(path: Path) -> str:
    """The policy's text from an Excel file; PolicyError when it is none or far too large."""
    if path.stat().st_size > LARGEST_FILE:
        raise PolicyError([Problem("file_too_large", {"most": LARGEST_FILE})])
    book = CalamineWorkbook.from_path(str(path))
    return from_sheets([(name, _rows(book.get_sheet_by_name(name).to_python())) for name in book.sheet_names])


def _rows(raw: Iterable[Iterable[object]]) -> Rows:
    return [[_text(cell) for cell in row] for row in raw]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else " ".join(str(cell).split("\n"))
