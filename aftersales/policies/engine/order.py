"""Which rule is an exception to which: by level, and inside a level by `over`."""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.policies.engine.errors import Problem
from aftersales.policies.engine.model import Rule, Table


def beaten_by(table: Table) -> list[int]:
    """For each rule of the table the rules that beat it when they hold as well, as a bit mask over places.

    A rule beats another when it stands on a higher level, or names it in `over`, directly or by way of others.
    """
    rules = table.rules
    place = {rule.id: at for at, rule in enumerate(rules)}
    straight = [0] * len(rules)
    for at, rule in enumerate(rules):
        for lower in rule.over:
            straight[place[lower]] |= 1 << at
    closed = [0] * len(rules)
    for rule in reversed(_from_below({rule.id: rule for rule in rules})[0]):
        at = place[rule.id]
        closed[at] = straight[at]
        for above in bits(straight[at]):
            closed[at] |= closed[above]
    higher = _higher(rules)
    return [closed[at] | higher[rule.level] for at, rule in enumerate(rules)]


def _higher(rules: tuple[Rule, ...]) -> dict[float, int]:
    """For each level the rules on higher ones."""
    on: dict[float, int] = {}
    for at, rule in enumerate(rules):
        on[rule.level] = on.get(rule.level, 0) | 1 << at
    found, so_far = {}, 0
    for level in sorted(on):
        found[level] = so_far
        so_far |= on[level]
    return found


def bits(mask: int) -> Iterator[int]:
    """The places of the ones in a mask, from the lowest."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def winners(mask: int, beaten: list[int]) -> int:
    """Those of the matching rules that no other matching rule beats."""
    return sum(1 << at for at in bits(mask) if not beaten[at] & mask)


def problems_of(table: Table) -> list[Problem]:
    """Exceptions to rules that do not exist, to rules on a higher level, and in a circle."""
    by_id = {rule.id: rule for rule in table.rules}
    found = []
    for rule in table.rules:
        for name in rule.over:
            other = by_id.get(name)
            if other is None:
                found.append(_at(table, rule, "over_nothing", name=name))
            elif other.level < rule.level:
                found.append(_at(table, rule, "over_upwards", name=name))
    if not found:
        found += [_at(table, rule, "over_circle", name=rule.id) for rule in _from_below(by_id)[1]]
    return found


def _at(table: Table, rule: Rule, key: str, **details: object) -> Problem:
    return Problem(key, details, line=rule.line, table=table.key, row=rule.id, column="over")


def _from_below(by_id: dict[str, Rule]) -> tuple[list[Rule], list[Rule]]:
    """Rules ordered so that each comes after those it is an exception to; and those left over, which go in circles."""
    waits = {name: sum(other in by_id for other in rule.over) for name, rule in by_id.items()}
    above: dict[str, list[str]] = {}
    for name, rule in by_id.items():
        for other in rule.over:
            above.setdefault(other, []).append(name)
    loose = [name for name, count in waits.items() if not count]
    ordered: list[Rule] = []
    while loose:
        name = loose.pop()
        ordered.append(by_id[name])
        for other in above.get(name, ()):
            waits[other] -= 1
            if not waits[other]:
                loose.append(other)
    return ordered, [rule for name, rule in by_id.items() if waits[name]]
