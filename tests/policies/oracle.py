"""The meaning of a policy read off its rows one by one, slowly and without codes: what the compiled program is held against."""

from __future__ import annotations

from typing import Any

from aftersales.policies.engine.formulas import Formula
from aftersales.policies.engine.model import Decision, Rule, Table


def decide(decision: Decision, facts: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """For each table its status and the ids of the rules that won."""
    known, found = dict(facts), []
    for table in decision.tables:
        matching = [
            rule for rule in table.rules if all(cell.holds(known.get(name)) for name, cell in rule.cells.items())
        ]
        won = [rule for rule in matching if not any(beats(table, other, rule) for other in matching)]
        said = {tuple(text(rule.outputs[name]) for name in table.outputs) for rule in won}
        if table.hit == "collect":
            status = "said" if won else "silent"
        else:
            status = "said" if len(said) == 1 else "conflict" if said else "gap"
            known |= {name: won[0].outputs[name] for name in table.outputs} if status == "said" else {}
        found.append((status, tuple(rule.id for rule in won)))
    return found


def beats(table: Table, one: Rule, other: Rule) -> bool:
    """By a higher level, or by `over`, directly or through others."""
    if one.level < other.level:
        return True
    by_id = {rule.id: rule for rule in table.rules}
    return any(name == other.id or beats(table, by_id[name], other) for name in one.over)


def text(value: Any) -> Any:
    return value.text if isinstance(value, Formula) else value
