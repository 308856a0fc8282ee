"""What the hit policy of a DMN table means here: `level` and `over` for each rule, or why it cannot be held."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice

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
    alike = _alike(table)
    everything = (1 << len(table.rules)) - 1
    key, barred = {
        "UNIQUE": ("dmn_unique", [everything] * len(alike)),
        "ANY": ("dmn_any", [everything & ~mask for mask in alike]),
    }.get(hit, ("dmn_twice", alike))
    found = Ranks()
    found.problems += _told(
        table, key, [one & other for one, other in zip(overlaps(policy, table), barred, strict=True)]
    )
    return found


MOST_TOLD = 20
"""So many pairs of rows that stand in each other's way are named."""


def _told(table: Table, key: str, beside: list[int]) -> list[Problem]:
    """A problem for each pair, as far as a person would read on."""
    pairs = ((one, one + 1 + other) for one, mask in enumerate(beside) for other in bits(mask >> one + 1))
    return [_at(table, table.rules[one], key, table.rules[other]) for one, other in islice(pairs, MOST_TOLD)]


def _alike(table: Table) -> list[int]:
    """For each rule those that say the same."""
    groups: dict[tuple[object, ...], int] = {}
    for at, rule in enumerate(table.rules):
        groups[said(rule)] = groups.get(said(rule), 0) | 1 << at
    return [groups[said(rule)] for rule in table.rules]


def _at(table: Table, rule: Rule, key: str, other: Rule) -> Problem:
    return Problem(key, {"one": rule.id, "other": other.id}, table=table.key, row=rule.id)


def said(rule: Rule) -> tuple[object, ...]:
    """What a rule says, to be compared."""
    return tuple(value.text if isinstance(value, Formula) else value for value in rule.outputs.values())


MOST_EXCEPTIONS = 50_000


def _first(policy: Policy, table: Table, order: list[int]) -> Ranks:
    """Where two rows hold together and say different things, the earlier is the exception; what that implies is not repeated."""
    found, beaten, beside, alike = Ranks(), beaten_by(table), overlaps(policy, table), _alike(table)
    beats = _turned(beaten)
    place = {at: number for number, at in enumerate(order)}
    later = count = 0
    for at in reversed(order):
        rule = table.rules[at]
        open_rows = beside[at] & later & ~alike[at] & ~beats[at]
        found.problems += [_at(table, rule, "dmn_order", table.rules[other]) for other in bits(open_rows & beaten[at])]
        for other in sorted(bits(open_rows & ~beaten[at]), key=place.__getitem__):
            if beats[at] >> other & 1:
                continue
            found.over.setdefault(rule.id, []).append(table.rules[other].id)
            beats[at] |= beats[other] | 1 << other
            count += 1
        later |= 1 << at
        if count > MOST_EXCEPTIONS or len(found.problems) > MOST_TOLD:
            found.problems = found.problems[:MOST_TOLD] or [_too_many(table)]
            return found
    return found


def _too_many(table: Table) -> Problem:
    return Problem("dmn_too_many_exceptions", {"most": MOST_EXCEPTIONS}, table=table.key)


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
    groups: dict[tuple[int, ...], int] = {}
    for at, rule in enumerate(table.rules):
        groups[ranks[rule.id]] = groups.get(ranks[rule.id], 0) | 1 << at
    level = [groups[ranks[rule.id]] & ~alike for rule, alike in zip(table.rules, _alike(table), strict=True)]
    found.problems += _told(
        table, "dmn_tie", [one & other for one, other in zip(overlaps(policy, table), level, strict=True)]
    )
    return found
