"""What the programs decide: held against a slow reading of the same rows, and asked with facts missing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as some

from aftersales.policies.engine.errors import FactError
from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.order import bits
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy
from aftersales.policies.engine.walk import Walk
from tests.policies import oracle
from tests.policies.conftest import SMALL, _returns


def a_value(fact):
    if fact.kind == "choice":
        known = some.sampled_from(fact.values)
    elif fact.kind == "bool":
        known = some.booleans()
    elif fact.kind in {"days", "count"}:
        least = int(fact.least or 0)
        known = some.one_of(some.integers(least, 12), some.integers(least, 400))
    else:
        known = some.decimals(0, 10_000, places=2)
    return some.one_of(known, some.none()) if fact.may_be_unknown else known


def facts_of(judge):
    return some.fixed_dictionaries({name: a_value(judge.policy.facts[name]) for name in judge.wanted})


RETURNS = Judge(compile_decision(read_policy(_returns()), "return"))
SMALL_JUDGE = Judge(compile_decision(read_policy(SMALL)))


@settings(max_examples=400, deadline=None)
@given(facts_of(RETURNS))
def test_the_compiled_returns_policy_decides_as_its_rows_read_one_by_one(facts):
    verdict = RETURNS.judge(facts)
    compiled = [(said.status, tuple(rule.id for rule in said.rules)) for said in verdict.said]
    assert compiled == oracle.decide(RETURNS.program.decision, dict(verdict.facts))


@settings(max_examples=200, deadline=None)
@given(facts_of(SMALL_JUDGE))
def test_gaps_and_contradictions_too_are_those_of_the_rows(facts):
    verdict = SMALL_JUDGE.judge(facts)
    compiled = [(said.status, tuple(rule.id for rule in said.rules)) for said in verdict.said]
    assert compiled == oracle.decide(SMALL_JUDGE.program.decision, dict(verdict.facts))


@settings(max_examples=200, deadline=None)
@given(facts_of(RETURNS))
def test_every_case_lies_in_exactly_one_ending_of_the_walk_and_is_decided_as_it_says(facts):
    verdict = RETURNS.judge(facts)
    walk = ENDINGS
    point = walk.state_of(verdict.facts)
    asked = [at for at, name in enumerate(walk.names) if name in RETURNS.program.asked]
    holding = [ending for ending in ALL_ENDINGS if all(ending.state[at] & point[at] for at in asked)]
    assert len(holding) == 1
    told = [(said.status, said.values, said.rules) for said in holding[0].said]
    assert told == [(said.status, said.values, said.rules) for said in verdict.said]


ENDINGS = Walk(RETURNS.program, budget=1_000_000)
ALL_ENDINGS = list(ENDINGS.endings(ENDINGS.everything()))


@settings(max_examples=60, deadline=None)
@given(facts_of(RETURNS), some.data())
def test_with_facts_missing_the_true_outcome_is_among_the_possible_ones(facts, data):
    missing = data.draw(some.sets(some.sampled_from(sorted(facts)), max_size=4))
    whole = RETURNS.judge(facts)
    part = RETURNS.judge({name: value for name, value in facts.items() if name not in missing})
    told = {name: value for name, value in whole.outcome.items() if name != "deduction"}
    if part.needs:
        assert set(part.needs) <= missing
        assert told in [{key: value for key, value in each.items() if key != "deduction"} for each in part.possible]
    else:
        assert {name: value for name, value in part.outcome.items() if name != "deduction"} == told


def test_what_makes_no_difference_is_not_asked_for(returns):
    verdict = returns.judge({"stock_class": "not_ours", "cause": "no_reason", "arrived": False, "transport": "other"})
    assert verdict.needs == ()
    assert verdict.outcome["disposition"] == "reject"


def test_the_next_question_is_one_that_matters(returns):
    verdict = returns.judge({"stock_class": "not_ours", "cause": "no_reason"})
    assert verdict.needs == ("arrived",)
    assert {outcome["disposition"] for outcome in verdict.possible} == {"reject", "send_back"}


def test_answering_one_question_after_the_other_ends_in_a_decision(returns):
    facts = {}
    questions = []
    for _turn in range(len(returns.wanted) + 1):
        verdict = returns.judge(facts)
        if not verdict.needs:
            break
        name = verdict.needs[0]
        questions.append(name)
        facts[name] = returns.policy.facts[name].ordinary
    assert not verdict.needs
    assert verdict.outcome["disposition"] == "accept"
    assert questions[0] == "stock_class"
    assert len(questions) < len(returns.wanted) / 2


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"colour": "red"}, "knows no fact “colour”"),
        ({"cause": "weather"}, "cannot be “weather”"),
        ({"photo": "yes"}, "cannot be “yes”"),
        ({"photo": None}, "cannot be unknown"),
        ({"days_recv": -1}, "not below 0"),
        ({"days_recv": "many"}, "is a number"),
        ({"days_recv": True}, "is a number"),
        ({"unit_cost": float("nan")}, "is a number"),
        ({"unit_cost": "1e400"}, "is a number"),
        ({"shipped_on": "2012-02-30"}, "is a date"),
        ({"set_pieces": 0}, "not below 1"),
    ],
)
def test_facts_that_do_not_fit_are_refused_with_a_sentence(returns, facts, sentence):
    with pytest.raises(FactError, match=sentence):
        returns.judge(facts)


def test_parts_of_a_day_are_cut_off(returns):
    facts = {name: returns.policy.facts[name].ordinary for name in returns.wanted}
    for days, outcome in ((3, "accept"), (3.9, "accept"), (Decimal("3.999"), "accept"), (4, "salesperson_resolves")):
        assert returns.judge({**facts, "days_recv": days}).outcome["disposition"] == outcome


def test_a_gap_and_a_contradiction_are_results_and_say_which_rules(small_text):
    gap = Judge(compile_decision(read_policy(small_text.replace("| R4 | P4 | >$week", "| R4 | P4 | >8"))))
    verdict = gap.judge({"days": 8, "kind": "cup", "torn": False, "price": 10})
    assert (verdict.said[0].status, verdict.outcome["doing"], verdict.is_sound) == ("gap", "decide", False)
    quarrel = Judge(compile_decision(read_policy(small_text.replace("| R4 | P4 | >$week", "| R4 | P2 | >6"))))
    verdict = quarrel.judge({"days": 7, "kind": "cup", "torn": False, "price": 10})
    assert verdict.said[0].status == "conflict"
    assert [rule.id for rule in verdict.said[0].rules] == ["R1", "R4"]


def test_the_generated_text_holds_numbers_and_declared_names_only(returns):
    text = returns.program.source
    assert text.isascii()
    quoted = set(text.split("'")[1::2])
    assert quoted == set(returns.program.asked)


def test_bits_are_counted_from_the_lowest():
    assert list(bits(0b10110)) == [1, 2, 4]
