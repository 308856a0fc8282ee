"""One case judged: its facts made exact, the tables asked, what they say put together, with every rule and clause named."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from math import ceil
from typing import Any, cast

from aftersales.policies.engine.errors import FactError, Problem
from aftersales.policies.engine.formulas import Formula
from aftersales.policies.engine.model import Fact, Policy, Rule, Table, Value
from aftersales.policies.engine.program import Part, Program, Said
from aftersales.policies.engine.walk import Walk

LARGEST = Decimal(10) ** 15
MOST_ENDINGS = 20_000
"""So many ways a case with missing facts may go before the engine gives up listing them and asks for the next fact."""


Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What a policy says of one case.

    Attributes:
        facts: as they were judged, exact, with what was worked out from them.
        said: what each table said, in order; empty while facts are missing.
        needs: facts to be asked for next, most telling first.
        possible: with facts missing, the outcomes that are still possible.

    """

    policy: Policy
    decision: str
    facts: Mapping[str, Value]
    said: tuple[Said, ...]
    gives: tuple[str, ...]
    needs: tuple[str, ...] = ()
    possible: tuple[Mapping[str, Any], ...] = ()

    @cached_property
    def outcome(self) -> dict[str, Any]:
        """What is given by the decision, by name: values of layered tables, lists of collecting ones, worked-out facts."""
        found: dict[str, Any] = dict.fromkeys(self.gives)
        for each in self.said:
            for name, value in self._of(each).items():
                if name in found:
                    found[name] = value
        found |= {name: self.facts[name] for name in self.gives if name in self.facts}
        return found

    def _of(self, each: Said) -> dict[str, Any]:
        if each.table.hit == "collect":
            return {each.table.key: self._collected(each.table, each.rules)}
        return {name: self._worked_out(value) for name, value in each.values.items()}

    def _worked_out(self, value: Value | Formula) -> Value:
        return value.work_out(self.facts) if isinstance(value, Formula) else value

    def _collected(self, table: Table, rules: tuple[Rule, ...]) -> list[Any]:
        found: list[Any] = []
        for rule in rules:
            if len(table.outputs) == 1:
                item: Any = self._worked_out(rule.outputs[table.outputs[0]])
            else:
                item = {name: self._worked_out(rule.outputs[name]) for name in table.outputs}
                item |= {"cite": rule.cites[0]} if rule.cites else {}
            if item not in found:
                found.append(item)
        return found

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that decided, in the order of the tables."""
        return tuple(rule for each in self.said for rule in each.rules)

    @cached_property
    def cites(self) -> tuple[str, ...]:
        """The clauses relied on, each once."""
        return tuple(dict.fromkeys(clause for rule in self.rules for clause in rule.cites))

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """The ambiguities whose default reading was relied on, or whose ruling."""
        return tuple(dict.fromkeys(flag for rule in self.rules for flag in rule.flags))

    @property
    def is_plain(self) -> bool:
        """Whether the outcome hangs on the rules alone, not on sums over the facts."""
        summed = any(isinstance(value, Formula) for rule in self.rules for value in rule.outputs.values())
        return not summed and not any(name in self.facts for name in self.gives)

    @property
    def is_sound(self) -> bool:
        """Whether no table left a gap or contradicted itself."""
        return all(each.status in {"said", "silent"} for each in self.said)


class Judge:
    """A program with the normalising before it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.policy = program.policy
        self.told = {name: fact for name, fact in self.policy.facts.items() if fact.formula is None}
        used = self._used()
        self.derived = [fact for name, fact in self.policy.facts.items() if fact.formula is not None and name in used]

    def _used(self) -> set[str]:
        """The facts this decision depends on, those behind worked-out ones included."""
        used = {*self.program.asked, *self.program.decision.gives}
        for table in self.program.decision.tables:
            for rule in table.rules:
                used |= {name for value in rule.outputs.values() if isinstance(value, Formula) for name in value.names}
        for fact in reversed(list(self.policy.facts.values())):
            if fact.id in used and fact.formula is not None:
                used |= fact.formula.names
        return used

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """The facts a person may be asked for in this decision."""
        used = self._used()
        return tuple(name for name in self.told if name in used)

    def normalise(self, raw: Facts) -> dict[str, Value]:
        """The facts made exact, with those worked out; FactError for unknown names and unfit values."""
        facts: dict[str, Value] = {}
        plain = self._plain
        for name, value in raw.items():
            known = plain.get(name)
            if known is None:
                raise FactError(Problem("fact_unknown", {"name": str(name)[:60]}))
            if value.__class__ is known[0] and value in known[1]:
                facts[name] = cast("Value", value)
            else:
                facts[name] = exact(self.told[name], value)
        self._derive(facts)
        return facts

    @cached_property
    def _plain(self) -> dict[str, tuple[type, Container[object]]]:
        """For each fact what needs no second look: declared choices, yes and no, whole numbers."""
        found: dict[str, tuple[type, Container[object]]] = {}
        for fact in self.told.values():
            if fact.kind == "choice":
                found[fact.id] = str, frozenset(fact.values)
            elif fact.kind == "bool":
                found[fact.id] = bool, (True, False)
            elif fact.kind == "date":
                found[fact.id] = str, ()
            else:
                least = -int(LARGEST) if fact.least is None else ceil(fact.least)
                found[fact.id] = int, range(least, int(LARGEST))
        return found

    def _derive(self, facts: dict[str, Value]) -> None:
        for fact in self.derived:
            if fact.formula is not None and all(name in facts for name in fact.formula.names):
                facts[fact.id] = fact.formula.work_out(facts)

    def judge(self, raw: Facts) -> Verdict:
        """What the policy says of these facts; what is missing is asked for unless it makes no difference."""
        return self._judge(self.normalise(raw))

    def judge_exact(self, told: Mapping[str, Value]) -> Verdict:
        """The same for facts that are exact already."""
        facts = dict(told)
        self._derive(facts)
        return self._judge(facts)

    def _judge(self, facts: dict[str, Value]) -> Verdict:
        try:
            said = self.program.run(facts)
        except KeyError:
            return self._with_missing(facts)
        return self.verdict(facts, said)

    def verdict(self, facts: Mapping[str, Value], said: tuple[Said, ...], **more: Any) -> Verdict:
        """What tables have said of normalised facts, put together."""
        return Verdict(self.policy, self.program.decision.key, facts, said, self.program.decision.gives, **more)

    def _with_missing(self, facts: dict[str, Value]) -> Verdict:
        walk = Walk(self.program, budget=MOST_ENDINGS, parts=self.telling)
        endings = list(walk.endings(walk.state_of(facts)))
        seen: dict[str, Mapping[str, Any]] = {}
        for ending in endings:
            outcome = self.verdict(facts, ending.said).outcome
            seen.setdefault(repr(outcome), outcome)
        if len(seen) == 1 and not walk.is_cut_off:
            return self.verdict(facts, endings[0].said)
        return self.verdict(facts, (), needs=tuple(self._asked_for(walk, facts)), possible=tuple(seen.values()))

    @cached_property
    def telling(self) -> list[Part]:
        """The tables that what is given depends on; the others only add remarks."""
        wanted, found = set(self.program.decision.gives), []
        for part in reversed(self.program.parts):
            if part.table.key in wanted or wanted & set(part.table.outputs):
                wanted |= set(part.table.inputs)
                found.append(part)
        return found[::-1]

    def _asked_for(self, walk: Walk, facts: Facts) -> list[str]:
        """The facts on which the tables split, in the order in which they would be needed; worked-out ones by their source."""
        found: dict[str, None] = {}
        for name in walk.split_on:
            fact = self.policy.facts[name]
            behind = [name] if fact.formula is None else [each for each in self.told if each in fact.formula.names]
            found |= dict.fromkeys(each for each in behind if each not in facts)
        return list(found)


