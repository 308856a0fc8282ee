"""Many cases at once: each fact a column of small numbers, each table a few look-ups for whole columns.

What a table says hangs on which rules match. Going through its columns one by one, only so many sets of rules are still possible;
each is given a number, and the next column leads from number and code to the next number. The last number names what is said,
the same object a single case would be given. Needs numpy, the extra `batch`; without it cases are decided one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING, Any

from aftersales.policies.engine.errors import FactError
from aftersales.policies.engine.judge import Facts, Judge, exact
from aftersales.policies.engine.model import Fact, Value
from aftersales.policies.engine.program import Part, Program, Said

try:
    import numpy as np
except ImportError:  # an installation without the extra
    np = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.intp]

MOST_STEPS = 1 << 18
"""Entries of one look-up table; a decision that needs more is decided case by case."""
CHUNK = 1 << 14
"""Rows that are decided together, so that they stay in the processor's cache."""
FEWEST = 50
"""Of so few cases with the same facts told each is decided by itself."""
ALONE = -1
LARGEST_KEY = 1 << 62


def is_available() -> bool:
    """Whether numpy is there."""
    return np is not None


class TooWideError(Exception):
    """A table with too many sets of rules to be numbered."""


@dataclass(frozen=True)
class _Way:
    """A table as steps: name of the fact, number of its codes, for each number and code the next number."""

    part: Part
    steps: list[tuple[str, int, Numbers]]
    said: list[Said]
    made: list[tuple[str, Numbers]]
    """Outputs that later tables ask for, with their code for each last number."""


