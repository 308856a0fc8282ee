"""A version's test cases as people read them: what is out of the ordinary, what came of it, what differs, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from json import JSONDecodeError, loads
from typing import Any

from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.text import text as _
from aftersales.policies.engine import cells
from aftersales.policies.engine.explain import Teller
from aftersales.policies.engine.judge import Judge, Verdict
from aftersales.policies.engine.model import Fact, Policy
from aftersales.policies.models import PolicyVersion
from aftersales.policies.permissions import Permission
from aftersales.policies.queries import programs
from aftersales.policies.queries.programs import CaseResult
from aftersales.policies.queries.wording import teller_of
from aftersales.policies.rules.cases import as_line


@dataclass(frozen=True)
class Difference:
    """One name of the outcome that came out otherwise, in words."""

    label: str
    wanted: str
    found: str


@dataclass(frozen=True)
class CaseRow:
    """One test case in words."""

    result: CaseResult
    decision: str
    facts: str
    outcome: str
    differences: tuple[Difference, ...]

    @property
    def id(self) -> str:
        """Its name."""
        return self.result.case.id


@dataclass(frozen=True)
class Asked:
    """A fact that a case may name: how it is asked, what may be answered, what it ordinarily is."""

    name: str
    label: str
    kind: str
    ordinary: str
    picks: tuple[tuple[str, str], ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class Given:
    """One thing that a decision gives, as it came out: what is typed to expect it, and in words."""

    name: str
    label: str
    raw: str
    words: str
    picks: tuple[tuple[str, str], ...] = ()
    is_list: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a case that is not kept yet."""

    given: tuple[Given, ...] = ()
    sentences: tuple[str, ...] = ()
    problem: str = ""


def list_case_results(
    actor: Actor, version: PolicyVersion, *, is_red: bool = False, decision: str = "", words: str = ""
) -> list[CaseResult]:
    """The test cases, those first that come out otherwise than they should; narrowed by decision and by what stands in them."""
    actor.require(Permission.SEE)
    found = [
        each
        for each in programs.run_cases(version)
        if (not is_red or not each.is_green) and decision in ("", each.case.decision) and _holds(each, words)
    ]
    return sorted(found, key=lambda each: each.is_green)


def _holds(result: CaseResult, words: str) -> bool:
    case = result.case
    told = f"{case.id} {as_line(case.facts)} {as_line(case.expected)}"
    return words.casefold() in told.casefold()


def case_row(version: PolicyVersion, result: CaseResult) -> CaseRow:
    """A test case in the reader's words."""
    policy = programs.policy_of(version)
    teller = teller_of(policy)
    case = result.case
    differences = tuple(
        Difference(_label(name, teller), _said(policy, teller, name, wanted), _said(policy, teller, name, found))
        for name, wanted, found in result.differences
    )
    first = next(iter(result.outcome), "")
    outcome = _value(policy, teller, first, result.outcome.get(first)) if first else ""
    decision = teller.label(f"decision.{case.decision}") if case.decision in policy.decisions else case.decision
    return CaseRow(result, decision, _facts(policy, teller, case.facts), outcome, differences)


def _label(name: str, teller: Teller) -> str:
    return str({"cites": _("clauses"), "flags": _("open questions")}.get(name) or teller.label(name))


def _said(policy: Policy, teller: Teller, name: str, value: Any) -> str:
    """A part of an outcome in words; clauses and open questions by their numbers."""
    if name in {"cites", "flags"} and isinstance(value, list):
        return teller.say("comma").join(map(str, value)) or "—"
    return _value(policy, teller, name, value)


def _facts(policy: Policy, teller: Teller, facts: Mapping[str, Any]) -> str:
    told = [
        teller.say("explain_is", name=teller.label(name), value=_value(policy, teller, name, value))
        for name, value in facts.items()
        if name not in policy.facts or value != policy.facts[name].ordinary
    ]
    return teller.say("comma").join(told) or str(_("all ordinary"))


def _value(policy: Policy, teller: Teller, name: str, value: Any) -> str:
    """A value in words; one that the policy does not know as it is written."""
    if value is None:
        return "—"
    fact = policy.facts.get(name) or policy.outcomes.get(name)
    if fact is not None and fact.kind == "date":
        return str(value)
    try:
        return teller.value(name, value)
    except (ValueError, TypeError, InvalidOperation):
        return str(value)


def explain_case(actor: Actor, version: PolicyVersion, case: str) -> tuple[CaseRow, tuple[str, ...]]:
    """One test case with the whole explanation of how it comes out."""
    actor.require(Permission.SEE)
    for result in programs.run_cases(version):
        if result.case.id == case:
            return case_row(version, result), _sentences(version, result)
    raise Missing


def _sentences(version: PolicyVersion, result: CaseResult) -> tuple[str, ...]:
    if result.error:
        return (result.error,)
    judge = programs.judge_of(version, result.case.decision)
    verdict = judge.judge(programs.whole(judge, result.case.facts))
    return tuple(teller_of(judge.policy).sentences(judge, verdict))


# A case that is not kept yet


