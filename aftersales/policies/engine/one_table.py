"""One table looked at by itself while somebody edits it: what is wrong in it, and which of its rows override which.

The tables before it are walked as well, so that only what can come about is told; those behind it are left out, so it is quick.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from aftersales.policies.engine import order
from aftersales.policies.engine.acceptance import let_stand_in
from aftersales.policies.engine.analyse import analyse_decision
from aftersales.policies.engine.findings import Report
from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.model import Decision, Policy, Table
from aftersales.policies.engine.program import Part, Program

BUDGET = 40_000
"""Steps of a walk through tables of up to `USUAL` rows: a fifth of a second. A step costs more the more rows there are."""
USUAL = 60


def budget_for(rules: int, budget: int = BUDGET) -> int:
    """So many steps that somebody who types waits no longer for a large table than for a small one."""
    return budget if rules <= USUAL else max(200, budget * USUAL**2 // rules**2)


@dataclass(frozen=True)
class Overlap:
    """Rows that hold for some case together with a row: those it overrides, those that override it."""

    overrides: tuple[str, ...] = ()
    is_overridden_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableReport:
    """What was found in one table; `judge` tells regions in words, `overlaps` is by row."""

    report: Report
    judge: Judge
    overlaps: dict[str, Overlap]


def look_at(policy: Policy, decision: str, table: str) -> TableReport:
    """What is wrong in one table of a decision, given the tables before it; of what must never be, given all of them."""
    known = policy.decisions[decision]
    keys = [each.key for each in known.tables]
    at = keys.index(table) if table in keys else -1
    part = Decision(decision, known.tables[: at + 1], _given(known.tables[at])) if at >= 0 else known
    program = Program(replace(policy, trends=()), part)
    most = max(len(each.rules) for each in part.tables)
    found = analyse_decision(program, budget=budget_for(most))
    own = tuple(each for each in found.findings if each.table == table)
    report = let_stand_in(program, replace(found, findings=own))
    return TableReport(report, Judge(program), overlaps(program.parts[at]) if at >= 0 else {})


def _given(table: Table) -> tuple[str, ...]:
    return table.outputs if table.hit == "layered" else (table.key,)


def overlaps(part: Part) -> dict[str, Overlap]:
    """For each row of a table which others it meets and beats, and which meet and beat it."""
    rules = part.table.rules
    if part.table.hit == "collect":
        return {rule.id: Overlap() for rule in rules}
    beaten = [
        [below for below in _meeting(part, above) if part.beaten[below] >> above & 1] for above in range(len(rules))
    ]
    beating: list[list[int]] = [[] for _rule in rules]
    for above, all_below in enumerate(beaten):
        for below in all_below:
            beating[below].append(above)
    return {rule.id: Overlap(_named(part, beaten[at]), _named(part, beating[at])) for at, rule in enumerate(rules)}


def _meeting(part: Part, one: int) -> Iterable[int]:
    """The rows of which some case satisfies all cells together with this one's, as far as the columns tell."""
    met = part.everything & ~(1 << one)
    for _name, masks in part.columns:
        beside = 0
        for mask in masks:
            if mask >> one & 1:
                beside |= mask
        met &= beside
    return order.bits(met)


def _named(part: Part, places: Iterable[int]) -> tuple[str, ...]:
    return tuple(part.table.rules[at].id for at in places)