class Batch:
    """A program for whole columns; TooWideError when one of its tables cannot be numbered."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.ways = [_way(program, part) for part in program.parts]

    def decide(self, columns: Mapping[str, Numbers], count: int) -> list[Numbers]:
        """For each table the numbers of what it says of so many cases, given the codes of all facts that are asked for."""
        found = [np.zeros(count, dtype=np.intp) for _way in self.ways]
        for start in range(0, count, CHUNK):
            part = slice(start, start + CHUNK)
            codes = {name: column[part] for name, column in columns.items()}
            for way, numbers in zip(self.ways, found, strict=True):
                self._step(way, codes, numbers[part])
        return found

    def _step(self, way: _Way, codes: dict[str, Numbers], number: Numbers) -> None:
        """The last numbers of one table for some rows, written into `number`."""
        place = np.empty_like(number)
        for name, width, following in way.steps:
            np.multiply(number, width, out=place)
            np.add(place, codes[name], out=place)
            np.take(following, place, out=number, mode="clip")  # never out of range; “clip” spares a copy
        for name, code in way.made:
            codes[name] = code[number]


def _way(program: Program, part: Part) -> _Way:
    numbers = {part.everything: 0}
    steps = []
    for name, masks in part.columns:
        following: dict[int, int] = {}
        if len(numbers) * len(masks) > MOST_STEPS:
            raise TooWideError(part.table.key)
        table = [following.setdefault(before & mask, len(following)) for before in numbers for mask in masks]
        steps.append((name, len(masks), np.array(table, dtype=np.intp)))
        numbers = following
    said = [part.resolve(mask) for mask in numbers]
    is_layered = part.table.hit == "layered"
    asked = [(at, name) for at, name in enumerate(part.table.outputs) if is_layered and name in program.axes]
    made = [(name, np.array([each.codes[at] for each in said], dtype=np.intp)) for at, name in asked]
    return _Way(part, steps, said, made)


# From facts to columns


@dataclass(frozen=True)
class Column:
    """What some cases hold in one place: the different values, and for each case which of them."""

    values: list[Any]
    which: Numbers

    def mapped(self, codes: Sequence[int]) -> Numbers:
        """For each case the code of its value."""
        return np.array(codes, dtype=np.intp)[self.which]


def column_of(values: Sequence[Any]) -> Column | None:
    """The column; None when a value can be no key, such as a list."""
    try:
        which, places = _numbered(values)
        if (0 in places or 1 in places) and len(set(map(type, values)) - {type(None)}) > 1:  # true would pass for 1
            which, pairs = _numbered(list(zip(map(type, values), values, strict=True)))
            return Column([value for _kind, value in pairs], which)
    except TypeError:
        return None
    return Column(list(places), which)


class _Places(dict[Any, int]):
    """Each new key gets the next number."""

    def __missing__(self, key: object) -> int:
        number = self[key] = len(self)
        return number


def _numbered(keys: Sequence[Any]) -> tuple[Numbers, _Places]:
    places = _Places()
    return np.fromiter(map(places.__getitem__, keys), dtype=np.intp, count=len(keys)), places


class Coder:
    """From the facts of many cases, all told alike, to the codes of one judge."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.axes = judge.program.axes

    def knows(self, names: Sequence[str]) -> bool:
        """Whether facts of these names can be judged, and are all that is asked for."""
        told = set(names)
        if not told <= set(self.judge.told):
            return False
        for fact in self.judge.derived:
            if fact.formula is not None and fact.formula.names <= told:
                told.add(fact.id)
        return told >= set(self.judge.program.asked)

    def code(self, columns: Mapping[str, Column]) -> tuple[dict[str, Numbers], NDArray[np.bool_]]:
        """The codes of what is asked for, and for which cases they hold; the others are to be judged one by one."""
        count = len(next(iter(columns.values())).which) if columns else 0
        fits = np.ones(count, dtype=np.bool_)
        known: dict[str, Column] = {}
        codes: dict[str, Numbers] = {}
        for name, column in columns.items():
            known[name] = self._take(self.judge.told[name], column, fits)
        for fact in self.judge.derived:
            if fact.formula is not None and fact.formula.names <= set(known):
                known[fact.id] = _worked_out(fact, known)
        for name in self.judge.program.asked:
            codes[name] = self._coded(name, known[name], fits)
        return codes, fits

    def _take(self, fact: Fact, column: Column, fits: NDArray[np.bool_]) -> Column:
        values = [_exact(fact, value) for value in column.values]
        bad = [value is UNFIT for value in values]
        if any(bad):
            fits &= ~np.array(bad)[column.which]
        return Column(values, column.which)

    def _coded(self, name: str, column: Column, fits: NDArray[np.bool_]) -> Numbers:
        """A value that no code is for is left to the single judge."""
        codes = [_code(self.axes[name].code_of, value) for value in column.values]
        if ALONE in codes:
            fits &= ~np.array([code == ALONE for code in codes])[column.which]
        return column.mapped([max(code, 0) for code in codes])


UNFIT: Any = object()


def _exact(fact: Fact, value: object) -> Value:
    try:
        return exact(fact, value)
    except FactError:
        return UNFIT  # type: ignore[no-any-return]


def _code(code_of: Any, value: Value) -> int:
    if value is UNFIT:
        return 0
    try:
        return int(code_of(value))
    except (KeyError, TypeError):
        return ALONE


def _worked_out(fact: Fact, known: Mapping[str, Column]) -> Column:
    names = sorted(fact.formula.names) if fact.formula is not None else []
    columns = [known[name] for name in names]
    which, firsts = joint([(column.which, len(column.values)) for column in columns])
    values = []
    for first in firsts:
        facts = {name: column.values[column.which[first]] for name, column in zip(names, columns, strict=True)}
        is_unfit = any(value is UNFIT for value in facts.values())
        values.append(UNFIT if is_unfit or fact.formula is None else fact.formula.work_out(facts))
    return Column(values, which)


def joint(columns: Sequence[tuple[Numbers, int]]) -> tuple[Numbers, Numbers]:
    """Rows that are alike in all columns, given with how many numbers each has: for each row its kind, for each kind a row."""
    key, size = columns[0] if columns else (np.zeros(0, dtype=np.intp), 1)
    for column, width in columns[1:]:
        if size * width > LARGEST_KEY:
            kinds, key = np.unique(key, return_inverse=True)
            size = len(kinds)
        key = key * width + column
        size *= width
    _kinds, firsts, which = np.unique(key, return_index=True, return_inverse=True)
    return which, firsts


