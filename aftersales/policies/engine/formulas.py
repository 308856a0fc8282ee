"""Small sums in a policy: what is worked out from facts, and amounts that a table gives.

    5 * bags_missing + 20% * unit_cost * boxes_missing
    max(returned - $limit * sales, 0)
    days(shipped_on, returned_on)      whole days between two dates
    months(shipped_on, returned_on)    whole calendar months; a half more when days remain over
    frac(days_recv)                    the part of a day

Exact numbers throughout. What is unknown makes the whole sum unknown; so does a division by nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow

from aftersales.policies.engine.cells import NUMBER, normal, number_of
from aftersales.policies.engine.errors import CellError

DEEPEST = 20
"""Brackets within brackets."""
MOST_PARTS = 60
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?%?)|(\$?[a-z_][a-z0-9_]*)|([-+*/×÷(),]))")
HALF = Decimal("0.5")


@dataclass(frozen=True)
class Formula:
    """A sum that has been read: its text and the facts it needs."""

    text: str
    node: Node
    names: frozenset[str]
    mixed: tuple[str, ...] = ()
    """Unlike units that are added, subtracted, divided or compared, such as `piece / yuan`."""

    def work_out(self, facts: Mapping[str, object]) -> Decimal | None:
        """The number, or None when something it needs is unknown or nothing is divided by."""
        try:
            return self.node(facts)
        except (DivisionByZero, InvalidOperation, Overflow):
            return None


Node = Callable[[Mapping[str, object]], "Decimal | None"]
Unit = str
"""Of what a number is; empty where it does not matter, as for 20 %."""


def months_between(start: int, end: int) -> Decimal:
    """Calendar months between two days given by number, a half more when days remain; the last day of a month is one."""
    first, last = date.fromordinal(start), date.fromordinal(end)
    whole = (last.year - first.year) * 12 + last.month - first.month
    while _month_later(first, whole) > last:
        whole -= 1
    return whole + (HALF if _month_later(first, whole) < last else Decimal(0))


def _month_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


_FUNCTIONS: Mapping[str, tuple[int, Callable[..., Decimal]]] = {
    "max": (2, max),
    "min": (2, min),
    "floor": (1, lambda number: Decimal(number // 1)),
    "frac": (1, lambda number: number - number // 1),
    "days": (2, lambda start, end: end - start),
    "months": (2, lambda start, end: months_between(int(start), int(end))),
}
_SPANS: Mapping[str, Unit] = {"days": "day", "months": "month"}
_SIGNS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": lambda one, other: one / other,
}


def read_formula(
    raw: str, *, facts: frozenset[str], parameters: Mapping[str, Decimal], units: Mapping[str, Unit] | None = None
) -> Formula:
    """The sum in a cell; CellError when it is none. Only names in `facts` and parameters may stand in it.

    Args:
        raw: the cell.
        facts: the names of facts.
        parameters: the values of parameters.
        units: the units of facts by name, and of parameters by name with a `$`.

    """
    text = normal(raw).replace("×", "*").replace("÷", "/")
    return _Reader(text, facts, parameters, units or {}).read()


def looks_like_formula(text: str) -> bool:
    """Whether an amount is worked out rather than given."""
    bare = normal(text).removesuffix("%")
    return not NUMBER.match(bare)


class _Reader:
    def __init__(
        self, text: str, facts: frozenset[str], parameters: Mapping[str, Decimal], units: Mapping[str, Unit]
    ) -> None:
        self.text, self.facts, self.parameters, self.units = text, facts, parameters, units
        self.names: set[str] = set()
        self.mixed: dict[str, None] = {}
        self.tokens = list(self._cut())
        self.place = 0
        self.depth = 0

    def _cut(self) -> Iterator[str]:
        at = 0
        while at < len(self.text):
            found = _TOKEN.match(self.text, at)
            if found is None:
                raise CellError("no_formula", text=self.text[at : at + 20])
            yield found[0].strip()
            at = found.end()

    def read(self) -> Formula:
        if not 0 < len(self.tokens) <= MOST_PARTS:
            raise CellError("no_formula", text=self.text[:40])
        node, _unit = self._sum()
        if self.place < len(self.tokens):
            raise CellError("no_formula", text=self.tokens[self.place])
        return Formula(self.text, node, frozenset(self.names), tuple(self.mixed))

    def _peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self.place += 1
        return token

    def _expect(self, sign: str) -> None:
        if self._take() != sign:
            raise CellError("formula_wants", sign=sign, text=self.text[:40])

    def _sum(self) -> tuple[Node, Unit]:
        self.depth += 1
        if self.depth > DEEPEST:
            raise CellError("formula_too_deep", most=DEEPEST)
        node, unit = self._product()
        while self._peek() in {"+", "-"}:
            sign = self._take()
            other, its_unit = self._product()
            node, unit = _joined(_SIGNS[sign], node, other), self._like(sign, unit, its_unit)
        self.depth -= 1
        return node, unit

    def _product(self) -> tuple[Node, Unit]:
        node, unit = self._single()
        while self._peek() in {"*", "/"}:
            sign = self._take()
            other, its_unit = self._single()
            node = _joined(_SIGNS[sign], node, other)
            unit = self._over(unit, its_unit) if sign == "/" else _times(unit, its_unit)
        return node, unit

    def _like(self, sign: str, one: Unit, other: Unit) -> Unit:
        """The unit of two things that should be of one unit."""
        if one and other and one != other:
            self.mixed[f"{one} {sign} {other}"] = None
        return one or other

    def _over(self, one: Unit, other: Unit) -> Unit:
        return "" if self._like("/", one, other) and other else one

    def _single(self) -> tuple[Node, Unit]:
        word = self._take()
        if word.startswith("("):
            told = self._sum()
            self._expect(")")
            return told
        if word in _FUNCTIONS and self._peek() == "(":
            return self._function(word)
        if word[:1].isdigit() or word.startswith("$"):
            value = number_of(word, self.parameters)
            return lambda _facts: value, self.units.get(word, "")
        if word not in self.facts:
            raise CellError("no_fact", name=word or "…")
        self.names.add(word)
        return lambda facts: _as_number(facts.get(word)), self.units.get(word, "")

    def _function(self, name: str) -> tuple[Node, Unit]:
        count, act = _FUNCTIONS[name]
        self._expect("(")
        node, unit = self._sum()
        nodes = [node]
        while self._peek() == ",":
            self._take()
            node, its_unit = self._sum()
            nodes.append(node)
            unit = self._like(",", unit, its_unit)
        self._expect(")")
        if len(nodes) != count:
            raise CellError("formula_wants", sign=f"{name}({', '.join('…' for _each in range(count))})", text=self.text)
        return _joined(act, *nodes), _SPANS.get(name, unit)


def _times(one: Unit, other: Unit) -> Unit:
    """A share of money is money; pieces times money is told by the other side."""
    return "" if one and other else one or other


def _joined(act: Callable[..., Decimal], *nodes: Node) -> Node:
    def node(facts: Mapping[str, object]) -> Decimal | None:
        found = [each(facts) for each in nodes]
        return None if None in found else act(*found)

    return node


def _as_number(value: object) -> Decimal | None:
    if value is None or isinstance(value, Decimal):
        return value
    return Decimal(str(value)) if isinstance(value, float) else Decimal(int(value))  # type: ignore[call-overload]
