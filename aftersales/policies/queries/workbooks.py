"""A version as a file for other programs, and a file that somebody sent read without trust, with what it would change."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from aftersales.core.errors import Invalid, Refused
from aftersales.core.sheets import encodings
from aftersales.core.sheets.reading import open_table
from aftersales.core.sheets.values import Cell, as_text
from aftersales.core.text import text as _
from aftersales.policies.engine import document as documents, excel
from aftersales.policies.engine.dmn import from_dmn, to_dmn
from aftersales.policies.engine.document import Grid, Row, read_document, written
from aftersales.policies.engine.errors import PolicyError
from aftersales.policies.engine.excel import write_workbook
from aftersales.policies.models import PolicyVersion
from aftersales.policies.queries import programs
from aftersales.policies.queries.grids import sheet_title, tell_examination
from aftersales.policies.queries.wording import engine_language, teller_of
from aftersales.policies.rules import editing, rows as rules

MOST_BYTES = 5_000_000
MOST_SHEETS = 150
MOST_SECONDS = 60.0
"""So long all sheets of a workbook together may take to be read."""
MOST_SHOWN = 300
ZIP = b"PK\x03\x04"


# Out


def as_file(version: PolicyVersion, kind: str) -> bytes:
    """The version as `xlsx`, `dmn` or `md`."""
    if kind == "xlsx":
        return as_workbook(version)
    return (as_dmn(version) if kind == "dmn" else version.text).encode()


def as_workbook(version: PolicyVersion) -> bytes:
    """The version as an Excel workbook, a sheet for each table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.xlsx"
        write_workbook(path, read_document(version.text))
        return path.read_bytes()


def as_dmn(version: PolicyVersion) -> str:
    """The version as DMN 1.3; refused, table by table, where that format could not hold it."""
    try:
        return to_dmn(version.text)
    except PolicyError as error:
        raise Refused(_("The policy cannot be written as DMN. {problems}", problems=_told(error))) from error


def _told(error: PolicyError) -> str:
    language = engine_language()
    return " ".join(f"{each.where(language)}: {each.text(language)}".lstrip(": ") for each in error.problems[:6])


# In


