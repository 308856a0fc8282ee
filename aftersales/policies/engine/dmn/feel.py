"""Cells in the notation of DMN, S-FEEL, and back: strings, numbers, dates, yes and no, null, ranges, `not(…)`.

A whole number of days is compared as the number it is; whoever decides elsewhere hands over whole days.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from aftersales.policies.engine.cells import NUMBER, UNKNOWN, Cell, Range, normal
from aftersales.policies.engine.errors import CellError
from aftersales.policies.engine.formulas import Formula
from aftersales.policies.engine.model import Fact, Value

Literal = str | bool | Decimal | date | None
LONGEST = 4000
"""Signs in a cell."""
LONGEST_SUM = 400
_TOKEN = re.compile(
    r'\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<date>@"\d{4}-\d{2}-\d{2}"|date\(\s*"\d{4}-\d{2}-\d{2}"\s*\))'
    r"|(?P<number>-?\s*(?:\d+(?:\.(?!\.)\d*)?|\.\d+))|(?P<dots>\.\.)|(?P<word>null|true|false|not)\b"
    r"|(?P<sign><=|>=|<|>|=|[\[\](),-]))"
)


# From our cells


def cell_text(cell: Cell, fact: Fact) -> str:
    """One of our cells in S-FEEL. What is unknown is null there, and `not(…)` alone would hold for it."""
    if cell.is_any:
        return "-"
    parts = [literal_text(value, fact.kind) for value in (*fact.values, True, False) if value in cell.values]
    parts += [_range_text(each, fact.kind) for each in cell.ranges]
    if cell.is_negated:
        return f"not({', '.join([*parts, *(['null'] if fact.may_be_unknown else [])])})"
    return ", ".join([*parts, *(["null"] if cell.takes_unknown else [])])


def literal_text(value: object, kind: str) -> str:
    """A value of ours as it is written in FEEL."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    number = Decimal(str(value))
    return f'date("{date.fromordinal(int(number)).isoformat()}")' if kind == "date" else plain(number)


