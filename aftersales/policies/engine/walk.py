"""All ways through the tables of a decision, without listing all cases: a fact is split only where rules still in play ask for it.

A state says for each fact which of its codes are still possible. A table is passed as soon as the rules that surely match
decide it whatever the rest may be; otherwise the state is split on the fact that the strongest undecided rule asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aftersales.policies.engine import order
from aftersales.policies.engine.model import Value
from aftersales.policies.engine.program import Part, Program, Said

State = tuple[int, ...]
"""For each axis of the program, the codes that are still possible, as bits."""


@dataclass(frozen=True)
class Ending:
    """A state in which all tables are decided, and what they say."""

    state: State
    said: tuple[Said, ...]


class Walk:
    """One walk, with a budget of steps; `is_cut_off` says that the budget ended it."""

    def __init__(self, program: Program, *, budget: int, parts: list[Part] | None = None) -> None:
        self.program = program
        self.parts = program.parts if parts is None else parts
        self.names = list(program.axes)
        self.budget = budget
        self.steps = 0
        self.is_cut_off = False
        self.split_on: dict[str, None] = {}
        """The facts that were split on, in the order of the first time."""
        place = {name: at for at, name in enumerate(self.names)}
        self.columns = [[(place[name], masks) for name, masks in part.columns] for part in self.parts]
        self.made = [
            [place.get(name, -1) for name in part.table.outputs if part.table.hit == "layered"] for part in self.parts
        ]
        self._or: dict[tuple[int, int, int], tuple[int, int]] = {}

    def everything(self) -> State:
        """The state in which nothing is known."""
        return tuple(axis.everything for axis in self.program.axes.values())

    def state_of(self, facts: Mapping[str, Value]) -> State:
        """The state in which these facts are known."""
        return tuple(
            1 << axis.code_of(facts[name]) if name in facts else axis.everything
            for name, axis in self.program.axes.items()
        )

    def endings(self, start: State) -> Iterator[Ending]:
        """Every ending below a state; together they hold each case exactly once, unless the walk was cut off."""
        waiting: list[tuple[State, tuple[Said, ...]]] = [(start, ())]
        while waiting:
            self.steps += 1
            if self.steps > self.budget:
                self.is_cut_off = True
                return
            state, said = waiting.pop()
            if len(said) == len(self.parts):
                yield Ending(state, said)
                continue
            waiting += self.step(state, said)

    def step(self, state: State, said: tuple[Said, ...]) -> list[tuple[State, tuple[Said, ...]]]:
        """One table decided, or the state split on one fact."""
        at = len(said)
        part, columns = self.parts[at], self.columns[at]
        possible = certain = part.everything
        for number, (axis, masks) in enumerate(columns):
            may, must = self.both(at, number, state[axis], masks)
            possible &= may
            certain &= must
        open_rules = possible & ~certain
        undecided = sum(1 << rule for rule in order.bits(open_rules) if not part.beaten[rule] & certain)
        if not undecided:
            now = part.resolve(certain)
            return [(self._after(at, state, now), (*said, now))]
        number = self._column_to_split(at, state, undecided)
        axis, masks = columns[number]
        self.split_on.setdefault(self.names[axis])
        groups: dict[int, int] = {}
        for code in order.bits(state[axis]):
            kept = masks[code] & (undecided | certain)
            groups[kept] = groups.get(kept, 0) | 1 << code
        return [((*state[:axis], codes, *state[axis + 1 :]), said) for codes in reversed(groups.values())]

    def both(self, at: int, number: int, codes: int, masks: tuple[int, ...]) -> tuple[int, int]:
        """The rules that some, and those that all, of the codes satisfy in one column of one table."""
        key = (at, number, codes)
        known = self._or.get(key)
        if known is None:
            may, must = 0, -1
            for code in order.bits(codes):
                may |= masks[code]
                must &= masks[code]
            known = self._or[key] = may, must
        return known

    def _column_to_split(self, at: int, state: State, undecided: int) -> int:
        """The first column that the strongest undecided rule is undecided by."""
        beaten = self.parts[at].beaten
        # There is a strongest one: exceptions do not go in circles.
        strongest = next(rule for rule in order.bits(undecided) if not beaten[rule] & undecided)
        for number, (axis, masks) in enumerate(self.columns[at]):
            may, must = self.both(at, number, state[axis], masks)
            if (may & ~must) >> strongest & 1:
                return number
        raise AssertionError("an undecided rule is undecided by some column")

    def _after(self, at: int, state: State, now: Said) -> State:
        if not now.codes or all(axis < 0 for axis in self.made[at]):
            return state
        new = list(state)
        for axis, code in zip(self.made[at], now.codes, strict=True):
            if axis >= 0:
                new[axis] = 1 << code
        return tuple(new)
