"""The page that explains the language is true: its policy is read, its cases are decided as it says, its cells hold as it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from aftersales.policies.engine.analyse import SERIOUS, analyse
from aftersales.policies.engine.cells import Column
from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy

PAGE = (Path(__file__).parents[2] / "docs" / "policies" / "language.md").read_text(encoding="utf-8")
POLICY = read_policy(re.search(r"```policy\n(.*?)```", PAGE, re.DOTALL)[1])
CASES = re.findall(r"^\| (\{.*\}) \| (.*?) \| (.*?) ?\|$", PAGE, re.MULTILINE)
CELLS = re.findall(r"^\| (\S.*?) \| ([\d, ]+) \| ([\d, ]*)\|$", PAGE.split("## What stands in a cell")[1], re.MULTILINE)


def test_the_example_policy_is_sound():
    assert all(report.is_proved and not report.of(*SERIOUS) for report in analyse(POLICY))


@pytest.mark.parametrize(("facts", "outcome", "rules"), CASES)
def test_a_case_on_the_page_is_decided_as_it_says(facts, outcome, rules):
    verdict = Judge(compile_decision(POLICY)).judge(json.loads(facts))
    if outcome.startswith("needs "):
        assert verdict.needs[0] == outcome.removeprefix("needs ")
    else:
        assert verdict.outcome["doing"] == outcome
        assert ", ".join(rule.id for rule in verdict.rules) == rules


@pytest.mark.parametrize(("text", "within", "outside"), CELLS)
def test_a_cell_on_the_page_holds_as_it_says(text, within, outside):
    cell = Column("days", "days", (), False, {}, {}).read(text)
    assert all(cell.holds(int(number)) for number in within.split(","))
    assert not any(cell.holds(int(number)) for number in outside.split(",") if number.strip())


def test_the_page_has_examples_of_both_kinds():
    assert len(CASES) == 6
    assert len(CELLS) == 6