def plain(number: Decimal) -> str:
    """A number without exponent and without noughts at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _range_text(each: Range, kind: str) -> str:
    low, high = (None if bound is None else literal_text(bound, kind) for bound in (each.low, each.high))
    if low is None:
        return f"<={high}" if each.has_high else f"<{high}"
    if high is None:
        return f">={low}" if each.has_low else f">{low}"
    if low == high and each.has_low and each.has_high:
        return low
    return f"{'[' if each.has_low else '('}{low}..{high}{']' if each.has_high else ')'}"


def output_text(value: Value | Formula, fact: Fact, numbers: Mapping[str, Decimal]) -> str | None:
    """What a rule says, in FEEL; None when its sum has no equal there."""
    return formula_text(value.text, numbers) if isinstance(value, Formula) else literal_text(value, fact.kind)


_WORD = re.compile(r"\s*(?:(\d+(?:\.\d+)?)(%?)|\$([a-z_][a-z0-9_]*)|([a-z_][a-z0-9_]*)|([-+*/(),]))")
_ALIKE = {"max", "min", "floor"}


def formula_text(text: str, numbers: Mapping[str, Decimal]) -> str | None:
    """A sum of ours in FEEL, parameters as their numbers; None for what counts months, which FEEL counts otherwise."""
    words = _WORD.findall(text)
    joined = _joined([_word(*word, numbers=numbers) for word in words])
    return (
        None
        if joined is None
        else re.sub(
            r"\( | (?=[,)])|(?<=max) (?=\()|(?<=min) (?=\()|(?<=floor) (?=\()", lambda found: found[0].strip(), joined
        )
    )


def _word(number: str, percent: str, parameter: str, name: str, sign: str, *, numbers: Mapping[str, Decimal]) -> str:
    if number:
        return plain(Decimal(number) / 100 if percent else Decimal(number))
    return plain(numbers[parameter]) if parameter else name or sign


def _joined(words: list[str]) -> str | None:
    found: list[str] = []
    at = 0
    while at < len(words):
        if words[at + 1 : at + 2] == ["("] and words[at].isidentifier() and words[at] not in _ALIKE:
            end = _closing(words, at + 1)
            said = _called(words[at], _arguments(words[at + 2 : end]))
            if said is None:
                return None
            found.append(said)
            at = end + 1
        else:
            found.append(words[at])
            at += 1
    return " ".join(found)


def _closing(words: list[str], opening: int) -> int:
    depth = 0
    for at in range(opening, len(words)):
        depth += {"(": 1, ")": -1}.get(words[at], 0)
        if depth == 0:
            return at
    return len(words)


def _arguments(words: list[str]) -> list[str | None]:
    parts: list[list[str]] = [[]]
    depth = 0
    for word in words:
        depth += {"(": 1, ")": -1}.get(word, 0)
        if word == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(word)
    return [_joined(part) for part in parts]


def _called(name: str, arguments: list[str | None]) -> str | None:
    if None in arguments:
        return None
    if name == "frac":
        return f"(({arguments[0]}) - floor({arguments[0]}))"
    return f'((({arguments[1]}) - ({arguments[0]})) / duration("P1D"))' if name == "days" else None


def renamed(text: str, names: Mapping[str, str]) -> str:
    """A sum of FEEL with the names of the file, which may have blanks, as they are called here."""
    if len(text) > LONGEST_SUM:
        raise CellError("cell_too_long", most=LONGEST_SUM)
    for told in sorted((name for name in names if name in text), key=len, reverse=True):
        text = re.sub(rf"(?<![\w.]){re.escape(told)}(?![\w.])", names[told], text)
    return text


# To our cells


@dataclass(frozen=True)
class Test:
    """One literal, or a stretch between two: what a cell compares with."""

    value: Literal = None
    low: Literal = None
    high: Literal = None
    has_low: bool = True
    has_high: bool = True
    is_range: bool = False

    def literals(self) -> Iterable[Literal]:
        """What stands in it."""
        return (each for each in (self.low, self.high) if each is not None) if self.is_range else (self.value,)


@dataclass(frozen=True)
class Tests:
    """A cell of DMN: one of these, or none of them; without tests it holds for everything."""

    tests: tuple[Test, ...] = ()
    is_negated: bool = False

    @property
    def takes_null(self) -> bool:
        """Whether null is named."""
        return any(not test.is_range and test.value is None for test in self.tests)


def read_cell(text: str) -> Tests:
    """A cell's tests; CellError when it is more than S-FEEL can say."""
    return Tests() if text.strip() in {"", "-"} else _Reader(text).cell()


def read_literal(text: str) -> Literal:
    """One literal; CellError when it is anything else."""
    return _Reader(text).only_literal()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str]] = []
        self.place = 0
        at, end = 0, len(text.rstrip())
        if end > LONGEST:
            raise CellError("cell_too_long", most=LONGEST)
        while at < end:
            found = _TOKEN.match(text, at)
            if found is None:
                raise self._wrong()
            self.tokens.append((str(found.lastgroup), found[0].strip()))
            at = found.end()

    def _wrong(self) -> CellError:
        return CellError("dmn_cell", text=self.text[:60])

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self.place += 1
        return token

    def _expect(self, sign: str) -> None:
        if self._take()[1] != sign:
            raise self._wrong()

    def cell(self) -> Tests:
        is_negated = self._peek() == ("word", "not")
        if is_negated:
            self._take()
            self._expect("(")
        tests = [self._test()]
        while self._peek()[1] == ",":
            self._take()
            tests.append(self._test())
        if is_negated:
            self._expect(")")
        if self.place < len(self.tokens):
            raise self._wrong()
        return Tests(tuple(tests), is_negated)

    def only_literal(self) -> Literal:
        value = self._literal()
        if self.place < len(self.tokens):
            raise self._wrong()
        return value

    def _test(self) -> Test:
        kind, sign = self._peek()
        if kind != "sign":
            return Test(self._literal())
        self._take()
        if sign in {"[", "(", "]"}:
            return self._between(has_low=sign == "[")
        bound = self._literal()
        if sign == "=":
            return Test(bound)
        if sign not in {"<", "<=", ">", ">="} or bound is None or isinstance(bound, bool | str):
            raise self._wrong()
        if sign[0] == "<":
            return Test(high=bound, has_high=sign == "<=", is_range=True)
        return Test(low=bound, has_low=sign == ">=", is_range=True)

    def _between(self, *, has_low: bool) -> Test:
        low = self._literal()
        self._expect("..")
        high = self._literal()
        closing = self._take()[1]
        if closing not in {"]", ")", "["} or any(
            bound is None or isinstance(bound, bool | str) for bound in (low, high)
        ):
            raise self._wrong()
        return Test(low=low, high=high, has_low=has_low, has_high=closing == "]", is_range=True)

    def _literal(self) -> Literal:
        kind, text = self._take()
        if kind == "string":
            try:
                return str(json.loads(text, strict=False))
            except ValueError:
                raise self._wrong() from None
        if kind == "number":
            return self._number("".join(text.split()))
        if kind == "date":
            try:
                return date.fromisoformat(text[text.index('"') + 1 : text.rindex('"')])
            except ValueError:
                raise self._wrong() from None
        if kind == "word" and text != "not":
            return {"null": None, "true": True, "false": False}[text]
        raise self._wrong()

    def _number(self, text: str) -> Decimal:
        number = Decimal(text)
        if not NUMBER.match(plain(number)):
            raise self._wrong()
        return number


