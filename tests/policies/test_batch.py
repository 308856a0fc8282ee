from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as some

from aftersales.policies.engine import batch, compare
from aftersales.policies.engine.batch import ALONE, Judges, column_of, judge_many
from aftersales.policies.engine.compare import what_if
from aftersales.policies.engine.errors import FactError
from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy
from tests.policies.conftest import SMALL
from tests.policies.made_up import FACTS, policies


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch):
    monkeypatch.setattr(batch, "FEWEST", 1)
    monkeypatch.setattr(batch, "CHUNK", 7)
    monkeypatch.setattr(compare, "TOGETHER", 20)


def alone(judge, raw):
    """What the tables say of one case by itself; None where a fact is missing or unfit."""
    try:
        return judge.program.run(judge.normalise(raw))
    except (FactError, KeyError):
        return None


def agree(judge, cases):
    for raw, said in zip(cases, judge_many(judge, cases), strict=True):
        by_itself = alone(judge, raw)
        if said is not None:
            assert by_itself is not None
            assert [id(each) for each in said] == [id(each) for each in by_itself]


ODD = some.sampled_from(
    [True, 1, 0, 1.0, 2.5, "2", "cup", None, -1, Decimal("NaN"), [], {}, 10**20, "x", b"", float("inf")]
)
NAMES = some.sampled_from(["kind", "torn", "days", "price", "day", "twice", "nobody", "way"])


@settings(max_examples=200, deadline=None)
@given(
    policies(),
    some.lists(FACTS, min_size=1, max_size=30),
    some.lists(some.tuples(some.integers(0, 29), NAMES, ODD), max_size=6),
)
def test_many_cases_are_decided_as_each_alone(text, cases, oddities):
    judge = Judge(compile_decision(read_policy(text)))
    for at, name, value in oddities:
        cases[at % len(cases)] = {**cases[at % len(cases)], name: value}
    agree(judge, [case if case.get("days") != 3 else {name: case[name] for name in reversed(case)} for case in cases])


@settings(max_examples=60, deadline=None)
@given(
    policies(),
    policies(),
    some.lists(FACTS, min_size=1, max_size=60),
    some.lists(some.tuples(some.integers(0, 59), NAMES, ODD), max_size=4),
)
def test_what_if_counts_alike_with_and_without(text, other, cases, oddities):
    judges = [Judge(compile_decision(read_policy(each))) for each in (text, other)]
    for at, name, value in oddities:
        cases[at % len(cases)] = {**cases[at % len(cases)], name: value}
    named = [(str(at), case) for at, case in enumerate(cases)]
    together = what_if(*judges, named)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "is_available", lambda: False)
        assert what_if(*judges, named) == together


def some_cases(judge, count):
    dice = random.Random(3)
    found = []
    for _case in range(count):
        facts = {}
        for name in judge.wanted:
            fact = judge.policy.facts[name]
            unknown = [None] if fact.may_be_unknown else []
            least = int(fact.least or 0)
            offered = {"choice": fact.values, "bool": [True, False]}.get(fact.kind) or [*range(least, 10), 90, 182, 366]
            facts[name] = dice.choice([*offered, *unknown])
        found.append(facts)
    return found


def test_the_shipped_policy_decides_many_at_once_as_one_by_one(returns):
    cases = some_cases(returns, 3000)
    assert all(said is not None for said in judge_many(returns, cases))
    agree(returns, cases)


def test_true_does_not_pass_for_one():
    column = column_of([1, True, 0, False, 1.0, None])
    assert [(type(value), value) for value in column.values][:4] == [(int, 1), (bool, True), (int, 0), (bool, False)]


def test_a_case_that_lacks_a_fact_or_tells_an_unfit_one_is_left_to_the_judge():
    judge = Judge(compile_decision(read_policy(SMALL)))
    whole = {"days": 2, "kind": "cup", "torn": None, "price": 1}
    cases = [whole, {**whole, "kind": "sock"}, {"days": 2}, {**whole, "price": True}, {**whole, "nobody": 1}, whole]
    assert Judges([judge]).look(cases).kinds == [0, ALONE, ALONE, ALONE, ALONE, 0]


def test_a_table_with_too_many_sets_of_rules_is_decided_case_by_case(monkeypatch, returns):
    monkeypatch.setattr(batch, "MOST_STEPS", 20)
    assert set(Judges([returns]).look(some_cases(returns, 5)).kinds) == {ALONE}


def test_without_numpy_each_case_is_decided_alone(monkeypatch, returns):
    monkeypatch.setattr(batch, "np", None)
    assert set(Judges([returns]).look(some_cases(returns, 5)).kinds) == {ALONE}


def test_tables_that_only_add_remarks_do_not_part_cases(returns):
    cases = some_cases(returns, 2000)
    brief, whole = Judges([returns], is_brief=True).look(cases), Judges([returns]).look(cases)
    assert len(brief.said) < len(whole.said)
    for one, other in zip(brief.kinds, whole.kinds, strict=True):
        told = returns.verdict({}, whole.said[other][0]).outcome
        assert returns.verdict({}, brief.said[one][0]).outcome["disposition"] == told["disposition"]
