"""What is wrong with a policy's tables, found by walking all ways through them: gaps, contradictions, rules that never decide.

Every finding comes with the region it holds for and one example case. When the budget ends the report says that nothing is
proved; it never passes in silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

from aftersales.policies.engine import order, remarks
from aftersales.policies.engine.acceptance import let_stand
from aftersales.policies.engine.boxes import Box, merged
from aftersales.policies.engine.findings import SERIOUS, Finding, Report, example_in
from aftersales.policies.engine.model import NEVER, Policy, Table
from aftersales.policies.engine.program import Program, Said, compile_decision
from aftersales.policies.engine.trends import broken
from aftersales.policies.engine.walk import State, Walk

__all__ = ["BUDGET", "SERIOUS", "Finding", "Report", "analyse", "analyse_decision"]

BUDGET = 2_000_000
"""Steps of a walk: about ten seconds."""
MOST_SHOWN = 200
"""So many regions of one kind in one table are kept; the rest are counted."""


def analyse(policy: Policy, *, budget: int = BUDGET) -> list[Report]:
    """A report for each decision of the policy; what is not about one decision stands in the first."""
    told = (analyse_decision(compile_decision(policy, key), budget=budget) for key in policy.decisions)
    reports = [_with_trends(policy, report, budget) for report in told]
    notes = (*remarks.loose_clauses(policy), *remarks.missing_numbers(policy), *remarks.mixed_units(policy))
    if reports:
        reports[0] = replace(reports[0], findings=(*reports[0].findings, *notes))
    return let_stand(policy, reports)


def analyse_decision(program: Program, *, budget: int = BUDGET) -> Report:
    """What is wrong with the tables of one decision, and what of them must never be."""
    policy, decision = program.policy, program.decision
    whole = replace(decision, tables=(*decision.tables, *decision.invariants), invariants=())
    look = _Look(Program(policy, whole), budget, known=set(program.asked))
    look.walk_all()
    findings: list[Finding] = []
    left_out = 0
    for at, part in enumerate(look.program.parts):
        for (kind, rules), boxes in look.bad[at].items():
            regions = merged(boxes)
            left_out += max(0, len(regions) - MOST_SHOWN)
            findings += [
                Finding(kind, part.table.key, rules, region=box, example=example_in(look.program, box))
                for box in regions[:MOST_SHOWN]
            ]
        findings += look.never(at)
        findings += _uncited(part.table)
    return Report(decision.key, tuple(findings), not look.walk.is_cut_off, look.walk.steps, left_out)


def _with_trends(policy: Policy, report: Report, budget: int) -> Report:
    """The report with what moves the wrong way."""
    for trend in (each for each in policy.trends if each.decision == report.decision):
        seen = broken(policy, trend, budget=budget)
        report = replace(
            report,
            findings=(*report.findings, *seen.findings),
            is_proved=report.is_proved and seen.is_proved,
            steps=report.steps + seen.steps,
        )
    return report


def _uncited(table: Table) -> Iterable[Finding]:
    """Rules that decide something without saying by which clause; a rule that only says “nothing” needs none."""
    for rule in table.rules:
        if not rule.cites and not rule.flags and any(value is not None for value in rule.outputs.values()):
            yield Finding("no_citation", table.key, (rule.id,))


def _quarrels(said: Said) -> Iterable[tuple[str, ...]]:
    """Each pair of winners that say different things, so that many overlapping rules do not make a wall of warnings."""
    if said.status == "gap":
        yield ()
    for one, other in combinations(said.rules, 2):
        if one.outputs != other.outputs:
            yield one.id, other.id


class _Look:
    """One walk in which what has been seen from a table onwards is not looked at again."""

    def __init__(self, program: Program, budget: int, known: set[str]) -> None:
        self.program = program
        self.known = known
        """The facts that the deciding tables ask for; a region is told by these."""
        self.walk = Walk(program, budget=budget)
        self.bad: list[dict[tuple[str, tuple[str, ...]], list[Box]]] = [{} for _part in program.parts]
        self.masks: list[set[tuple[int, int]]] = [set() for _part in program.parts]
        """For each table the rules that surely matched, and those that might but are beaten, wherever it was decided."""
        self.needed = self._needed()

    def _needed(self) -> list[list[int]]:
        """For each table the axes that it or a later one asks for."""
        found: list[list[int]] = []
        later: set[int] = set()
        for columns in reversed(self.walk.columns):
            later |= {axis for axis, _masks in columns}
            found.append(sorted(later))
        return found[::-1]

    def walk_all(self) -> None:
        """Go everywhere once."""
        walk = self.walk
        seen: set[tuple[int, tuple[int, ...]]] = set()
        waiting: list[tuple[State, tuple[Said, ...]]] = [(walk.everything(), ())]
        while waiting:
            state, said = waiting.pop()
            at = len(said)
            if at == len(self.program.parts):
                continue
            key = (at, tuple(state[axis] for axis in self.needed[at]))
            if key in seen:
                continue
            seen.add(key)
            walk.steps += 1
            if walk.steps > walk.budget:
                walk.is_cut_off = True
                return
            for state_after, said_after in walk.step(state, said):
                if len(said_after) > at:
                    self._note(at, state, said_after[-1])
                waiting.append((state_after, said_after))

    def _note(self, at: int, state: State, said: Said) -> None:
        part = self.program.parts[at]
        certain = part.everything
        possible = part.everything
        for number, (axis, masks) in enumerate(self.walk.columns[at]):
            may, must = self.walk.both(at, number, state[axis], masks)
            possible &= may
            certain &= must
        self.masks[at].add((certain, possible & ~certain))
        if said.status in {"gap", "conflict"}:
            names = {axis for axis, _masks in self.walk.columns[at]}
            box = Box({self.walk.names[axis]: state[axis] for axis in sorted(names)}, state)
            for rules in _quarrels(said):
                self.bad[at].setdefault((said.status, rules), []).append(box)
        elif part.table.outputs == (NEVER,):
            told = zip(self.walk.names, state, strict=True)
            box = Box({name: codes for name, codes in told if name in self.known}, state)
            for rule in said.rules:
                self.bad[at].setdefault((NEVER, (rule.id,)), []).append(box)

    def never(self, at: int) -> list[Finding]:
        """Rules of a table that never win, and rules without which it would say the same everywhere."""
        if self.walk.is_cut_off or self.program.parts[at].table.outputs == (NEVER,):
            return []
        part, found = self.program.parts[at], []
        for place, rule in enumerate(part.table.rules):
            one = 1 << place
            wins = [both for both in self.masks[at] if order.winners(both[0], part.beaten) & one]
            if not wins:
                found.append(Finding("dead", part.table.key, (rule.id,)))
            elif part.table.hit == "layered" and all(self._same_without(at, one, *both) for both in wins):
                found.append(Finding("redundant", part.table.key, (rule.id,)))
        return found

    def _same_without(self, at: int, one: int, certain: int, maybe: int) -> bool:
        part = self.program.parts[at]
        left = certain & ~one
        stirred = any(not part.beaten[rule] & left for rule in order.bits(maybe))
        if stirred:
            return False
        before, after = part.resolve(certain), part.resolve(left)
        return before.status == after.status and before.values == after.values
