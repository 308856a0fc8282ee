"""Policies read, compiled, examined: worked out once for each text and remembered by its hash."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from aftersales.core.errors import Invalid
from aftersales.core.text import text as _
from aftersales.policies.engine.analyse import SERIOUS, Finding, Report, analyse
from aftersales.policies.engine.compare import Difference, compare
from aftersales.policies.engine.errors import FactError, PolicyError
from aftersales.policies.engine.judge import Judge, Verdict
from aftersales.policies.engine.model import Policy
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy
from aftersales.policies.models import PolicyVersion
from aftersales.policies.queries.wording import engine_language

REMEMBERED = 24
MOST_CASES = 5000


def read(text: str) -> Policy:
    """The policy of a text; Invalid with the first things that are wrong in it, place by place."""
    try:
        return _read(text)
    except PolicyError as error:
        language = engine_language()
        told = [f"{each.where(language)}: {each.text(language)}".lstrip(": ") for each in error.problems[:5]]
        raise Invalid(_("The policy cannot be read. {problems}", problems=" ".join(told)), field="text") from error


_read = lru_cache(REMEMBERED)(read_policy)


@lru_cache(4 * REMEMBERED)
def _judge(text: str, decision: str) -> Judge:
    return Judge(compile_decision(_read(text), decision))


def policy_of(version: PolicyVersion) -> Policy:
    """The policy as this version has it."""
    return read(version.text)


def judge_of(version: PolicyVersion, decision: str) -> Judge:
    """The judge of one decision of this version."""
    policy = policy_of(version)
    if decision not in policy.decisions:
        raise Invalid(_("This version has no decision “{name}”.", name=decision), field="decision")
    return _judge(version.text, decision)


def judge(version: PolicyVersion, decision: str, facts: Mapping[str, Any]) -> Verdict:
    """What this version says of a case; Invalid when a fact is unknown or does not fit."""
    try:
        return judge_of(version, decision).judge(facts)
    except FactError as error:
        raise Invalid(_("{sentence}", sentence=error.problem.text(engine_language())), field="facts") from error


# Test cases


@dataclass(frozen=True)
class TestCase:
    """A case and what should come of it; `facts` names what is out of the ordinary."""

    __test__ = False

    id: str
    decision: str
    facts: Mapping[str, Any]
    expected: Mapping[str, Any]


@dataclass(frozen=True)
class CaseResult:
    """How a test case came out: for each name that differs, what should be and what is; an error when it cannot be judged."""

    case: TestCase
    outcome: Mapping[str, Any]
    differences: tuple[tuple[str, Any, Any], ...] = ()
    error: str = ""

    @property
    def is_green(self) -> bool:
        """Whether all came out as it should."""
        return not self.differences and not self.error


def read_cases(text: str) -> list[TestCase]:
    """The test cases, one JSON object to a line; Invalid with the line that is none."""
    found: list[TestCase] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        case = _case_of(line)
        if case is None:
            raise Invalid(
                _("Line {number} of the test cases is none: each needs id, type, facts and expected.", number=number),
                field="cases",
            )
        found.append(case)
    if len(found) > MOST_CASES:
        raise Invalid(
            _("There are more than {most} test cases. Keep the telling ones.", most=MOST_CASES), field="cases"
        )
    return found


def _case_of(line: str) -> TestCase | None:
    try:
        data = json.loads(line, parse_float=Decimal)
        case = TestCase(str(data["id"]), str(data["type"]), data["facts"], data["expected"])
    except (ValueError, KeyError, TypeError):
        return None
    return case if isinstance(case.facts, dict) and isinstance(case.expected, dict) else None


def run_cases(version: PolicyVersion) -> list[CaseResult]:
    """Each test case with how it comes out."""
    return list(_run(version.text, version.cases))


@lru_cache(REMEMBERED)
def _run(text: str, cases: str) -> tuple[CaseResult, ...]:
    policy = read(text)
    return tuple(result_of(policy, lambda decision: _judge(text, decision), case) for case in read_cases(cases))


def result_of(policy: Policy, judges: Callable[[str], Judge], case: TestCase) -> CaseResult:
    """How a test case comes out under a policy, whose judges are had by the name of the decision."""
    if case.decision not in policy.decisions:
        return CaseResult(case, {}, error=str(_("This version has no decision “{name}”.", name=case.decision)))
    judge = judges(case.decision)
    try:
        verdict = judge.judge(whole(judge, case.facts))
    except FactError as error:
        return CaseResult(case, {}, error=error.problem.text(engine_language()))
    outcome = told(verdict)
    differences = tuple(
        (name, wanted, outcome.get(name)) for name, wanted in case.expected.items() if outcome.get(name) != wanted
    )
    return CaseResult(case, outcome, differences)


def whole(judge: Judge, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a case with ordinary ones for all that it does not name."""
    ordinary = {name: judge.policy.facts[name].ordinary for name in judge.wanted}
    first = judge.policy.effective_from
    dates = {name: first for name in judge.wanted if judge.policy.facts[name].kind == "date"}
    return {**ordinary, **dates, **facts}


def told(verdict: Verdict) -> dict[str, Any]:
    """The outcome with its clauses and flags, as test cases name them."""
    return {**verdict.outcome, "cites": list(verdict.cites), "flags": list(verdict.flags)}


def plain(value: Any) -> Any:
    """The same for JSON: exact numbers as whole ones or as text, dates as text."""
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value.normalize())
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)


# The check


@dataclass(frozen=True)
class Examination:
    """What the check found in one version: a report for each decision, and how its test cases came out."""

    reports: tuple[Report, ...]
    results: tuple[CaseResult, ...]

    @property
    def is_proved(self) -> bool:
        """Whether the analysis went through every case."""
        return all(report.is_proved for report in self.reports)

    @property
    def faults(self) -> list[tuple[Report, Finding]]:
        """Gaps, contradictions and rules that never decide, each with the report it stands in."""
        return [(report, finding) for report in self.reports for finding in report.of(*SERIOUS)]

    @property
    def remarks(self) -> list[tuple[Report, Finding]]:
        """What should be known, but does not stand against the version."""
        return [
            (report, finding) for report in self.reports for finding in report.findings if finding.kind not in SERIOUS
        ]

    @property
    def red(self) -> list[CaseResult]:
        """Test cases that come out otherwise than they should."""
        return [result for result in self.results if not result.is_green]


def examine(version: PolicyVersion) -> Examination:
    """The check of a version; worked out when it is first asked for, which takes up to ten seconds."""
    return Examination(_reports(version.text), tuple(run_cases(version)))


@lru_cache(REMEMBERED)
def _reports(text: str) -> tuple[Report, ...]:
    return tuple(analyse(_read(text)))


def all_rules(policy: Policy) -> Iterator[tuple[str, str, str]]:
    """Decision, table and id of every rule, in their order."""
    for decision in policy.decisions.values():
        for table in decision.tables:
            for rule in table.rules:
                yield decision.key, table.key, rule.id


def differences(old: PolicyVersion, new: PolicyVersion) -> list[Difference]:
    """For each decision both versions have, the regions of cases they decide differently."""
    return list(_differences(old.text, new.text))


@lru_cache(REMEMBERED)
def _differences(old: str, new: str) -> tuple[Difference, ...]:
    before, after = _read(old), _read(new)
    return tuple(compare(before, after, key) for key in after.decisions if key in before.decisions)
