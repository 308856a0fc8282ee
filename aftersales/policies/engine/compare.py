"""Two versions of a policy side by side: the regions of cases they decide differently, and what that means for past cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from aftersales.policies.engine import order
from aftersales.policies.engine.axes import Axis
from aftersales.policies.engine.batch import ALONE, Judges
from aftersales.policies.engine.boxes import Box, merged, told
from aftersales.policies.engine.errors import FactError
from aftersales.policies.engine.judge import Facts, Judge, Verdict
from aftersales.policies.engine.model import Policy
from aftersales.policies.engine.program import Program, Said
from aftersales.policies.engine.walk import State, Walk

BUDGET = 2_000_000
MOST_CASES = 100
TOGETHER = 1 << 14
"""So many cases are decided together."""
"""So many cases are kept for each kind of change."""


@dataclass(frozen=True)
class Region:
    """Cases that two versions decide differently: for each fact a cell's text, the two outcomes, one example."""

    cells: Mapping[str, str]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    example: Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """All regions of difference of one decision, and whether they are proved to be all."""

    decision: str
    regions: tuple[Region, ...]
    is_proved: bool


def compare(old: Policy, new: Policy, key: str, *, budget: int = BUDGET) -> Difference:
    """Where two versions of a decision give different outcomes; all cases of a region go from one outcome to one other."""
    return _Compared(old, new, key, budget).look()


class _Compared:
    """A walk through the old version, and from each of its endings through the new one; both cut the facts alike."""

    def __init__(self, old: Policy, new: Policy, key: str, budget: int) -> None:
        before, after = old.decisions[key], new.decisions[key]
        self.old = Judge(Program(old, before, beside=after))
        self.new = Judge(Program(new, after, beside=before))
        self.first = Walk(self.old.program, budget=budget, parts=self.old.telling)
        self.second = Walk(self.new.program, budget=budget, parts=self.new.telling)
        self.shared = {
            name: _same_codes(self.old.program.axes[name], self.new.program.axes[name])
            for name in self.new.program.asked
            if name in self.old.program.asked
        }

    def look(self) -> Difference:
        """Every pair of endings that have cases in common."""
        found: dict[tuple[str, str], list[Box]] = {}
        outcomes: dict[tuple[str, str], tuple[Mapping[str, Any], Mapping[str, Any]]] = {}
        for ending in self.first.endings(self.first.everything()):
            before = self._outcome(self.old, ending.said)
            for other in self.second.endings(self._started(ending.state)):
                after = self._outcome(self.new, other.said)
                if before != after:
                    key = self._key(before, after)
                    outcomes[key] = before, after
                    found.setdefault(key, []).append(self._box(ending.state, other.state))
        regions = [self._region(box, *outcomes[key]) for key, boxes in found.items() for box in merged(boxes)]
        is_proved = not (self.first.is_cut_off or self.second.is_cut_off)
        return Difference(self.old.program.decision.key, tuple(regions), is_proved)

    def _key(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, str]:
        """Differences are told by what is done; only where that is the same by all that is given."""
        first = self.new.program.decision.gives[0]
        if before.get(first) != after.get(first):
            return str(before.get(first)), str(after.get(first))
        return repr(before), repr(after)

    def _outcome(self, judge: Judge, said: tuple[Said, ...]) -> dict[str, Any]:
        """The outcome, sums as they are written: their numbers differ from case to case."""
        found: dict[str, Any] = {}
        for each in said:
            if each.table.hit == "collect":
                found[each.table.key] = [tuple(rule.outputs.values()) for rule in each.rules]
            else:
                found |= {name: getattr(value, "text", value) for name, value in each.values.items()}
        return {name: found.get(name) for name in judge.program.decision.gives}

    def _started(self, state: State) -> State:
        """What the new version may still find when the old one is in this state."""
        known = dict(zip(self.first.names, state, strict=True))
        return tuple(
            sum(1 << new for new, old in self.shared[name].items() if known[name] >> old & 1)
            if name in self.shared
            else axis.everything
            for name, axis in self.new.program.axes.items()
        )

    def _box(self, before: State, after: State) -> Box:
        told = zip(self.second.names, after, strict=True)
        sides = {name: codes for name, codes in told if name in self.new.program.asked}
        only_old = zip(self.first.names, before, strict=True)
        sides |= {
            f"<{name}": codes
            for name, codes in only_old
            if name in self.old.program.asked and name not in self.new.program.asked
        }
        return Box(sides, after)

    def _region(self, box: Box, before: Mapping[str, Any], after: Mapping[str, Any]) -> Region:
        cells: dict[str, str] = {}
        example: dict[str, Any] = {}
        for side, codes in box.sides.items():
            name = side.removeprefix("<")
            axis = (self.old if side != name else self.new).program.axes[name]
            if text := told(axis, codes):
                cells[name] = text
            example[name] = _ordinary(axis, codes)
        return Region(cells, before, after, example)


def _ordinary(axis: Axis, codes: int) -> Any:
    ordinary = axis.fact.ordinary
    if (ordinary is not None or axis.unknown is not None) and codes >> axis.code_of(ordinary) & 1:
        return ordinary
    return axis.samples[next(order.bits(codes))]


def _same_codes(old: Axis, new: Axis) -> dict[int, int]:
    """For each code of the new axis the old one's for the same values; a value only one version knows has none."""
    known = {sample: code for code, sample in enumerate(old.samples)}
    return {code: known[sample] for code, sample in enumerate(new.samples) if sample in known}


# What it would have meant for cases that have happened


