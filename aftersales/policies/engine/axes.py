"""A fact as a line of stretches within which no rule can tell two values apart; each stretch has a small number, its code.

Rules are masks over codes, so deciding is looking up and analysing is counting. Whole days are cut at whole days only, so
three and a half days lie where three days lie.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal
from itertools import accumulate
from math import ceil, floor
from operator import xor

from aftersales.policies.engine.cells import Cell, Range
from aftersales.policies.engine.model import Fact, Value

Cut = tuple[Decimal, int]
"""A number and whether it lies before (1) or behind (0) the cut."""
WHOLE = {"days", "count", "date"}


class Axis:
    """The stretches of one fact, given all cells that are asked of it."""

    def __init__(self, fact: Fact, cells: Iterable[Cell]) -> None:
        self.fact = fact
        self.cuts: list[Cut] = []
        self.samples: list[Value] = []
        self._codes: dict[object, int] = {}
        if fact.kind in WHOLE | {"number"}:
            self._cut(cells)
        else:
            self.samples = [True, False] if fact.kind == "bool" else list(fact.values)
            self._codes = {value: code for code, value in enumerate(self.samples)}
        self.is_numeric = bool(fact.kind in WHOLE | {"number"})
        self.plain_cuts = [int(number) for number, _side in self.cuts] if fact.kind in WHOLE else []
        self.unknown: int | None = None
        if fact.may_be_unknown:
            self.unknown = len(self.samples)
            self._codes[None] = self.unknown
            self.samples.append(None)

    def _cut(self, cells: Iterable[Cell]) -> None:
        is_whole = self.fact.kind in WHOLE
        found = {cut for cell in cells for each in cell.ranges for cut in _cuts_of(each, is_whole=is_whole)}
        if self.fact.least is not None:
            found = {cut for cut in found if cut > (self.fact.least, 0)}
        self.cuts = sorted(found)
        lows: list[Cut | None] = [None if self.fact.least is None else (self.fact.least, 0), *self.cuts]
        highs: list[Cut | None] = [*self.cuts, None]
        self.samples = [_within(low, high, is_whole=is_whole) for low, high in zip(lows, highs, strict=True)]

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def everything(self) -> int:
        """All codes as a set of bits."""
        return (1 << len(self.samples)) - 1

    def code_of(self, value: object) -> int:
        """The stretch a value lies in; KeyError when it cannot be."""
        if value is None or not self.is_numeric:
            return self._codes[value]
        return bisect_right(self.cuts, (value, 0))

    def masks(self, cells: list[Cell]) -> tuple[int, ...]:
        """For each code, which of the rules (by place) have a cell here that holds."""
        turns = [0] * (len(self) + 1)
        for at, cell in enumerate(cells):
            for first, end in self.runs(cell):
                turns[first] ^= 1 << at
                turns[end] ^= 1 << at
        return tuple(accumulate(turns[:-1], xor))

    def runs(self, cell: Cell) -> list[tuple[int, int]]:
        """The codes a cell holds for, as runs from the first to the one behind the last."""
        if cell.is_any:
            return [(0, len(self))]
        end = len(self) if self.unknown is None else self.unknown
        runs = _merged(self._ranges(cell) if self.is_numeric else self._choices(cell))
        known = _between(runs, end) if cell.is_negated else runs
        return known if self.unknown is None or not cell.takes_unknown else [*known, (self.unknown, self.unknown + 1)]

    def _choices(self, cell: Cell) -> list[tuple[int, int]]:
        codes = (self._codes[value] for value in cell.values)
        return [(code, code + 1) for code in codes]

    def _ranges(self, cell: Cell) -> list[tuple[int, int]]:
        end = len(self.cuts) + 1
        runs = []
        for each in cell.ranges:
            low, high = _bounds(each, is_whole=self.fact.kind in WHOLE)
            first = 0 if low is None else bisect_right(self.cuts, low)
            runs.append((first, end if high is None else bisect_right(self.cuts, high)))
        return runs

    def stretch(self, code: int) -> tuple[Cut | None, Cut | None]:
        """Between which cuts the values of a code lie."""
        low = self.cuts[code - 1] if code else (None if self.fact.least is None else (self.fact.least, 0))
        return low, self.cuts[code] if code < len(self.cuts) else None


def _cuts_of(each: Range, *, is_whole: bool) -> Iterable[Cut]:
    return (cut for cut in _bounds(each, is_whole=is_whole) if cut is not None)


def _bounds(each: Range, *, is_whole: bool) -> tuple[Cut | None, Cut | None]:
    """The cuts before and behind a range; of whole days there are only whole ones."""
    low: Cut | None = None
    high: Cut | None = None
    if each.low is not None and is_whole:
        low = Decimal(ceil(each.low) if each.has_low else floor(each.low) + 1), 0
    elif each.low is not None:
        low = each.low, 0 if each.has_low else 1
    if each.high is not None and is_whole:
        high = Decimal(floor(each.high) + 1 if each.has_high else ceil(each.high)), 0
    elif each.high is not None:
        high = each.high, 1 if each.has_high else 0
    return low, high


def _merged(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Runs that neither touch nor overlap, in their order; empty ones left out."""
    found: list[tuple[int, int]] = []
    for first, end in sorted(run for run in runs if run[0] < run[1]):
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((first, end))
    return found


def _between(runs: list[tuple[int, int]], end: int) -> list[tuple[int, int]]:
    """What the runs leave of the codes."""
    edges = [0, *(edge for run in runs for edge in run), end]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(first, last) for first, last in pairs if first < last]


def _within(low: Cut | None, high: Cut | None, *, is_whole: bool) -> Decimal:
    """A number of the stretch: its first where it has one."""
    if low is not None and low[1] == 0:
        return low[0]
    if low is None:
        if high is None:
            return Decimal(0)
        return high[0] - 1 if high[1] == 0 or is_whole else high[0]
    if high is None:
        return low[0] + 1
    return (low[0] + high[0]) / 2