def exact(fact: Fact, value: object) -> Value:
    """A told value in the form the tables compare; FactError with a sentence when it does not fit."""
    if value is None:
        if fact.may_be_unknown:
            return None
        raise FactError(Problem("fact_never_unknown", {"name": fact.id}))
    if fact.kind == "bool":
        fits = isinstance(value, bool)
    elif fact.kind == "choice":
        fits = isinstance(value, str) and value in fact.values
    else:
        return _number(fact, value)
    if not fits:
        allowed = ", ".join(fact.values) or "true, false"
        raise FactError(Problem("fact_value", {"name": fact.id, "value": str(value)[:60], "allowed": allowed}))
    return value  # type: ignore[return-value]


def _number(fact: Fact, value: object) -> int | Decimal:
    try:
        number = _read_number(fact, value)
    except (ValueError, InvalidOperation, TypeError):
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > LARGEST or (fact.least is not None and number < fact.least):
        kind = "fact_date" if fact.kind == "date" else "fact_number"
        least = "" if fact.least is None else str(fact.least)
        raise FactError(Problem(kind, {"name": fact.id, "value": str(value)[:60], "least": least}))
    return int(number) if number == number.to_integral_value() else number


def _read_number(fact: Fact, value: object) -> Decimal:
    if isinstance(value, bool):
        raise TypeError(value)
    if fact.kind == "date":
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
        return Decimal(day.toordinal())
    return value if isinstance(value, Decimal) else Decimal(str(value))
