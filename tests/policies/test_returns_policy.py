"""The shipped returns policy: its own cases, and whether any slip of the pen in it would be noticed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files

import pytest

from aftersales.policies.engine.analyse import SERIOUS, analyse
from aftersales.policies.engine.errors import PolicyError
from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy
from tests.policies.conftest import _returns

FILE = files("aftersales.policies") / "library" / "returns_2012-03-20.cases.jsonl"
CASES = [json.loads(line, parse_float=Decimal) for line in FILE.read_text(encoding="utf-8").splitlines()]
TEXT = _returns()
POLICY = read_policy(TEXT)


def judges(policy):
    return {key: Judge(compile_decision(policy, key)) for key in policy.decisions}


def whole(judge, facts):
    """The facts of a case that names only what is out of the ordinary."""
    dates = {name: "2012-03-20" for name in judge.wanted if judge.policy.facts[name].kind == "date"}
    return {name: judge.policy.facts[name].ordinary for name in judge.wanted} | dates | facts


JUDGES = judges(POLICY)
WHOLE = {case["id"]: whole(JUDGES[case["type"]], case["facts"]) for case in CASES}


def differences(policy_judges) -> Iterator[str]:
    for case in CASES:
        verdict = policy_judges[case["type"]].judge(WHOLE[case["id"]])
        told = {**verdict.outcome, "cites": list(verdict.cites), "flags": list(verdict.flags)}
        if told != case["expected"]:
            yield case["id"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_case_is_decided_as_the_clauses_say(case):
    verdict = JUDGES[case["type"]].judge(WHOLE[case["id"]])
    assert {**verdict.outcome, "cites": list(verdict.cites), "flags": list(verdict.flags)} == case["expected"]


def test_every_rule_decides_some_case():
    used = {rule.id for case in CASES for rule in JUDGES[case["type"]].judge(WHOLE[case["id"]]).rules}
    known = {rule.id for each in POLICY.decisions.values() for table in each.tables for rule in table.rules}
    assert known - used == set()


def slips() -> Iterator[tuple[str, str]]:
    """The policy with one row left out, one boundary shifted, one parameter changed, and so on through all of them."""
    lines = TEXT.split("\n")
    for at, line in enumerate(lines):
        row = re.match(r"\| ([A-Z]\d+) \|", line)
        if row and "||" in line:
            yield f"without {row[1]}", "\n".join(lines[:at] + lines[at + 1 :])
            for name, shifted in shifts(line, len(row[0])):
                yield f"{row[1]} {name}", "\n".join([*lines[:at], shifted, *lines[at + 1 :]])
    for parameter in re.finditer(r"^\| (\w+) \| ([\d.]+)%? \|", TEXT, re.MULTILINE):
        if parameter[1] in POLICY.parameters:
            for change in (-1, 1):
                value = Decimal(parameter[2]) + change
                yield f"{parameter[1]}{change:+d}", f"{TEXT[: parameter.start(2)]}{value}{TEXT[parameter.end(2) :]}"


def shifts(line: str, start: int) -> Iterator[tuple[str, str]]:
    """A row with each whole number among its conditions one less and one more."""
    for number in re.compile(r"(?<![\w$.])\d+(?![\w.%]*\w)").finditer(line.split("||", 1)[0], start):
        for change in (-1, 1):
            shifted = f"{line[: number.start()]}{int(number[0]) + change}{line[number.end() :]}"
            yield f"{number[0]}{change:+d}", shifted


def is_noticed(text: str) -> bool:
    """Refused by the reader, decided otherwise in some case, or found by the analysis."""
    try:
        policy = read_policy(text)
    except PolicyError:
        return True
    if next(differences(judges(policy)), None) is not None:
        return True
    return any(report.of(*SERIOUS, "redundant") for report in analyse(policy))


def test_no_row_can_be_lost_and_no_boundary_shifted_without_being_noticed():
    tried = list(slips())
    assert len(tried) > 200
    assert [name for name, text in tried if not is_noticed(text)] == []