def read_upload(version: PolicyVersion, upload: Any) -> str:
    """The policy's text in a file that somebody sent: a workbook, DMN or Markdown; Invalid when it cannot be one of this policy."""
    if upload.size > MOST_BYTES:
        raise Invalid(_("The file has more than {most} MB.", most=MOST_BYTES // 1_000_000), field="file")
    start = upload.read(512)
    upload.seek(0)
    try:
        text = _text_of(version, upload, start)
        policy = programs.read(text)
    except PolicyError as error:
        raise Invalid(_("The policy cannot be read. {problems}", problems=_told(error)), field="file") from error
    if policy.name != version.policy:
        raise Invalid(_("The file is of another policy, “{name}”.", name=policy.name), field="file")
    return written(read_document(text))


def _text_of(version: PolicyVersion, upload: Any, start: bytes) -> str:
    if start.startswith(ZIP):
        return _from_workbook(upload)
    raw: bytes = upload.read(MOST_BYTES + 1)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return _named_as(version, from_dmn(raw, day=version.effective_from))
    guessed = encodings.guess(raw)
    try:
        return encodings.decode(raw, guessed.encoding or "utf-8")
    except UnicodeDecodeError:
        raise Invalid(
            _("This is neither a workbook, nor DMN, nor a text. Save the text as UTF-8."), field="file"
        ) from None


def _named_as(version: PolicyVersion, text: str) -> str:
    """A table of another tool, which says nothing of a policy, under the head of this one; our own says itself what it is."""
    document = read_document(text)
    if set(document.front) != {"policy", "version", "effective_from"}:
        return text
    own = read_document(version.text).front
    return written(documents.Document(own, document.sections))


def _from_workbook(upload: IO[bytes]) -> str:
    """The text of a workbook, each sheet read by a process of its own, within limits."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        for chunk in iter(lambda: upload.read(1 << 16), b""):
            file.write(chunk)
        file.flush()
        sheets = list(_sheets(Path(file.name)))
    return excel.from_sheets(sheets)


def _sheets(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    began, left, number, count = time.monotonic(), documents.LARGEST, 0, 1
    while number < count:
        with open_table(path, sheet=number) as table:
            if table.kind != "xlsx" or len(table.sheets) > MOST_SHEETS:
                raise Invalid(_("The workbook has more than {most} sheets.", most=MOST_SHEETS), field="file")
            count, found = len(table.sheets), []
            for row in table.rows:
                cells = [_cell(cell) for cell in row.cells]
                left -= sum(map(len, cells)) + 1
                if left < 0 or time.monotonic() - began > MOST_SECONDS:
                    raise Invalid(_("The workbook holds more than a policy may."), field="file")
                found.append(cells)
            yield table.sheets[number], found
        number += 1


def _cell(cell: Cell) -> str:
    """What stands in a cell as a policy writes it; what Excel turned into yes, a day or a number is turned back."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date | datetime):
        return (cell.date() if isinstance(cell, datetime) else cell).isoformat()
    return " ".join(as_text(cell).split("\n"))


# What it would change


@dataclass(frozen=True)
class CellChange:
    """One cell that would hold something else."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    """One row that would be added, removed or changed."""

    table: str
    row: str
    kind: str
    cells: tuple[CellChange, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What taking a text over would change: rows by id, lines outside of tables, and what the check says of it."""

    rows: tuple[RowChange, ...] = ()
    left_out: int = 0
    lines: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    red: int = 0
    is_proved: bool = True

    @property
    def is_same(self) -> bool:
        """Whether nothing would change."""
        return not (self.rows or self.lines)


def changes_between(version: PolicyVersion, text: str) -> Changes:
    """What would change if the draft had this text."""
    old, new = read_document(version.text), read_document(text)
    teller = teller_of(programs.read(text))
    before = {sheet.address: sheet for sheet in rules.sheets_of(old)}
    after = {sheet.address: sheet for sheet in rules.sheets_of(new)}
    found: list[RowChange] = []
    for address, sheet in (before | after).items():
        was, now = before.get(address), after.get(address)
        title = sheet_title(sheet, teller.policy, teller)
        found += _grid_changes(title, was.grid if was else None, now.grid if now else None)
    sketched = PolicyVersion(policy=version.policy, text=text, cases=version.cases)
    examined = programs.examine(sketched)
    return Changes(
        tuple(found[:MOST_SHOWN]),
        max(0, len(found) - MOST_SHOWN),
        tuple(editing.changed_lines(_without_rows(version.text), _without_rows(text))),
        tuple(each.sentence for each in tell_examination(sketched) if each.is_serious)[:20],
        len(examined.red),
        examined.is_proved,
    )


def _without_rows(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("|"))


def _grid_changes(title: str, before: Grid | None, after: Grid | None) -> Iterator[RowChange]:
    if before is not None and after is not None and _head(before) != _head(after):
        yield RowChange(title, "", "changed", (CellChange("", ", ".join(_head(before)), ", ".join(_head(after))),))
    old = {} if before is None else dict(zip(rules.names_of(before), before.rows, strict=True))
    new = {} if after is None else dict(zip(rules.names_of(after), after.rows, strict=True))
    for name, row in new.items():
        if name not in old:
            yield RowChange(title, name, "added", tuple(CellChange(*each) for each in _cells(None, row)))
        elif cells := tuple(CellChange(*each) for each in _cells(old[name], row)):
            yield RowChange(title, name, "changed", cells)
    yield from (RowChange(title, name, "removed") for name in old if name not in new)


def _head(grid: Grid) -> tuple[str, ...]:
    return (*grid.inputs, *grid.outputs)


def _cells(old: Row | None, new: Row) -> Iterator[tuple[str, str, str]]:
    sides = [(new.left, old.left if old else {}), (new.cells, old.cells if old else {})]
    for after, before in sides:
        for name, cell in after.items():
            was = before.get(name, "")
            if was != cell and (old is not None or cell not in {"", "-"}):
                yield name, was, cell
