"""What a policy consists of, once it has been read and found sound. Nothing here changes after reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from aftersales.policies.engine.cells import Cell
from aftersales.policies.engine.formulas import Formula

Kind = Literal["choice", "bool", "number", "days", "count", "date"]
Hit = Literal["layered", "collect"]
Language = Literal["zh-Hans", "zh-Hant", "en"]
Value = str | bool | int | Decimal | None
"""What a fact or an output holds; None is a fact nobody knows yet, or an output that says nothing."""

NEVER = "never"
"""The output of a table of invariants; its cells say nothing, its rows are what must not be."""
LOWEST = 9.0
"""The level of a rule that names none."""


@dataclass(frozen=True)
class Fact:
    """Something that is told about a case, worked out from it, or decided by a table.

    Attributes:
        kind: `choice` of named values, `bool`, exact `number`, whole natural `days` (parts of a day are cut off), `date`.
        values: of a choice, in the order they are offered.
        least: the smallest number allowed, None for no limit.
        ordinary: what an example case has where nothing else is said.
        may_be_unknown: rules may ask for `unknown`; otherwise a missing fact is asked for.
        formula: for what is worked out from other facts.

    """

    id: str
    kind: Kind
    values: tuple[str, ...] = ()
    least: Decimal | None = None
    unit: str = ""
    ordinary: Value = None
    may_be_unknown: bool = False
    formula: Formula | None = None
    otherwise: Value = None
    """Of an output: what stands there when the tables leave a gap or contradict each other."""


@dataclass(frozen=True)
class Rule:
    """One row of a table: when all its cells hold, its outputs are said unless an exception to it holds too."""

    id: str
    level: float
    cells: Mapping[str, Cell]
    outputs: Mapping[str, Value | Formula]
    over: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    remark: str = ""
    line: int = 0


@dataclass(frozen=True)
class Table:
    """A decision table: `layered` gives what its highest matching rules agree on, `collect` what all of them say."""

    key: str
    title: str
    hit: Hit
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: tuple[Rule, ...]
    line: int = 0


@dataclass(frozen=True)
class Decision:
    """Tables in the order in which they are asked, and what of all their outputs is given to the caller."""

    key: str
    tables: tuple[Table, ...]
    gives: tuple[str, ...]
    invariants: tuple[Table, ...] = ()
    """Tables of what must never be; they decide nothing, the analysis proves that none of their rows can hold."""


@dataclass(frozen=True)
class Parameter:
    """A number or date with a name, so that it stands once."""

    id: str
    value: Decimal
    unit: str = ""
    clause: str = ""
    same_as: str = ""
    """`policy.parameter` where the number is at home, when this policy only repeats it."""


@dataclass(frozen=True)
class Clause:
    """A paragraph of the company's text: its number, what it says in our words, its priority."""

    id: str
    title: str
    text: str
    line: int = 0


@dataclass(frozen=True)
class Ambiguity:
    """A place where the text does not decide; the default reading holds until the owner has ruled."""

    id: str
    kind: str
    clauses: tuple[str, ...]
    problem: str
    reading: str
    question: str
    status: str
    told: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """`problem`, `reading` and `question` in other languages than the policy's own, as far as somebody wrote them."""

    def within(self, language: str) -> Ambiguity:
        """The same told in a language; what was not translated, and a ruling, stay as the policy says them."""
        get = self.told.get(language, {}).get
        return replace(
            self,
            problem=get("problem", self.problem),
            reading=self.reading if self.status == "ruled" else get("reading", self.reading),
            question=get("question", self.question),
        )


@dataclass(frozen=True)
class Trend:
    """An outcome that must not move one way while a fact grows: “the credit never rises with the days”."""

    decision: str
    outcome: str
    fact: str
    never: Literal["rises", "falls"]
    cites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Accepted:
    """A finding of the analysis that the owner has looked at and lets stand, with the reason.

    Attributes:
        names: the rules or clauses it is about, where the finding has no region; `cells`: the cases, where it has one.

    """

    kind: str
    table: str
    names: tuple[str, ...]
    cells: Mapping[str, Cell]
    reason: str
    line: int = 0


@dataclass(frozen=True)
class Policy:
    """One version of one policy."""

    name: str
    version: str
    effective_from: date
    select_by: str
    meta: Mapping[str, str]
    facts: Mapping[str, Fact]
    outcomes: Mapping[str, Fact]
    parameters: Mapping[str, Parameter]
    groups: Mapping[str, tuple[str, ...]]
    clauses: Mapping[str, Clause]
    ambiguities: Mapping[str, Ambiguity]
    decisions: Mapping[str, Decision]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    effective_to: date | None = None
    """The last day on which it holds; None when nobody has said."""
    trends: tuple[Trend, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    digest: str = ""
    """SHA-256 of the text as normalised; with the name and the version it says which rules decided."""

    def axis_fact(self, name: str) -> Fact:
        """A fact or an output by name."""
        return self.facts.get(name) or self.outcomes[name]
