from __future__ import annotations

import re

import pytest

from aftersales.policies.engine.analyse import analyse
from aftersales.policies.engine.boxes import told
from aftersales.policies.engine.explain import Teller
from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy


def test_clauses_without_a_rule_are_named_and_are_those_that_decide_nothing(returns_text):
    report = analyse(read_policy(returns_text))[0]
    loose = {clause for finding in report.accepted if finding.kind == "no_rule" for clause in finding.clauses}
    assert loose == {"1.1", "1.2", "1.3", "4.1"}
    assert report.of("no_rule") == ()


@pytest.fixture(scope="module")
def literal(literal_text):
    policy = read_policy(literal_text)
    judge = Judge(compile_decision(policy))
    return judge, analyse(policy)[0]


def regions(literal, kind):
    judge, report = literal
    for finding in report.of(kind):
        yield finding, {name: told(judge.program.axes[name], codes) for name, codes in finding.region.sides.items()}


@pytest.mark.parametrize(
    "wanted",
    [
        {"cause": "quality", "day": "4"},
        {"cause": "shortage, wrong_goods_warehouse", "day": "[0..4]"},
        {"cause": "batch_quality, no_reason", "day": ""},
        {"cause": "quality", "day": "[0..3]", "photo": "false"},
        {"cause": "transit_damage", "at_carrier": "false"},
    ],
)
def test_read_to_the_letter_the_text_leaves_these_gaps(literal, wanted):
    assert any(wanted.items() <= cells.items() for _finding, cells in regions(literal, "gap"))


@pytest.mark.parametrize("pair", [("A3", "A4a"), ("A3", "A4b"), ("B2", "C7"), ("A1", "B2"), ("A2", "B1")])
def test_read_to_the_letter_these_rules_contradict_each_other(literal, pair):
    assert pair in {finding.rules for finding in literal[1].of("conflict")}


def test_each_gap_has_an_example_that_no_rule_decides_and_each_contradiction_one_in_which_both_do(literal):
    judge, report = literal
    for finding in report.of("gap", "conflict"):
        said = judge.judge(finding.example).said[0]
        assert said.status == finding.kind
        assert set(finding.rules) <= {rule.id for rule in said.rules}


def test_there_is_no_wall_of_warnings(literal):
    assert len(literal[1].of("gap")) <= 10
    assert len(literal[1].of("conflict")) <= 60


def test_a_gap_is_said_in_a_sentence(literal):
    judge, report = literal
    teller = Teller(judge.policy, "en")
    sentences = [teller.region(judge, finding.region) for finding in report.of("gap")]
    assert any(re.search(r"cause: quality.*day: 4", sentence) for sentence in sentences)


def test_a_rule_that_never_decides_and_one_that_is_not_needed_are_found(small_text):
    dead = small_text.replace("| R4 |", "| R5 | P4 | <=$week | - | - || decide | | 3 | |\n| R4 |")
    assert [finding.rules for report in analyse(read_policy(dead)) for finding in report.of("dead")] == [("R5",)]
    needless = small_text.replace("| R4 |", "| R5 | P2 | <=3 | - | - || take | | 1 | |\n| R4 |")
    found = [finding.rules for report in analyse(read_policy(needless)) for finding in report.of("redundant")]
    assert found == [("R5",)]


def test_a_rule_without_a_clause_is_named(small_text):
    text = small_text.replace("|| decide | | 3 | |", "|| decide | | | |")
    assert [finding.rules for report in analyse(read_policy(text)) for finding in report.of("no_citation")] == [("R4",)]


def test_when_the_budget_ends_nothing_is_called_proved(returns_text):
    report = analyse(read_policy(returns_text), budget=100)[0]
    assert not report.is_proved
    assert report.of("dead") == ()