def our_cell(tests: Tests, fact: Fact) -> str:
    """The cell in our notation; CellError when the column of this fact cannot hold it."""
    if not tests.tests:
        return "-"
    if tests.is_negated and fact.may_be_unknown and not tests.takes_null:
        return _all_but(tests, fact)
    parts = [_part(test, fact) for test in tests.tests if test.is_range or test.value is not None]
    if tests.is_negated:
        return f"not({', '.join(parts) or 'unknown'})"
    return ", ".join([*parts, *(["unknown"] if tests.takes_null else [])])


def _all_but(tests: Tests, fact: Fact) -> str:
    """Null is none of the values, so `not(…)` holds for it there; here it has to be said."""
    if fact.kind not in {"choice", "bool"}:
        raise CellError("dmn_not_null")
    barred = {_part(test, fact) for test in tests.tests}
    return ", ".join([*(value for value in fact.values or ("true", "false") if value not in barred), "unknown"])


def _part(test: Test, fact: Fact) -> str:
    if not test.is_range:
        return our_value(test.value, fact)
    low, high = (None if bound is None else our_value(bound, fact) for bound in (test.low, test.high))
    if low is None:
        return f"{'<=' if test.has_high else '<'}{high}"
    if high is None:
        return f"{'>=' if test.has_low else '>'}{low}"
    return f"{'[' if test.has_low else '('}{low}..{high}{']' if test.has_high else ')'}"


KINDS: Mapping[str, type | tuple[type, ...]] = {"choice": str, "bool": bool, "date": date}


def our_value(value: Literal, fact: Fact) -> str:
    """A literal in our notation; CellError when the fact holds no such thing."""
    if not isinstance(value, KINDS.get(fact.kind, Decimal)) or (isinstance(value, bool) and fact.kind != "bool"):
        raise CellError(
            "dmn_kind", text=literal_text(value, "") if not isinstance(value, date) else str(value), kind=fact.kind
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return checked_value(value)
    return value.isoformat() if isinstance(value, date) else plain(cast("Decimal", value))


def our_value_or_nothing(text: str, fact: Fact) -> str:
    """An output in our notation: a literal, or nothing for null."""
    value = None if text.strip() in {"", "-"} else read_literal(text)
    return "-" if value is None else our_value(value, fact)


def checked_value(value: str) -> str:
    """A value that can be written in a policy; CellError when signs in it mean something there."""
    is_name = value == normal(value) and value not in UNKNOWN | {"", "-"} and not value.startswith(("@", "$"))
    if not is_name or "," in value or re.match(r"(?:not|非)\s*\(", value) or value.endswith("\\") or len(value) > 100:
        raise CellError("dmn_value", value=value[:60])
    return value