# Cases


@dataclass
class Many:
    """Cases by what is said of them.

    Attributes:
        kinds: for each case its kind; ALONE where it has to be judged by itself.
        said: for each kind and each judge what its tables say.

    """

    kinds: list[int]
    said: list[tuple[tuple[Said, ...], ...]]


class Judges:
    """One judge or several that look at the same cases; `is_brief` leaves out tables that what is given does not hang on."""

    def __init__(self, judges: Sequence[Judge], *, is_brief: bool = False) -> None:
        self.judges = judges
        self.coders = [Coder(judge) for judge in judges]
        self.is_brief = is_brief

    @cached_property
    def batches(self) -> list[Batch]:
        """Their programs for columns; none when one of them is too wide, or numpy is missing."""
        try:
            return [Batch(judge.program) for judge in self.judges] if is_available() else []
        except TooWideError:
            return []

    def look(self, cases: Sequence[Facts]) -> Many:
        """What each judge says of each case, as far as it can be told for many at once."""
        found = Many([ALONE] * len(cases), [])
        if not self.batches:
            return found
        for names, places in _by_shape(cases):
            alike = len(places) >= FEWEST and bool(names) and all(coder.knows(names) for coder in self.coders)
            if alike:
                self._look_at(names, places, cases, found)
        return found

    def _look_at(self, names: tuple[str, ...], places: list[int], cases: Sequence[Facts], found: Many) -> None:
        rows = cases if len(places) == len(cases) else [cases[place] for place in places]
        turned = zip(*(row.values() for row in rows), strict=True)  # all rows name the same facts in the same order
        columns = {name: column_of(values) for name, values in zip(names, turned, strict=True)}
        whole = {name: column for name, column in columns.items() if column is not None}
        if len(whole) < len(columns):
            return
        fits = np.ones(len(rows), dtype=np.bool_)
        keys = []
        for coder, batch in zip(self.coders, self.batches, strict=True):
            codes, fit = coder.code(whole)
            fits &= fit
            numbers = batch.decide(codes, len(rows))
            keys.append({at: (numbers[at], len(batch.ways[at].said)) for at in self._wanted(coder.judge)})
        which, firsts = joint([key for each in keys for key in each.values()])
        before = len(found.said)
        found.said += [self._said(keys, first) for first in firsts]
        kinds = np.where(fits, which + before, ALONE).tolist()
        for place, kind in zip(places, kinds, strict=True):
            found.kinds[place] = kind

    def _wanted(self, judge: Judge) -> list[int]:
        """The places of the tables that are looked at."""
        parts = judge.telling if self.is_brief else judge.program.parts
        return [at for at, part in enumerate(judge.program.parts) if any(part is each for each in parts)]

    def _said(self, keys: Sequence[Mapping[int, tuple[Numbers, int]]], row: int) -> tuple[tuple[Said, ...], ...]:
        return tuple(
            tuple(batch.ways[at].said[numbers[row]] for at, (numbers, _width) in each.items())
            for batch, each in zip(self.batches, keys, strict=True)
        )


def _by_shape(cases: Sequence[Facts]) -> Iterator[tuple[tuple[str, ...], list[int]]]:
    """The places of cases of which the same facts are told."""
    shapes: dict[tuple[str, ...], list[int]] = {}
    for place, names in enumerate(map(tuple, cases)):
        shapes.setdefault(names, []).append(place)
    yield from shapes.items()


def judge_many(judge: Judge, cases: Sequence[Facts]) -> Iterator[tuple[Said, ...] | None]:
    """For each case what the tables say; None where the case has to be judged by itself, because facts are missing or unfit."""
    many = Judges([judge]).look(cases)
    for kind, said in zip(many.kinds, repeat(many.said)):
        yield None if kind == ALONE else said[kind][0]