@dataclass
class Cell:
    """Cases that went from one outcome to another: how many, some of them, and the change in what they cost."""

    count: int = 0
    cases: list[str] = field(default_factory=list)
    sums: dict[str, Decimal] = field(default_factory=dict)


@dataclass
class WhatIf:
    """Past cases under two versions, by the first thing the decision gives: `matrix[old, new]`."""

    matrix: dict[tuple[str, str], Cell] = field(default_factory=dict)
    changed: int = 0
    total: int = 0
    unfit: list[str] = field(default_factory=list)
    """Cases that one of the versions cannot judge."""

    def add_same(self, names: tuple[str, str], count: int) -> None:
        """Count cases that stay as they were."""
        self.matrix[names].count += count
        self.total += count

    def add(self, case: str, before: Verdict, after: Verdict) -> None:
        """Count one case."""
        first = before.gives[0]
        cell = self.matrix.setdefault((_named(before, first), _named(after, first)), Cell())
        cell.count += 1
        self.total += 1
        if before.outcome != after.outcome:
            self.changed += 1
            if len(cell.cases) < MOST_CASES:
                cell.cases.append(case)
            for name, value in after.outcome.items():
                old = before.outcome.get(name)
                if _is_amount(value) or _is_amount(old):
                    difference = Decimal(value or 0) - Decimal(old or 0)
                    cell.sums[name] = cell.sums.get(name, Decimal(0)) + difference


def what_if(old: Judge, new: Judge, cases: Iterable[tuple[str, Facts]]) -> WhatIf:
    """Past cases, each with its id, judged by both versions; many at once where numpy is there."""
    trial = Trial(old, new)
    for case, raw in cases:
        trial.take(case, raw)
    return trial.end()


@dataclass(frozen=True)
class _Kind:
    """Cases in which each version says the same by the same rules, and nothing given hangs on a sum over the facts."""

    before: Verdict
    after: Verdict
    names: tuple[str, str]
    is_same: bool


Both = tuple[dict[str, Any], dict[str, Any]]


class Trial:
    """Two versions tried on cases as they come; some thousands wait so that they can be decided together."""

    def __init__(self, old: Judge, new: Judge) -> None:
        self.judges = old, new
        self.together = Judges((old, new), is_brief=True)
        self.waiting: list[tuple[str, Facts]] = []
        self.share = old.told == new.told and _sums(old) == _sums(new)
        self.found = WhatIf()
        self.alike: dict[object, _Kind | None] = {}
        self.gives_facts = any(
            name in judge.policy.facts for judge in self.judges for name in judge.program.decision.gives
        )

    def take(self, case: str, raw: Facts) -> None:
        """One more case."""
        self.waiting.append((case, raw))
        if len(self.waiting) == TOGETHER:
            self._decide()

    def end(self) -> WhatIf:
        """What came of all cases taken."""
        self._decide()
        return self.found

    def _decide(self) -> None:
        told, self.waiting = self.waiting, []
        many = self.together.look([raw for _case, raw in told])
        keys = [(*map(id, said[0]), *map(id, said[1])) for said in many.said]  # what a table says is kept, so is its id
        same: dict[int, int] = {}
        for (case, raw), kind in zip(told, many.kinds, strict=True):
            if kind in same:
                same[kind] += 1
            elif kind == ALONE:
                self._add_alone(case, raw)
            elif self._add(case, keys[kind], many.said[kind], raw):
                same[kind] = 0
        for kind, count in same.items():
            self._add_same(keys[kind], count)

    def _facts(self, raw: Facts) -> Both:
        """The facts as each version reads them."""
        old, new = self.judges
        facts = old.normalise(raw)
        return facts, facts if self.share else new.normalise(raw)

    def _add_alone(self, case: str, raw: Facts) -> None:
        """Judge and count one case."""
        old, new = self.judges
        try:
            facts = self._facts(raw)
            said = old.program.run(facts[0]), new.program.run(facts[1])
        except FactError:
            self.found.unfit.append(case)
        except KeyError:  # a fact is missing: each version says whether that matters
            self.found.add(case, old.judge(raw), new.judge(raw))
        else:
            self._add(case, (*map(id, said[0]), *map(id, said[1])), said, raw)

    def _add_same(self, key: object, count: int) -> None:
        """Count cases of a kind that stays as it was."""
        known = self.alike[key]
        if known is not None:
            self.found.add_same(known.names, count)

    def _add(self, case: str, key: object, said: tuple[tuple[Said, ...], ...], raw: Facts) -> bool:
        """Count one case of a kind; whether all others of it stay as they were too."""
        known = self.alike.get(key)
        if known is not None and known.is_same:
            self.found.add_same(known.names, 1)
            return True
        if known is not None:
            self.found.add(case, known.before, known.after)
            return False
        (old, new), (of_old, of_new) = self.judges, self._facts(raw)
        before, after = old.verdict(of_old, said[0]), new.verdict(of_new, said[1])
        self.found.add(case, before, after)
        if key in self.alike:
            return False
        is_plain = before.is_plain and after.is_plain and not self.gives_facts
        names = _named(before, before.gives[0]), _named(after, after.gives[0])
        is_same = before.outcome == after.outcome
        self.alike[key] = _Kind(before, after, names, is_same) if is_plain else None
        return is_plain and is_same


def _sums(judge: Judge) -> list[str]:
    return [fact.formula.text for fact in judge.derived if fact.formula is not None]


def _is_amount(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _named(verdict: Verdict, name: str) -> str:
    if verdict.needs:
        return f"needs {verdict.needs[0]}"
    return str(verdict.outcome[name])
