"""What an attentive reader notes in a policy without trying any case: clauses without a rule, numbers left out, unlike units."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from aftersales.policies.engine.findings import Finding
from aftersales.policies.engine.formulas import Formula
from aftersales.policies.engine.model import Policy, Rule, Table

_NUMBERED = re.compile(r"(.*?)(\d+)([a-z]*)\Z")
_PARAMETER = re.compile(r"\$([a-z][a-z0-9_]*)")


def loose_clauses(policy: Policy) -> Iterator[Finding]:
    """Clauses that no rule and no parameter cites: perhaps only a purpose, perhaps forgotten."""
    cited = {clause for _table, rule in _rules(policy) for clause in rule.cites}
    cited |= {parameter.clause for parameter in policy.parameters.values()}
    cited |= {clause for trend in policy.trends for clause in trend.cites}
    yield from (Finding("no_rule", clauses=(clause,)) for clause in policy.clauses if clause not in cited)


def missing_numbers(policy: Policy) -> Iterator[Finding]:
    """Numbers left out between the clauses that are there: 2.C3 and 2.C6, but neither 2.C4 nor 2.C5."""
    series: dict[str, set[int]] = defaultdict(set)
    for clause in policy.clauses:
        if found := _NUMBERED.match(clause):
            series[found[1]].add(int(found[2]))
    for head, numbers in series.items():
        gone = tuple(f"{head}{number}" for number in range(min(numbers), max(numbers)) if number not in numbers)
        if gone:
            yield Finding("numbering", clauses=gone)


def mixed_units(policy: Policy) -> Iterator[Finding]:
    """Sums in which unlike units are divided, added or compared: a number of pieces over an amount of money."""
    for fact in policy.facts.values():
        if fact.formula is not None and fact.formula.mixed:
            yield Finding("units", rules=(fact.id,), clauses=fact.formula.mixed)
    for table, rule in _rules(policy):
        mixed = [each for value in rule.outputs.values() if isinstance(value, Formula) for each in value.mixed]
        mixed += _compared(policy, rule)
        if mixed:
            yield Finding("units", table.key, (rule.id,), tuple(dict.fromkeys(mixed)))


def _compared(policy: Policy, rule: Rule) -> Iterator[str]:
    """Conditions that hold a fact in one unit against a parameter in another."""
    for name, cell in rule.cells.items():
        unit = policy.axis_fact(name).unit
        for parameter in _PARAMETER.findall(cell.text):
            other = policy.parameters[parameter].unit if parameter in policy.parameters else ""
            if unit and other and unit != other:
                yield f"{unit} : {other}"


def _rules(policy: Policy) -> Iterator[tuple[Table, Rule]]:
    for decision in policy.decisions.values():
        for table in (*decision.tables, *decision.invariants):
            yield from ((table, rule) for rule in table.rules)
