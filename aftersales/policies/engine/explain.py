"""Why a case was decided so, in the three languages: outcome, clauses, what was overridden, which readings were relied on,
what would have changed it, and why a certain clause did not decide it.

Nothing is written freely: every sentence is put together from the rules that matched and the labels of the policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from aftersales.policies.engine import boxes
from aftersales.policies.engine.errors import say
from aftersales.policies.engine.judge import Judge, Verdict
from aftersales.policies.engine.model import Policy, Rule, Value
from aftersales.policies.engine.program import Said

MOST_CHANGES = 5
_NAMED = re.compile(r"\$([a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Change:
    """A different answer to one question that would have led to another outcome."""

    fact: str
    value: Any
    outcome: Mapping[str, Any]


@dataclass(frozen=True)
class Missed:
    """A rule that did not decide: the facts on which it failed, or the rules that override it."""

    rule: Rule
    failed: tuple[str, ...]
    beaten_by: tuple[str, ...]


class Teller:
    """Tells verdicts of one policy in one language, `zh-Hans`, `zh-Hant` or `en`."""

    def __init__(self, policy: Policy, language: str) -> None:
        self.policy, self.language = policy, language

    def say(self, key: str, **details: object) -> str:
        """One of the engine's sentences."""
        return say(key, self.language, **details)

    def label(self, name: str) -> str:
        """What a fact, an outcome or a table is called; its own name when the policy has no label."""
        return self.policy.labels.get(name, {}).get(self.language) or name

    def unit(self, unit: str) -> str:
        """A unit as people say it."""
        return self.label(f"unit.{unit}") if f"unit.{unit}" in self.policy.labels else unit

    def value(self, name: str, value: object) -> str:
        """A value as people say it."""
        if value is None:
            return self.say("unknown")
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if isinstance(value, list):
            return self.say("comma").join(self.value(name, each) for each in value) or self.say("nothing")
        if isinstance(value, Mapping):
            return self._record(value)
        if isinstance(value, int | Decimal):
            return self._number(name, value)
        own = f"{name}.{value}"
        return self.label(own) if own in self.policy.labels else self.label(str(value))

    def cell(self, name: str, text: str) -> str:
        """A cell as people say it: values and groups by their labels, named numbers as numbers."""
        fact = self.policy.axis_fact(name)
        known: dict[str, Any] = {"true": True, "false": False, "unknown": None}
        inner = text.strip()
        is_not = inner.startswith("not(") and inner.endswith(")")
        if is_not:
            inner = inner[4:-1]
        parts = [part.strip() for part in inner.split(",")]
        if fact.kind in {"choice", "bool"}:
            parts = [
                self._group(name, part) if part[:1] == "@" else self.value(name, known.get(part, part))
                for part in parts
            ]
        else:
            parts = [self._range(part) for part in parts]
        joined = self.say("or").join(parts)
        return self.say("not_these", these=joined) if is_not else joined

    def _group(self, name: str, part: str) -> str:
        group = part.removeprefix("@")
        if f"group.{group}" in self.policy.labels:
            return self.label(f"group.{group}")
        return self.say("or").join(self.value(name, each) for each in self.policy.groups.get(group, (group,)))

    def _range(self, part: str) -> str:
        known = self.policy.parameters
        told = _NAMED.sub(lambda found: _plain(known[found[1]].value) if found[1] in known else found[0], part)
        return told.replace(">=", "≥ ").replace("<=", "≤ ").replace(">", "> ").replace("<", "< ").replace("..", " – ")

    def _record(self, record: Mapping[str, Any]) -> str:
        parts = [
            f"{self.label(name)} {self.value(name, value)}"
            for name, value in record.items()
            if name != "cite" and value is not None
        ]
        cite = self.say("in_brackets", text=record["cite"]) if "cite" in record else ""
        return " ".join(parts) + cite

    def _number(self, name: str, value: int | Decimal) -> str:
        fact = self.policy.facts.get(name) or self.policy.outcomes.get(name)
        if fact is not None and fact.kind == "date":
            return date.fromordinal(int(value)).isoformat()
        unit = fact.unit if fact is not None else ""
        if unit == "share":
            return f"{_plain(Decimal(value) * 100)}%"
        if f"unit.{unit}" in self.policy.labels:
            return self.say("with_unit", number=_plain(value), unit=self.label(f"unit.{unit}"))
        return _plain(value)

    # A verdict

    def sentences(self, judge: Judge, verdict: Verdict) -> Iterator[str]:
        """The explanation, sentence by sentence, none of them twice."""
        yield from dict.fromkeys(self._sentences(judge, verdict))

    def _sentences(self, judge: Judge, verdict: Verdict) -> Iterator[str]:
        if not verdict.said:
            asked = self.say("comma").join(self.question(name) for name in verdict.needs)
            yield self.say("explain_needs", facts=asked, count=len(verdict.possible))
            return
        yield self._outcome(verdict)
        for each in verdict.said:
            yield from self._basis(each, verdict)
        if verdict.flags:
            yield from self._flags(verdict)
        for change in nearest(judge, verdict):
            yield self._change(change)

    def question(self, name: str) -> str:
        """How a missing fact is asked for."""
        own = f"ask.{name}"
        return self.label(own) if own in self.policy.labels else self.label(name)

    def _outcome(self, verdict: Verdict) -> str:
        parts = [
            self.say("explain_is", name=self.label(name), value=self.value(name, value))
            for name, value in verdict.outcome.items()
            if value not in (None, [], False, 0)
        ]
        return self.say("semicolon").join(parts) + self.say("stop")

    def _basis(self, each: Said, verdict: Verdict) -> Iterator[str]:
        table = self.label(f"table.{each.table.key}") if f"table.{each.table.key}" in self.policy.labels else ""
        for rule in each.rules:
            if rule.cites:
                clauses = self.say("comma").join(self.clause(clause) for clause in rule.cites)
                met = self.say("comma").join(self._met(name, verdict) for name in self._asked_by(rule, verdict))
                key = "explain_basis" if met else "explain_basis_plain"
                yield self.say(key, table=table or each.table.title, clauses=clauses, met=met)
        won = {clause for rule in each.rules for clause in rule.cites}
        for rule in each.beaten:
            if rule.cites and not won & set(rule.cites):
                clauses = self.say("comma").join(self.clause(clause) for clause in rule.cites)
                yield self.say("explain_beaten", clauses=clauses, by=self.say("comma").join(sorted(won)) or "…")
        if each.status in {"gap", "conflict"}:
            yield self.say(f"explain_{each.status}", table=table or each.table.title)

    def _asked_by(self, rule: Rule, verdict: Verdict) -> list[str]:
        return [name for name, cell in rule.cells.items() if not cell.is_any and name in verdict.facts]

    def _met(self, name: str, verdict: Verdict) -> str:
        return self.say("explain_is", name=self.label(name), value=self.value(name, verdict.facts[name]))

    def clause(self, clause: str) -> str:
        """The number and the title of a clause."""
        own = f"clause.{clause}"
        title = self.label(own) if own in self.policy.labels else self.policy.clauses[clause].title
        return f"{clause} {title}"

    def _flags(self, verdict: Verdict) -> Iterator[str]:
        by_status: dict[bool, list[str]] = {}
        for flag in verdict.flags:
            by_status.setdefault(self.policy.ambiguities[flag].status == "ruled", []).append(flag)
        for is_ruled, flags in sorted(by_status.items()):
            key = "explain_ruled" if is_ruled else "explain_open"
            yield self.say(key, flags=self.say("comma").join(flags))

    def _change(self, change: Change) -> str:
        first = next(iter(change.outcome))
        return self.say(
            "explain_change",
            fact=self.label(change.fact),
            value=self.value(change.fact, change.value),
            outcome=self.value(first, change.outcome[first]),
        )

    def missed(self, verdict: Verdict, clause: str) -> Iterator[str]:
        """Why a clause did not decide, rule by rule."""
        for each in why_not(verdict, clause):
            if each.failed:
                wanted = [
                    self.say("explain_wants", name=self.label(name), cell=self.cell(name, each.rule.cells[name].text))
                    for name in each.failed
                ]
                yield self.say("explain_failed", clause=clause, rule=each.rule.id, wants=self.say("comma").join(wanted))
            else:
                yield self.say(
                    "explain_lost", clause=clause, rule=each.rule.id, by=self.say("comma").join(each.beaten_by)
                )

    def region(self, judge: Judge, box: boxes.Box) -> str:
        """A region of cases in words."""
        parts = []
        for name, codes in box.sides.items():
            axis = judge.program.axes[name]
            if text := boxes.told(axis, codes):
                if not axis.is_numeric:
                    text = self.say("or").join(self.value(name, axis.samples[code]) for code in _codes(codes))
                parts.append(self.say("explain_is", name=self.label(name), value=text))
        return self.say("comma").join(parts) or self.say("always")


