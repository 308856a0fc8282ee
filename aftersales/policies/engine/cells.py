"""Condition cells: what a rule wants of one fact. A small part of S-FEEL, with the Chinese forms people type.

    -                 anything, known or not
    quality, damage   one of these
    not(a, b)         none of these
    @restricted       one of a named group
    <=3  >90  [4..7]  a number; `$three_months` stands for a parameter
    true  是          yes; false 否
    unknown 未知      nobody knows yet

A cell never runs: it is taken apart here, and only numbers and declared values leave.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aftersales.policies.engine.errors import CellError

LONGEST = 400
"""Characters in a cell."""
NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?\Z")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
YES, NO = {"true", "yes", "是"}, {"false", "no", "否"}
UNKNOWN = {"unknown", "未知"}
ANYTHING = {"", "-", "—", "–", "任意"}
_FORMS = str.maketrans(
    {chr(0xFF01 + place): chr(0x21 + place) for place in range(94)}  # the full-width twins of all ASCII signs
    | {"≤": "<=", "≥": ">=", "、": ",", "…": "..", "\u3000": " "}
)
_COMPARED = re.compile(r"(<=|>=|<|>|=)\s*(.+)\Z")
_RANGE = re.compile(r"([\[(])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])])\Z")
_NOT = re.compile(r"(?:not|非)\s*\((.*)\)\Z")


@dataclass(frozen=True)
class Range:
    """Numbers between two bounds; None for no bound."""

    low: Decimal | None
    high: Decimal | None
    has_low: bool = True
    has_high: bool = True

    def holds(self, number: Decimal | int) -> bool:
        """Whether the number lies within."""
        above = self.low is None or number > self.low or (self.has_low and number == self.low)
        return above and (self.high is None or number < self.high or (self.has_high and number == self.high))


@dataclass(frozen=True)
class Cell:
    """One of some values or ranges, or none of them; `takes_unknown` says whether an unknown fact will do."""

    text: str
    values: frozenset[object] = frozenset()
    ranges: tuple[Range, ...] = ()
    is_negated: bool = False
    takes_unknown: bool = False
    is_any: bool = False

    def holds(self, value: object) -> bool:
        """Whether a value is wanted: a name, yes or no, a number; None is unknown."""
        if self.is_any:
            return True
        if value is None:
            return self.takes_unknown
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            within = value in self.values or any(each.holds(value) for each in self.ranges)
        else:
            within = value in self.values
        return within is not self.is_negated


ANY = Cell("-", is_any=True)


def normal(text: str) -> str:
    """A cell as it is compared and kept: half-width signs, single blanks."""
    return " ".join(text.translate(_FORMS).split())


def number_of(text: str, parameters: Mapping[str, Decimal]) -> Decimal:
    """A number, a date as its day's number, or a parameter's value; CellError when it is none of them."""
    if text.startswith("$"):
        if text[1:] not in parameters:
            raise CellError("no_parameter", name=text[1:])
        return parameters[text[1:]]
    if DATE.match(text):
        try:
            return Decimal(date.fromisoformat(text).toordinal())
        except ValueError:
            raise CellError("no_date", text=text) from None
    percent = text.endswith("%")
    if not NUMBER.match(text.removesuffix("%").strip()):
        raise CellError("no_number", text=text[:40])
    number = Decimal(text.removesuffix("%").strip())
    return number / 100 if percent else number


@dataclass(frozen=True)
class Column:
    """What may stand in the cells of one column."""

    name: str
    kind: str
    values: tuple[str, ...]
    may_be_unknown: bool
    groups: Mapping[str, tuple[str, ...]]
    parameters: Mapping[str, Decimal]

    def read(self, raw: str) -> Cell:
        """The cell; CellError with a sentence when it is not understood."""
        text = normal(raw)
        if len(text) > LONGEST:
            raise CellError("cell_too_long", most=LONGEST)
        if text in ANYTHING:
            return ANY
        negated = _NOT.match(text)
        parts = _split(negated[1] if negated else text)
        values: set[object] = set()
        ranges: list[Range] = []
        takes_unknown = False
        for part in parts:
            if part in UNKNOWN:
                takes_unknown = True
            else:
                self._read_part(part, values, ranges)
        if takes_unknown and not self.may_be_unknown:
            raise CellError("never_unknown", name=self.name)
        # “none of these” always wants something known, so `not(unknown)` is how a rule says “as soon as it is known”.
        return Cell(text, frozenset(values), tuple(ranges), bool(negated), takes_unknown and not negated)

    def _read_part(self, part: str, values: set[object], ranges: list[Range]) -> None:
        if self.kind not in {"choice", "bool"}:
            ranges.append(self._range(part))
        elif self.kind == "bool":
            if part not in YES | NO:
                raise CellError("no_yes_or_no", text=part[:40])
            values.add(part in YES)
        else:
            values.update(self._choices(part))

    def _choices(self, part: str) -> Iterable[str]:
        if part.startswith("@"):
            if part[1:] not in self.groups:
                raise CellError("no_group", name=part[1:])
            found: Iterable[str] = self.groups[part[1:]]
        else:
            found = (part,)
        for value in found:
            if value not in self.values:
                raise CellError("no_value", value=value[:40], allowed=", ".join(self.values)[:LONGEST])
        return found

    def _range(self, part: str) -> Range:
        if between := _RANGE.match(part):
            opening, low, high, closing = between.groups()
            bounds = number_of(low, self.parameters), number_of(high, self.parameters)
            if bounds[0] > bounds[1]:
                raise CellError("range_backwards", text=part[:40])
            return Range(*bounds, opening == "[", closing == "]")
        if compared := _COMPARED.match(part):
            sign, number = compared[1], number_of(compared[2], self.parameters)
            if sign == "=":
                return Range(number, number)
            if sign[0] == "<":
                return Range(None, number, has_high=sign == "<=")
            return Range(number, None, has_low=sign == ">=")
        number = number_of(part, self.parameters)
        return Range(number, number)


def _split(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        raise CellError("empty_part", text=text[:40])
    return parts
