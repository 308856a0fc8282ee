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
from aftersales.policies.engine.read import REGISTERS, read_policy

DOCS = Path(__file__).parents[2] / "docs" / "policies"
PAGES = {name: (DOCS / name).read_text(encoding="utf-8") for name in ("language.md", "language.zh.md")}
POLICIES = {name: read_policy(re.search(r"```policy\n(.*?)```", page, re.DOTALL)[1]) for name, page in PAGES.items()}
CASES = [
    (name, *case)
    for name, page in PAGES.items()
    for case in re.findall(r"^\| (\{.*\}) \| (.*?) \| (.*?) ?\|$", page, re.MULTILINE)
]
CELLS = [
    (name, *cell)
    for name, page in PAGES.items()
    for cell in re.findall(
        r"^\| (\S.*?) \| ([\d, ]+) \| ([\d, ]*)\|$", re.split("## (?:What stands|格子里)", page)[1], re.MULTILINE
    )
]
every = pytest.mark.parametrize("name", PAGES)


@every
def test_the_example_policy_is_sound(name):
    assert all(report.is_proved and not report.of(*SERIOUS) for report in analyse(POLICIES[name]))


@pytest.mark.parametrize(("name", "facts", "outcome", "rules"), CASES)
def test_a_case_on_the_page_is_decided_as_it_says(name, facts, outcome, rules):
    verdict = Judge(compile_decision(POLICIES[name])).judge(json.loads(facts))
    if outcome.startswith("needs "):
        assert verdict.needs[0] == outcome.removeprefix("needs ")
    else:
        assert verdict.outcome["doing"] == outcome
        assert ", ".join(rule.id for rule in verdict.rules) == rules


@pytest.mark.parametrize(("name", "text", "within", "outside"), CELLS)
def test_a_cell_on_the_page_holds_as_it_says(name, text, within, outside):
    cell = Column("days", "days", (), False, {}, {}).read(text)
    assert all(cell.holds(int(number)) for number in within.split(",")), name
    assert not any(cell.holds(int(number)) for number in outside.split(",") if number.strip()), name


@every
def test_the_page_has_examples_of_both_kinds(name):
    assert sum(case[0] == name for case in CASES) == 6
    assert sum(cell[0] == name for cell in CELLS) == 6


def test_both_languages_decide_alike():
    one, other = (compare_rules(policy) for policy in POLICIES.values())
    assert one == other


def compare_rules(policy):
    (table,) = policy.decisions["cup"].tables
    return [
        (
            rule.id,
            rule.level,
            rule.outputs,
            [(cell.values, cell.ranges, cell.takes_unknown) for cell in rule.cells.values()],
        )
        for rule in table.rules
    ]


@every
def test_every_part_a_policy_may_have_is_explained(name):
    for register in REGISTERS:
        assert f"`# {register}" in PAGES[name], register
