"""Findings the owner of a policy lets stand, each with its reason. What fits no finding any more is itself noted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from aftersales.policies.engine.axes import Axis
from aftersales.policies.engine.boxes import Box
from aftersales.policies.engine.cells import Cell
from aftersales.policies.engine.findings import Finding, Report, example_in
from aftersales.policies.engine.model import Accepted, Policy
from aftersales.policies.engine.program import Program


def let_stand(policy: Policy, reports: list[Report]) -> list[Report]:
    """The reports with accepted findings set apart; a region that is accepted in part stays with the rest of it."""
    if not policy.accepted:
        return reports
    used: set[int] = set()
    sorted_out = [_Desk(policy, report).sort(used) for report in reports]
    needless = tuple(
        Finding("needless", each.table, each.names, reason=each.reason)
        for at, each in enumerate(policy.accepted)
        if at not in used
    )
    if needless:
        sorted_out[0] = replace(sorted_out[0], findings=(*sorted_out[0].findings, *needless))
    return sorted_out


def let_stand_in(program: Program, report: Report) -> Report:
    """The report of a part of a decision with accepted findings set apart; its regions are told in this program's codes."""
    return _Desk(program.policy, report, program).sort(set())


@dataclass
class _Desk:
    policy: Policy
    report: Report
    part: Program | None = None

    def sort(self, used: set[int]) -> Report:
        left = list(self.report.findings)
        accepted: list[Finding] = []
        for at, each in enumerate(self.policy.accepted):
            still: list[Finding] = []
            for finding in left:
                inside, outside = self._divide(finding, each)
                accepted += inside
                still += outside
                if inside:
                    used.add(at)
            left = still
        return replace(self.report, findings=tuple(left), accepted=tuple(accepted))

    def _divide(self, finding: Finding, by: Accepted) -> tuple[list[Finding], list[Finding]]:
        """What of a finding is accepted, and what is left of it."""
        if finding.kind != by.kind or (by.table and finding.table != by.table):
            return [], [finding]
        if finding.region is None or not by.cells:
            named = set(by.names)
            fits = not named or bool(named & {*finding.rules, *finding.clauses})
            whole = fits and (not named or named >= set(finding.clauses or finding.rules))
            return ([replace(finding, reason=by.reason)], []) if whole else ([], [finding])
        program = self._program(finding)
        inside, outside = _cut(finding.region, by.cells, program.axes)
        told = [replace(finding, region=box, example=example_in(program, box)) for box in outside]
        if inside is None:
            return [], [finding]
        return [replace(finding, region=inside, example=example_in(program, inside), reason=by.reason)], told

    def _program(self, finding: Finding) -> Program:
        """The program whose codes the region is told in."""
        if self.part is not None:
            return self.part
        decision = self.policy.decisions[self.report.decision]
        if finding.kind != "trend":
            decision = replace(decision, tables=(*decision.tables, *decision.invariants), invariants=())
        return Program(self.policy, decision)


def _cut(box: Box, cells: Mapping[str, Cell], axes: Mapping[str, Axis]) -> tuple[Box | None, list[Box]]:
    """The part of a region in which all cells hold, and the rest of it."""
    place = {name: at for at, name in enumerate(axes)}
    sides, state = dict(box.sides), list(box.state)
    rest: list[Box] = []
    for name, cell in cells.items():
        if name not in axes:  # no rule asks for it, so the region holds whatever it is
            return None, [box]
        have = sides.get(name, axes[name].everything)
        holds = sum(1 << code for code, sample in enumerate(axes[name].samples) if cell.holds(sample))
        if not have & holds:
            return None, [box]
        if have & ~holds:
            at = place[name]
            rest.append(Box({**sides, name: have & ~holds}, (*state[:at], have & ~holds, *state[at + 1 :])))
        sides[name] = have & holds
        state[place[name]] = state[place[name]] & holds or have & holds
    return Box(sides, tuple(state)), rest
