"""A policy and its verdicts as the pages tell them: rules in words, findings in sentences, outcomes with their labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aftersales.policies import queries
from aftersales.policies.engine.analyse import Finding, Report
from aftersales.policies.engine.compare import Region
from aftersales.policies.engine.explain import Teller
from aftersales.policies.engine.formulas import Formula
from aftersales.policies.engine.judge import Verdict
from aftersales.policies.engine.model import Policy, Rule, Table
from aftersales.policies.queries import PolicyVersion

QUIET: tuple[object, ...] = (None, [], "", False)


@dataclass(frozen=True)
class RuleLine:
    """One rule in words: when, then, and what it relies on."""

    id: str
    table: str
    conditions: tuple[tuple[str, str], ...]
    outputs: tuple[tuple[str, str], ...]
    level: str
    over: tuple[str, ...]
    cites: tuple[str, ...]
    flags: tuple[str, ...]
    remark: str


@dataclass(frozen=True)
class ClauseBlock:
    """One clause with the rules that cite it, table by table."""

    id: str
    title: str
    text: str
    rules: tuple[RuleLine, ...]


@dataclass(frozen=True)
class TableView:
    """A whole table in words."""

    key: str
    title: str
    is_collecting: bool
    lines: tuple[RuleLine, ...]


@dataclass(frozen=True)
class DecisionView:
    """The tables of one decision, in the order in which they are asked."""

    key: str
    title: str
    tables: tuple[TableView, ...]


def rule_line(teller: Teller, table: Table, rule: Rule) -> RuleLine:
    """One rule in words."""
    conditions = tuple(
        (teller.label(name), teller.cell(name, cell.text)) for name, cell in rule.cells.items() if not cell.is_any
    )
    outputs = tuple(
        (teller.label(name), value.text if isinstance(value, Formula) else teller.value(name, value))
        for name, value in rule.outputs.items()
        if value is not None
    )
    level = "" if rule.level >= 9 else f"P{rule.level:g}"
    title = table_title(teller, table)
    return RuleLine(rule.id, title, conditions, outputs, level, rule.over, rule.cites, rule.flags, rule.remark)


def table_title(teller: Teller, table: Table) -> str:
    """What a table is called."""
    own = f"table.{table.key}"
    return teller.label(own) if own in teller.policy.labels else table.title or table.key


def decision_title(teller: Teller, key: str) -> str:
    """What a decision is called."""
    own = f"decision.{key}"
    return teller.label(own) if own in teller.policy.labels else key


def decisions_of(policy: Policy) -> list[DecisionView]:
    """Every decision with its tables in words."""
    teller = queries.teller_of(policy)
    return [
        DecisionView(
            key,
            decision_title(teller, key),
            tuple(
                TableView(
                    table.key,
                    table_title(teller, table),
                    table.hit == "collect",
                    tuple(rule_line(teller, table, rule) for rule in table.rules),
                )
                for table in decision.tables
            ),
        )
        for key, decision in policy.decisions.items()
    ]


def clause_blocks(policy: Policy) -> list[ClauseBlock]:
    """The policy as a document: each clause, beside it the rules that were made of it."""
    teller = queries.teller_of(policy)
    lines: dict[str, list[RuleLine]] = {}
    for decision in policy.decisions.values():
        for table in decision.tables:
            for rule in table.rules:
                for clause in rule.cites:
                    lines.setdefault(clause, []).append(rule_line(teller, table, rule))
    return [
        ClauseBlock(
            clause.id,
            teller.clause(clause.id).removeprefix(f"{clause.id} "),
            clause.text,
            tuple({line.id: line for line in lines.get(clause.id, ())}.values()),
        )
        for clause in policy.clauses.values()
    ]


def findings(version: PolicyVersion, found: Iterable[tuple[Report, Finding]]) -> list[queries.Found]:
    """What the check found, each in a sentence with an example case."""
    return [
        queries.tell(queries.judge_of(version, report.decision), report.decision, finding) for report, finding in found
    ]


@dataclass(frozen=True)
class LetStand:
    """Findings that the owner lets stand for one reason: the first of them, and how many there are."""

    found: queries.Found
    reason: str
    count: int


def let_stand(version: PolicyVersion, reports: Iterable[Report]) -> list[LetStand]:
    """What the check found and the owner has accepted, reason by reason."""
    by_reason: dict[tuple[str, str], list[tuple[Report, Finding]]] = {}
    for report in reports:
        for finding in report.accepted:
            by_reason.setdefault((report.decision, finding.reason), []).append((report, finding))
    return [
        LetStand(findings(version, found[:1])[0], reason, len(found))
        for (_decision, reason), found in by_reason.items()
    ]


@dataclass(frozen=True)
class Fact:
    """One thing with its label and its value in words."""

    name: str
    label: str
    value: str


def outcome_facts(policy: Policy, outcome: Mapping[str, Any]) -> list[Fact]:
    """What was decided, thing by thing; what says nothing is left out."""
    teller = queries.teller_of(policy)
    return [
        Fact(name, teller.label(name), teller.value(name, value))
        for name, value in outcome.items()
        if value not in QUIET and value != 0
    ]


def told_facts(policy: Policy, facts: Mapping[str, Any]) -> list[Fact]:
    """The facts of a case in words, in the policy's order."""
    teller = queries.teller_of(policy)
    return [Fact(name, teller.label(name), teller.value(name, facts[name])) for name in policy.facts if name in facts]


def main_words(policy: Policy, decision: str, value: str) -> str:
    """The first thing of an outcome in words; what stands for a missing fact likewise."""
    teller = queries.teller_of(policy)
    if value == "?":
        return teller.say("unknown")
    known: dict[str, Any] = {"True": True, "False": False, "None": None}
    return teller.value(policy.decisions[decision].gives[0], known.get(value, value))


@dataclass(frozen=True)
class RegionLine:
    """Cases that two versions decide differently, in words."""

    where: str
    before: tuple[Fact, ...]
    after: tuple[Fact, ...]


def region_line(old: Policy, new: Policy, region: Region) -> RegionLine:
    """One region of difference: where, and what of the outcome differs."""
    teller = queries.teller_of(new)
    cells = [
        teller.say("explain_is", name=teller.label(name), value=_cell(teller, old, name, cell))
        for name, cell in region.cells.items()
    ]
    names = [name for name in {**region.before, **region.after} if region.before.get(name) != region.after.get(name)]
    sides = [
        tuple(Fact(name, teller.label(name), teller.value(name, _single(side.get(name)))) for name in names)
        for side in (region.before, region.after)
    ]
    return RegionLine(teller.say("comma").join(cells) or teller.say("always"), sides[0], sides[1])


def _single(value: Any) -> Any:
    """What a collecting table says of a region is a list of rows; a row of one column is told as its value."""
    if isinstance(value, list):
        return [each[0] if len(each) == 1 else " / ".join(map(str, each)) for each in value]
    return value


def _cell(teller: Teller, old: Policy, name: str, cell: str) -> str:
    known = name in teller.policy.facts or name in teller.policy.outcomes
    return teller.cell(name, cell) if known else queries.teller_of(old).cell(name, cell)


def sentences(verdict: Verdict, version: PolicyVersion) -> list[str]:
    """Why a case was decided so, sentence by sentence."""
    judge = queries.judge_of(version, verdict.decision)
    return list(queries.teller_of(verdict.policy).sentences(judge, verdict))
