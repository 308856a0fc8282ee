"""Past cases under another version: what would have come out otherwise, for how much money, and which rules nobody ever used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from aftersales.core.actor import Actor
from aftersales.policies.engine.errors import FactError
from aftersales.policies.engine.judge import Judge, Verdict
from aftersales.policies.models import PolicyVersion
from aftersales.policies.permissions import Permission
from aftersales.policies.queries import programs
from aftersales.policies.queries.decisions import list_decisions

MOST_CASES = 20_000
"""So many of the latest cases are judged again while the page is waited for."""
NEEDS = "?"
"""Stands where a version would ask for another fact."""


@dataclass
class Move:
    """Cases that went from one outcome to another, and what that changes: fen for each sum the policy gives."""

    before: str
    after: str
    count: int = 0
    changed: int = 0
    sums: dict[str, int] = field(default_factory=dict)

    @property
    def is_same(self) -> bool:
        """Whether what is done stays as it was."""
        return self.before == self.after


@dataclass(frozen=True)
class Moved:
    """One past case under both versions; a verdict is None where the version cannot judge its facts."""

    number: str
    subject: str
    amount: int | None
    before: Verdict | None
    after: Verdict | None
    names: tuple[str, str]
    sums: Mapping[str, int]

    @property
    def is_changed(self) -> bool:
        """Whether anything of the outcome differs."""
        if self.before is None or self.after is None:
            return self.before is not self.after
        return (self.before.outcome, self.before.needs) != (self.after.outcome, self.after.needs)


@dataclass(frozen=True)
class WhatIf:
    """Past cases under two versions: every old → new pair, most frequent first."""

    moves: tuple[Move, ...]
    total: int
    changed: int
    unjudged: int
    is_all: bool
    """Whether there were no further, older cases."""

    @property
    def sums(self) -> dict[str, int]:
        """The change of each sum over all cases, in fen."""
        found: dict[str, int] = {}
        for move in self.moves:
            for name, fen in move.sums.items():
                found[name] = found.get(name, 0) + fen
        return {name: fen for name, fen in found.items() if fen}


def what_if(
    actor: Actor, version: PolicyVersion, against: PolicyVersion, *, decision: str, most: int = MOST_CASES
) -> WhatIf:
    """The latest past cases as `against` decides them and as `version` would."""
    moves: dict[tuple[str, str], Move] = {}
    total = changed = unjudged = 0
    for moved in _replayed(actor, version, against, decision, most):
        total += 1
        move = moves.setdefault(moved.names, Move(*moved.names))
        move.count += 1
        unjudged += moved.before is None or moved.after is None
        if moved.is_changed:
            changed += 1
            move.changed += 1
            for name, fen in moved.sums.items():
                move.sums[name] = move.sums.get(name, 0) + fen
    ordered = sorted(moves.values(), key=lambda move: (move.is_same, -move.changed, -move.count))
    return WhatIf(tuple(ordered), total, changed, unjudged, is_all=total < most)


def list_moved(
    actor: Actor, version: PolicyVersion, against: PolicyVersion, *, decision: str, names: tuple[str, str]
) -> list[Moved]:
    """The past cases behind one old → new pair whose outcome changes; all of the pair when none does."""
    found = [each for each in _replayed(actor, version, against, decision, MOST_CASES) if each.names == names]
    return [each for each in found if each.is_changed] or found


def rule_uses(actor: Actor, version: PolicyVersion, *, most: int = MOST_CASES) -> dict[str, int]:
    """How many of the latest past cases each rule of this version would have decided."""
    used = {rule: 0 for _decision, _table, rule in programs.all_rules(programs.policy_of(version))}
    for decision in programs.policy_of(version).decisions:
        judge = programs.judge_of(version, decision)
        for row in _cases(actor, version, decision, most):
            verdict = _judged(judge, row["facts"])
            for rule in verdict.rules if verdict else ():
                used[rule.id] += 1
    return used


def _cases(actor: Actor, version: PolicyVersion, decision: str, most: int) -> Iterator[Any]:
    actor.require(Permission.SEE_DECISIONS)
    rows = list_decisions(actor, policy=version.policy).filter(decision=decision)
    yield from rows.values("number", "subject", "amount", "facts")[:most].iterator(chunk_size=2000)


def _replayed(
    actor: Actor, version: PolicyVersion, against: PolicyVersion, decision: str, most: int
) -> Iterator[Moved]:
    judges = programs.judge_of(against, decision), programs.judge_of(version, decision)
    for row in _cases(actor, version, decision, most):
        before, after = (_judged(judge, row["facts"]) for judge in judges)
        names = _name(before), _name(after)
        sums = _sums(before, after, row["amount"]) if before and after else {}
        yield Moved(row["number"], row["subject"], row["amount"], before, after, names, sums)


def _judged(judge: Judge, facts: Mapping[str, Any]) -> Verdict | None:
    known = {name: value for name, value in facts.items() if name in judge.told}
    try:
        return judge.judge(known)
    except FactError:
        return None


def _name(verdict: Verdict | None) -> str:
    if verdict is None or verdict.needs:
        return NEEDS
    return str(verdict.outcome[verdict.gives[0]])


def _sums(before: Verdict, after: Verdict, amount: int | None) -> dict[str, int]:
    """By how many fen each sum rises: shares of the amount at stake, and amounts in yuan."""
    if before.outcome == after.outcome:
        return {}
    found = {name: _fen(after, name, amount) - _fen(before, name, amount) for name in after.gives}
    return {name: fen for name, fen in found.items() if fen}


def _fen(verdict: Verdict, name: str, amount: int | None) -> int:
    value = verdict.outcome.get(name)
    fact = verdict.policy.outcomes.get(name)
    if fact is None or isinstance(value, bool) or not isinstance(value, int | Decimal):
        return 0
    if fact.unit == "share":
        value = value * (amount or 0)
    elif fact.unit == "yuan":
        value = value * 100
    else:
        return 0
    return int(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP))
