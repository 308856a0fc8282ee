"""A policy file taken apart: what stands above the text, its sections, their pipe tables; each with its line.

The file is Markdown, so that it can be read anywhere, kept in git and compared line by line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from aftersales.policies.engine.errors import PolicyError, Problem

LARGEST = 1_000_000
MOST_LINES = 20_000
MOST_COLUMNS = 64
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\Z")
_LINE_UNDER_HEAD = re.compile(r"\|?[\s:|-]+\|?\Z")


@dataclass(frozen=True)
class Row:
    """One line of a table: what stands in each column left of the `||`, and right of it."""

    left: Mapping[str, str]
    cells: Mapping[str, str]
    line: int


@dataclass(frozen=True)
class Grid:
    """A pipe table. `inputs` are the columns left of the `||`; without one, all columns are `outputs`."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[Row, ...]
    line: int


@dataclass
class Section:
    """What stands under one heading, up to the next."""

    level: int
    title: str
    line: int
    parts: list[str | Grid] = field(default_factory=list)
    """Lines of prose and tables, in their order."""

    @property
    def grids(self) -> list[Grid]:
        """The tables."""
        return [part for part in self.parts if isinstance(part, Grid)]

    @property
    def prose(self) -> str:
        """The lines between the tables, without empty ones at either end."""
        return "\n".join(part for part in self.parts if isinstance(part, str)).strip("\n")


@dataclass(frozen=True)
class Document:
    """The whole file."""

    front: Mapping[str, str]
    sections: tuple[Section, ...]
    digest: str = ""
    """SHA-256 of the document as it is `written`."""


def normalised(text: str) -> str:
    """The text as it is taken apart: one kind of line end, nothing at the ends of lines, one line end at the end."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def read_document(text: str) -> Document:
    """The parts of the file; PolicyError when it is too large or a table is torn."""
    if len(text) > LARGEST:
        raise PolicyError([Problem("file_too_large", {"most": LARGEST})])
    clean = normalised(text)
    lines = clean.split("\n")
    if len(lines) > MOST_LINES:
        raise PolicyError([Problem("file_too_long", {"most": MOST_LINES})])
    front, start = _front(lines)
    problems: list[Problem] = []
    sections = tuple(_sections(lines, start, problems))
    if problems:
        raise PolicyError(problems)
    document = Document(front, sections)
    return replace(document, digest=hashlib.sha256(written(document).encode()).hexdigest())


def written(document: Document) -> str:
    """The document as text, in the one form in which it is hashed, compared and kept."""
    lines = ["---", *(f"{name}: {value}".rstrip() for name, value in document.front.items()), "---"]
    for section in document.sections:
        if section.title:
            lines += ["", f"{'#' * section.level} {section.title}"]
        for part in section.parts:
            if isinstance(part, Grid):
                lines += ["", *_rows_of(part), ""]
            else:
                lines.append(part)
    tidy = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines))
    return tidy.rstrip("\n") + "\n"


def _rows_of(grid: Grid) -> Iterator[str]:
    yield _line(grid.inputs, grid.outputs)
    sides = ["---|" * len(side) for side in (grid.inputs, grid.outputs) if side]
    yield f"|{'|'.join(sides)}"
    for row in grid.rows:
        yield _line([row.left[name] for name in grid.inputs], [row.cells[name] for name in grid.outputs])


def _line(left: Iterable[str], right: Iterable[str]) -> str:
    sides = [
        "".join(f" {cell.replace('|', chr(92) + '|')} |" if cell else " |" for cell in side) for side in (left, right)
    ]
    return f"|{'|'.join(side for side in sides if side)}"


def _front(lines: list[str]) -> tuple[dict[str, str], int]:
    if lines[0] != "---":
        raise PolicyError([Problem("no_front", line=1)])
    found: dict[str, str] = {}
    for number, line in enumerate(lines[1:], start=2):
        if line == "---":
            return found, number
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise PolicyError([Problem("front_line", {"text": line[:40]}, line=number)])
        found[name.strip()] = value.strip()
    raise PolicyError([Problem("front_open", line=1)])


def _sections(lines: list[str], start: int, problems: list[Problem]) -> Iterator[Section]:
    section = Section(0, "", start + 1)
    at = start
    while at < len(lines):
        line = lines[at]
        if heading := _HEADING.match(line):
            yield section
            section = Section(len(heading[1]), heading[2], at + 1)
            at += 1
        elif line.lstrip().startswith("|"):
            end = at
            while end < len(lines) and lines[end].lstrip().startswith("|"):
                end += 1
            grid = _grid(lines[at:end], at + 1, section.title, problems)
            if grid is not None:
                section.parts.append(grid)
            at = end
        else:
            section.parts.append(line)
            at += 1
    yield section


def _grid(lines: list[str], first: int, title: str, problems: list[Problem]) -> Grid | None:
    if len(lines) < 2 or not _LINE_UNDER_HEAD.match(lines[1].strip()):
        problems.append(Problem("table_head", line=first, table=title))
        return None
    left, bar, right = lines[0].partition("||")
    inputs = tuple(_cut(left)) if bar else ()
    outputs = tuple(_cut(right if bar else left))
    names = inputs + outputs
    wrong = next((name for side in (inputs, outputs) for name in side if side.count(name) > 1 or not name), None)
    if wrong is not None or len(names) > MOST_COLUMNS:
        problems.append(Problem("table_columns", {"name": wrong or len(names)}, line=first, table=title))
        return None
    rows = []
    for place, line in enumerate(lines[2:], start=first + 2):
        cells = _cut(line.replace("||", "|", 1) if bar else line)
        if len(cells) == len(names):
            cut = len(inputs)
            told = dict(zip(inputs, cells[:cut], strict=True))
            rows.append(Row(told, dict(zip(outputs, cells[cut:], strict=True)), place))
        else:
            details: dict[str, object] = {"has": len(cells), "wants": len(names)}
            problems.append(Problem("row_width", details, line=place, table=title, row=cells[0] if cells else ""))
    return Grid(inputs, outputs, tuple(rows), first)


def _cut(line: str) -> list[str]:
    """The cells of a line; a bar within a cell has a backslash before it."""
    bare = line.strip().removeprefix("|")
    if bare.endswith("|") and not bare.endswith("\\|"):
        bare = bare[:-1]
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", bare)]
