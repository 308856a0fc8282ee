"""Outline drawings of units with named areas, on which damage is marked. One file per drawing, checked when it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aftersales.catalog.rules.labels import Label
from aftersales.catalog.rules.tables import Table

_PATH = re.compile(r"[MLHVCSQTAZmlhvcsqtaz0-9 ,.\-]+")
MOST_SIDE = 2000
RADIUS = 22
"""Of the numbered mark, in the drawing's own measure."""


@dataclass(frozen=True)
class Area:
    """A part of the unit that has a name: its outline, and the place where a mark goes that has none of its own."""

    code: str
    label: Label
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class View:
    """One side of the unit, with the place of its name."""

    label: Label
    x: int
    y: int


@dataclass(frozen=True)
class Drawing:
    """An outline in one or several views; all coordinates are whole numbers from 0 to `width` and `height`."""

    code: str
    label: Label
    width: int
    height: int
    areas: tuple[Area, ...]
    lines: tuple[str, ...]
    """Outlines that are no area of their own, such as a door handle."""
    views: tuple[View, ...] = ()

    def area(self, code: str) -> Area | None:
        """The area with this code, or None."""
        return next((area for area in self.areas if area.code == code), None)

    def name_of(self, code: str) -> Label | str:
        """What the area is called; the code itself when a later drawing has no such area any more."""
        found = self.area(code)
        return found.label if found else code


def read_drawing(file: str, data: Mapping[str, Any]) -> Drawing:
    """The drawing that a file describes; a mistake names the file and the key."""
    top = Table(file, "", data)
    width, height = top.number("width"), top.number("height")
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
        raise top.wrong("width", f"and height must be from 1 to {MOST_SIDE}")
    drawing = Drawing(
        code=file.removesuffix(".toml"),
        label=top.table("label").label(),
        width=width,
        height=height,
        areas=top.items("areas", lambda row: _read_area(row, width, height)),
        lines=top.words_or_none("lines"),
        views=top.rows("views", lambda row: View(row.label(), *_place(row, width, height))) if top.has("views") else (),
    )
    if not all(_PATH.fullmatch(line) for line in drawing.lines):
        raise top.wrong("lines", "must be SVG paths")
    top.done()
    return drawing


def _read_area(row: Table, width: int, height: int) -> Area:
    path = row.string("path")
    if not _PATH.fullmatch(path):
        raise row.wrong("path", "must be an SVG path")
    return Area(row.code("code"), row.label(), path, *_place(row, width, height))


def _place(row: Table, width: int, height: int) -> tuple[int, int]:
    x, y = row.number("x"), row.number("y")
    if x > width or y > height:
        raise row.wrong("x", "and y must lie on the drawing")
    return x, y


def to_svg(drawing: Drawing, marks: Iterable[Mapping[str, Any]] = ()) -> str:
    """The drawing as a picture of its own, its marks numbered in their order from 1; `marks` have `x` and `y`.

    Black on nothing, without a word in it: what each number means is told beside it, in the reader's language.
    """
    outlines = "".join(f'<path d="{path}"/>' for path in (*(area.path for area in drawing.areas), *drawing.lines))
    numbered = "".join(_mark(number, mark) for number, mark in enumerate(marks, start=1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width} {drawing.height}">'
        f'<g fill="none" stroke="#444" stroke-width="2.5" stroke-linejoin="round" stroke-linecap="round">{outlines}</g>'
        f'<g font-family="sans-serif" font-size="26" font-weight="bold" text-anchor="middle">{numbered}</g></svg>'
    )


def _mark(number: int, mark: Mapping[str, Any]) -> str:
    x, y = int(mark["x"]), int(mark["y"])
    return (
        f'<circle cx="{x}" cy="{y}" r="{RADIUS}" fill="#fff" stroke="#b93325" stroke-width="4"/>'
        f'<text x="{x}" y="{y + 9}" fill="#b93325">{number}</text>'
    )