def _plain(number: int | Decimal) -> str:
    return f"{Decimal(number).normalize():f}"


def _codes(codes: int) -> list[int]:
    return [code for code in range(codes.bit_length()) if codes >> code & 1]


def nearest(judge: Judge, verdict: Verdict, most: int = MOST_CHANGES) -> list[Change]:
    """Other answers to one question each that lead elsewhere: the next stretch of a number, or another choice."""
    first = judge.program.decision.gives[0]
    found: list[Change] = []
    for name in judge.program.asked:
        if judge.policy.facts[name].formula is not None or name not in verdict.facts:
            continue
        seen: set[object] = set()
        for value in _neighbours(judge, name, verdict.facts[name]):
            other = _judged_with(judge, verdict, name, value)
            if other is not None and not other.needs and other.outcome[first] != verdict.outcome[first]:
                key = str(other.outcome[first])
                if key not in seen:
                    seen.add(key)
                    found.append(Change(name, value, other.outcome))
    numeric = [change for change in found if judge.program.axes[change.fact].is_numeric]
    rest = [change for change in found if not judge.program.axes[change.fact].is_numeric]
    return [*numeric, *rest][:most]


def _neighbours(judge: Judge, name: str, value: object) -> list[Any]:
    axis = judge.program.axes[name]
    code = axis.code_of(value)
    if axis.is_numeric and value is not None:
        near = [each for each in (code - 1, code + 1) if 0 <= each < len(axis) and each != axis.unknown]
        return [_edge(axis, each, code) for each in near]
    return [sample for at, sample in enumerate(axis.samples) if at != code]


def _edge(axis: Any, code: int, beside: int) -> Any:
    """The value of a stretch that lies next to another stretch."""
    high = axis.stretch(code)[1]
    if beside < code or high is None:
        return axis.samples[code]
    return high[0] - 1 if axis.plain_cuts else high[0] if high[1] else axis.samples[code]


def _judged_with(judge: Judge, verdict: Verdict, name: str, value: Value) -> Verdict | None:
    told = {each: verdict.facts[each] for each in judge.told if each in verdict.facts}
    try:
        return judge.judge_exact({**told, name: value})
    except (KeyError, ValueError):
        return None


def why_not(verdict: Verdict, clause: str) -> list[Missed]:
    """The rules that cite a clause and did not decide this case, each with the facts it failed on or what beat it."""
    found = []
    known: dict[str, Any] = dict(verdict.facts)
    for said in verdict.said:
        for rule in said.table.rules:
            if clause not in rule.cites or rule in said.rules:
                continue
            failed = tuple(name for name, cell in rule.cells.items() if not cell.holds(known.get(name)))
            found.append(Missed(rule, failed, () if failed else tuple(each.id for each in said.rules)))
        if said.table.hit == "layered":
            known |= said.values
    return found
