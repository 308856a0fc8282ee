"""What the hit policy of a DMN table means here: `level` and `over` for each rule, or why it cannot be held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from aftersales.policies.engine.dmn.overlap import overlaps
from aftersales.policies.engine.errors import Problem
from aftersales.policies.engine.formulas import Formula
from aftersales.policies.engine.model import Policy, Rule, Table
from aftersales.policies.engine.order import beaten_by, bits


@dataclass
class Ranks:
    """By the id of a rule: its level where the hit policy gives one, and what it has to be over besides."""

    levels: dict[str, str] = field(default_factory=dict)
    over: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def ranked(policy: Policy, table: Table, hit: str, order: list[int], values: list[list[object]]) -> Ranks:
    """The ranks of a table whose rules stand in this order in the file; `values` lists its outputs' by priority."""
    if hit == "FIRST":
        return _first(policy, table, order)
    if hit == "PRIORITY":
        return _priority(policy, table, values)
    key, wanted = {"UNIQUE": ("dmn_unique", None), "ANY": ("dmn_any", False)}.get(hit, ("dmn_twice", True))
    found = Ranks()
    for one, other in _pairs(overlaps(policy, table)):
        rules = table.rules[one], table.rules[other]
        if wanted is None or _same(*rules) is wanted:
            found.problems.append(_at(table, rules[0], key, rules[1]))
    return found


def _pairs(beside: list[int]) -> Iterator[tuple[int, int]]:
    for one, mask in enumerate(beside):
        for other in bits(mask >> one + 1):
            yield one, other + one + 1


def _at(table: Table, rule: Rule, key: str, other: Rule) -> Problem:
    return Problem(key, {"one": rule.id, "other": other.id}, table=table.key, row=rule.id)


def said(rule: Rule) -> tuple[object, ...]:
    """What a rule says, to be compared."""
    return tuple(value.text if isinstance(value, Formula) else value for value in rule.outputs.values())


def _same(one: Rule, other: Rule) -> bool:
    return said(one) == said(other)


def _first(policy: Policy, table: Table, order: list[int]) -> Ranks:
    """Where two rows hold together and say different things, the earlier is the exception; what that implies is not repeated."""
    found, beaten, beside = Ranks(), beaten_by(table), overlaps(policy, table)
    beats = _turned(beaten)
    later = 0
    for at in reversed(order):
        rule = table.rules[at]
        for other in _in_order(order, beside[at] & later):
            lower = table.rules[other]
            if _same(rule, lower) or beats[at] >> other & 1:
                continue
            if beaten[at] >> other & 1:
                found.problems.append(_at(table, rule, "dmn_order", lower))
                continue
            found.over.setdefault(rule.id, []).append(lower.id)
            beats[at] |= beats[other] | 1 << other
        later |= 1 << at
    return found


def _in_order(order: list[int], mask: int) -> Iterable[int]:
    return (at for at in order if mask >> at & 1)


def _turned(beaten: list[int]) -> list[int]:
    beats = [0] * len(beaten)
    for at, mask in enumerate(beaten):
        for above in bits(mask):
            beats[above] |= 1 << at
    return beats


MOST_LEVELS = 10


def _priority(policy: Policy, table: Table, values: list[list[object]]) -> Ranks:
    """A level for each rank among the outputs' values; the first output weighs most."""
    found = Ranks()
    if not any(values):
        found.problems.append(Problem("dmn_no_priority", table=table.key))
        return found
    ranks: dict[str, tuple[int, ...]] = {}
    for rule in table.rules:
        outs = [(value, known) for value, known in zip(said(rule), values, strict=True) if known]
        ranks[rule.id] = tuple(known.index(value) if value in known else len(known) for value, known in outs)
    steps = sorted(set(ranks.values()))
    if len(steps) > MOST_LEVELS * 100:
        found.problems.append(Problem("dmn_too_many_levels", {"most": MOST_LEVELS * 100}, table=table.key))
        return found
    few = len(steps) < MOST_LEVELS
    for name, rank in ranks.items():
        step = steps.index(rank)
        found.levels[name] = f"P{step + 1}" if few else f"P{step // 100}.{step % 100:02d}"
    for one, other in _pairs(overlaps(policy, table)):
        rules = table.rules[one], table.rules[other]
        if ranks[rules[0].id] == ranks[rules[1].id] and not _same(*rules):
            found.problems.append(_at(table, rules[0], "dmn_tie", rules[1]))
    return found
