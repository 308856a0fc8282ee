"""Whether an outcome ever moves the wrong way while a fact grows and everything else stays: “the credit never rises with the days”.

Each stretch of the fact is held against the next one: every way through the tables with the lower stretch, and from its end
all ways with the higher one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from aftersales.policies.engine.boxes import Box, merged
from aftersales.policies.engine.findings import Finding, example_in
from aftersales.policies.engine.formulas import Formula
from aftersales.policies.engine.model import Policy, Trend, Value
from aftersales.policies.engine.program import Part, Program
from aftersales.policies.engine.walk import Ending, State, Walk

Rules = tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """What was found out about one trend."""

    findings: tuple[Finding, ...]
    is_proved: bool
    steps: int


def broken(policy: Policy, trend: Trend, *, budget: int) -> Seen:
    """The cases in which the outcome moves the wrong way; not proved when the budget ends or the outcome is a sum."""
    program = Program(policy, policy.decisions[trend.decision])
    if trend.fact not in program.axes:  # no rule asks for it: the outcome does not move at all
        return Seen((), is_proved=True, steps=0)
    look = _Look(program, trend, budget)
    found: dict[Rules, list[Box]] = {}
    for rules, box in look.pairs():
        found.setdefault(rules, []).append(box)
    findings = tuple(
        Finding("trend", look.parts[-1].table.key, rules, trend.cites, box, example_in(program, box))
        for rules, boxes in found.items()
        for box in merged(boxes)
    )
    return Seen(findings, not look.walk.is_cut_off and not look.has_sums, look.walk.steps)


class _Look:
    def __init__(self, program: Program, trend: Trend, budget: int) -> None:
        self.program, self.trend = program, trend
        self.parts = _parts_for(program, trend.outcome)
        self.walk = Walk(program, budget=budget, parts=self.parts)
        self.place = self.walk.names.index(trend.fact)
        self.made = {name for part in self.parts if part.table.hit == "layered" for name in part.table.outputs}
        self.has_sums = False

    def pairs(self) -> Iterator[tuple[Rules, Box]]:
        """The regions in which it moves the wrong way, with the rules that say so before and after."""
        axis = self.program.axes[self.trend.fact]
        known = len(axis) - (axis.unknown is not None)
        for code in range(known - 1):
            for one in self.walk.endings(self._with(self.walk.everything(), 1 << code)):
                for other in self.walk.endings(self._with(self._told(one.state), 2 << code)):
                    if self._is_wrong(self._value(one), self._value(other)):
                        rules = tuple(rule.id for end in (one, other) for rule in end.said[-1].rules)
                        yield tuple(dict.fromkeys(rules)), self._box(one, other)

    def _with(self, state: State, codes: int) -> State:
        return (*state[: self.place], codes, *state[self.place + 1 :])

    def _told(self, state: State) -> State:
        """The facts of a state, with what the tables made of them taken back."""
        named = zip(self.walk.names, state, strict=True)
        return tuple(self.program.axes[name].everything if name in self.made else codes for name, codes in named)

    def _value(self, end: Ending) -> Value | Formula:
        return end.said[-1].values[self.trend.outcome]

    def _is_wrong(self, before: Value | Formula, after: Value | Formula) -> bool:
        if isinstance(before, Formula) or isinstance(after, Formula):
            self.has_sums = True
        if not isinstance(before, int | Decimal) or not isinstance(after, int | Decimal):
            return False  # nothing is said: there is nothing to compare
        return after > before if self.trend.never == "rises" else after < before

    def _box(self, one: Ending, other: Ending) -> Box:
        state = self._with(other.state, one.state[self.place] | other.state[self.place])
        named = zip(self.walk.names, state, strict=True)
        return Box({name: codes for name, codes in named if name in self.program.asked}, other.state)


def _parts_for(program: Program, outcome: str) -> list[Part]:
    """The tables an outcome depends on, the one that says it last."""
    wanted, found = {outcome}, []
    for part in reversed(program.parts):
        if part.table.hit == "layered" and wanted & set(part.table.outputs):
            wanted |= set(part.table.inputs)
            found.append(part)
    return found[::-1]
