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

    def work_out(self, facts: Mapping[str, object]) -> Decimal | None:
        """The number, or None when something it needs is unknown or nothing is divided by."""
        try:
            return self.node(facts)
        except (DivisionByZero, InvalidOperation, Overflow):
            return None


Node = Callable[[Mapping[str, object]], "Decimal | None"]


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
_SIGNS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": lambda one, other: one / other,
}


def read_formula(raw: str, *, facts: frozenset[str], parameters: Mapping[str, Decimal]) -> Formula:
    """The sum in a cell; CellError when it is none. Only names in `facts` and parameters may stand in it."""
    text = normal(raw).replace("×", "*").replace("÷", "/")
    return _Reader(text, facts, parameters).read()


def looks_like_formula(text: str) -> bool:
    """Whether an amount is worked out rather than given."""
    bare = normal(text).removesuffix("%")
    return not NUMBER.match(bare)


class _Reader:
    def __init__(self, text: str, facts: frozenset[str], parameters: Mapping[str, Decimal]) -> None:
        self.text, self.facts, self.parameters = text, facts, parameters
        self.names: set[str] = set()
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
        node = self._sum()
        if self.place < len(self.tokens):
            raise CellError("no_formula", text=self.tokens[self.place])
        return Formula(self.text, node, frozenset(self.names))

    def _peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self.place += 1
        return token

    def _expect(self, sign: str) -> None:
        if self._take() != sign:
            raise CellError("formula_wants", sign=sign, text=self.text[:40])

    def _sum(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise CellError("formula_too_deep", most=DEEPEST)
        node = self._product()
        while self._peek() in {"+", "-"}:
            node = _joined(_SIGNS[self._take()], node, self._product())
        self.depth -= 1
        return node

    def _product(self) -> Node:
        node = self._single()
        while self._peek() in {"*", "/"}:
            node = _joined(_SIGNS[self._take()], node, self._single())
        return node

    def _single(self) -> Node:
        word = self._take()
        if word.startswith("("):
            node = self._sum()
            self._expect(")")
            return node
        if word in _FUNCTIONS and self._peek() == "(":
            return self._function(word)
        if word[:1].isdigit() or word.startswith("$"):
            value = number_of(word, self.parameters)
            return lambda _facts: value
        if word not in self.facts:
            raise CellError("no_fact", name=word or "…")
        self.names.add(word)
        return lambda facts: _as_number(facts.get(word))

    def _function(self, name: str) -> Node:
        count, act = _FUNCTIONS[name]
        self._expect("(")
        nodes = [self._sum()]
        while self._peek() == ",":
            self._take()
            nodes.append(self._sum())
        self._expect(")")
        if len(nodes) != count:
            raise CellError("formula_wants", sign=f"{name}({', '.join('…' for _each in range(count))})", text=self.text)
        return _joined(act, *nodes)


def _joined(act: Callable[..., Decimal], *nodes: Node) -> Node:
    def node(facts: Mapping[str, object]) -> Decimal | None:
        found = [each(facts) for each in nodes]
        return None if None in found else act(*found)

    return node


def _as_number(value: object) -> Decimal | None:
    if value is None or isinstance(value, Decimal):
        return value
    return Decimal(str(value)) if isinstance(value, float) else Decimal(int(value))  # type: ignore[call-overload]
