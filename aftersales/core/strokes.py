"""What was written on a screen with a finger, a pen or a mouse: strokes of points on one sheet, checked before they are kept.

A stroke is a list of points `[x, y]` in whole numbers, `x` from 0 to `WIDTH`, `y` from 0 to `HEIGHT`, whatever the size of the screen was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import dist

from aftersales.core.errors import Invalid
from aftersales.core.text import text as _

WIDTH, HEIGHT = 1000, 400
MOST_STROKES = 200
MOST_POINTS = 6000
LONGEST = 120_000
"""Characters of JSON; more than `MOST_POINTS` points never need."""
LEAST_INK = 50
"""How long the line must be, in the sheet's own measure, to be more than a slip of the finger."""

Stroke = list[list[int]]
Strokes = list[Stroke]
PEN = 'fill="none" stroke="#000" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"'


def read_strokes(typed: str, *, field: str = "signature") -> Strokes:
    """The strokes that a page sent as JSON; nothing written gives an empty list, anything else than strokes is refused."""
    if not typed.strip():
        return []
    if len(typed) > LONGEST:
        raise _too_much(field)
    try:
        given = json.loads(typed)
    except (ValueError, RecursionError):
        raise _unreadable(field) from None
    return checked_strokes(given, field=field)


def checked_strokes(given: object, *, field: str = "signature") -> Strokes:
    """The same strokes when that is what they are; refuses other shapes, points off the sheet, and more than anybody writes."""
    strokes = _listed(given, field)
    if len(strokes) > MOST_STROKES:
        raise _too_much(field)
    checked = [_checked_stroke(stroke, field) for stroke in strokes]
    if sum(len(stroke) for stroke in checked) > MOST_POINTS:
        raise _too_much(field)
    if checked and ink(checked) < LEAST_INK:
        raise Invalid(_("That is only a dot. Clear the field and sign again."), field=field)
    return checked


def ink(strokes: Iterable[Sequence[Sequence[int]]]) -> float:
    """How long the written line is in all."""
    return sum(dist(a, b) for stroke in strokes for a, b in pairwise(stroke))


def path_of(stroke: Sequence[Sequence[int]]) -> str:
    """The stroke as the `d` of an SVG path; a single point becomes a dot."""
    first, *rest = [f"{x} {y}" for x, y in stroke]
    return f"M{first}L" + "L".join(rest or [first])


def to_svg(strokes: Iterable[Sequence[Sequence[int]]]) -> str:
    """The strokes as a picture of their own, black on nothing, for papers and files."""
    lines = "".join(f'<path d="{path_of(stroke)}"/>' for stroke in strokes if stroke)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><g {PEN}>{lines}</g></svg>'


def _checked_stroke(given: object, field: str) -> Stroke:
    points = _listed(given, field)
    if not points:
        raise _unreadable(field)
    return [_checked_point(point, field) for point in points[: MOST_POINTS + 1]]


def _checked_point(given: object, field: str) -> list[int]:
    point = _listed(given, field)
    if len(point) != 2 or not all(type(value) is int for value in point):  # a truth value is an int too, but no place
        raise _unreadable(field)
    x, y = point
    if not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
        raise _unreadable(field)
    return [x, y]


def _listed(given: object, field: str) -> list[int]:
    if not isinstance(given, list | tuple):
        raise _unreadable(field)
    return list(given)


def _unreadable(field: str) -> Invalid:
    return Invalid(_("The signature did not arrive whole. Clear the field and sign again."), field=field)


def _too_much(field: str) -> Invalid:
    return Invalid(_("That is more than a signature. Clear the field and sign again."), field=field)