def decisions_of(version: PolicyVersion) -> list[tuple[str, str]]:
    """The decisions a case may be of, with what they are called."""
    policy = programs.policy_of(version)
    teller = teller_of(policy)
    return [(key, teller.label(f"decision.{key}")) for key in policy.decisions]


def asked_facts(version: PolicyVersion, decision: str) -> list[Asked]:
    """The facts a case of this decision may name."""
    judge = programs.judge_of(version, decision)
    teller = teller_of(judge.policy)
    return [_asked(judge.policy.facts[name], judge, teller) for name in judge.wanted]


def _asked(fact: Fact, judge: Judge, teller: Teller) -> Asked:
    ordinary = _value(judge.policy, teller, fact.id, fact.ordinary)
    if fact.kind == "date":
        ordinary = judge.policy.effective_from.isoformat()
    picks: list[tuple[str, str]] = []
    if fact.kind == "choice":
        picks = [(value, teller.value(fact.id, value)) for value in fact.values]
    elif fact.kind == "bool":
        picks = [("true", teller.say("yes")), ("false", teller.say("no"))]
    if fact.may_be_unknown:
        picks.append(("unknown", teller.say("unknown")))
    unit = f"unit.{fact.unit}"
    told_unit = teller.label(unit) if unit in judge.policy.labels else ""
    return Asked(fact.id, teller.label(fact.id), fact.kind, ordinary, tuple(picks), told_unit)


def facts_from(version: PolicyVersion, decision: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed for facts, exact; those left empty are ordinary. Invalid with the fact that does not fit."""
    facts = programs.policy_of(version).facts
    told = {name: _read(facts[name], each) for name, each in typed.items() if name in facts and each.strip()}
    judge = programs.judge_of(version, decision)
    programs.judge(version, decision, programs.whole(judge, told))  # refuses what does not fit, in a sentence
    return told


def _read(fact: Fact, typed: str) -> Any:
    text = cells.normal(typed)
    if text in cells.UNKNOWN:
        return None
    if fact.kind == "bool":
        return text in cells.YES if text in cells.YES | cells.NO else text
    if fact.kind in {"choice", "date"}:
        return _day(text) if fact.kind == "date" else text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return int(number) if number.is_finite() and number == number.to_integral_value() else number


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return text


def outcome_of(version: PolicyVersion, decision: str, typed: Mapping[str, str]) -> Outcome:
    """What comes of a case as it is typed, or why it cannot be judged."""
    try:
        facts = facts_from(version, decision, typed)
    except Invalid as refused:
        return Outcome(problem=str(refused))
    judge = programs.judge_of(version, decision)
    verdict = judge.judge(programs.whole(judge, facts))
    teller = teller_of(judge.policy)
    given: tuple[Given, ...] = ()
    if verdict.said:
        beside = (("cites", verdict.cites), ("flags", verdict.flags))
        given = (
            *(_given(judge, teller, verdict, name) for name in verdict.gives),
            *(
                Given(name, _label(name, teller), as_line(list(value)), teller.say("comma").join(value), is_list=True)
                for name, value in beside
            ),
        )
    return Outcome(given, tuple(teller.sentences(judge, verdict)))


def _given(judge: Judge, teller: Teller, verdict: Verdict, name: str) -> Given:
    value, policy = verdict.outcome[name], judge.policy
    words = _value(policy, teller, name, value)
    if isinstance(value, list):
        return Given(name, teller.label(name), as_line(value), words, is_list=True)
    return Given(
        name,
        teller.label(name),
        "" if value is None else as_line(value).strip('"'),
        words,
        _picks(policy, teller, name),
    )


def _picks(policy: Policy, teller: Teller, name: str) -> tuple[tuple[str, str], ...]:
    fact = policy.outcomes.get(name) or policy.facts.get(name)
    if fact is None or fact.kind not in {"choice", "bool"}:
        return ()
    if fact.kind == "bool":
        return ("", "—"), ("true", teller.say("yes")), ("false", teller.say("no"))
    return ("", "—"), *((value, teller.value(name, value)) for value in fact.values)


def expected_from(version: PolicyVersion, decision: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed as the outcome that should come, by name; Invalid with the name that does not fit."""
    policy = programs.policy_of(version)
    lists = {table.key for table in policy.decisions[decision].tables if table.hit == "collect"} | {"cites", "flags"}
    return {name: _expected(policy, name, each, is_list=name in lists) for name, each in typed.items()}


def _expected(policy: Policy, name: str, typed: str, *, is_list: bool) -> Any:
    if is_list:
        try:
            found = loads(typed or "[]", parse_float=Decimal)
        except JSONDecodeError:
            found = None
        if not isinstance(found, list):
            raise Invalid(_('“{name}” is a list such as [] or ["sales_manager"].', name=name), field="id")
        return found
    fact = policy.outcomes.get(name) or policy.facts.get(name)
    if fact is None or not typed.strip() or typed.strip() == "-":
        return None
    value = _read(fact, typed)
    is_wrong = (fact.kind == "choice" and value not in fact.values) or (
        fact.kind != "choice" and isinstance(value, str)
    )
    if is_wrong and fact.kind != "date":
        raise Invalid(_("“{value}” does not fit “{name}”.", value=typed[:60], name=name), field="id")
    return value
