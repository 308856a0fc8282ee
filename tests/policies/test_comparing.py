from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings

from aftersales.policies.engine.cells import Column
from aftersales.policies.engine.compare import compare, what_if
from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy
from tests.policies.conftest import _returns
from tests.policies.test_judging import RETURNS, facts_of

DAY_FOUR = _returns().replace("| free_days | 3 |", "| free_days | 4 |").replace("(3..$", "($free_days..$")
RULED = Judge(compile_decision(read_policy(DAY_FOUR), "return"))
DIFFERENCE = compare(RETURNS.policy, RULED.policy, "return")


def test_a_policy_does_not_differ_from_itself(returns):
    found = compare(returns.policy, returns.policy, "return")
    assert (found.regions, found.is_proved) == ((), True)


def test_ruling_on_day_four_changes_day_four_only():
    assert DIFFERENCE.is_proved
    assert {region.cells["days_recv"] for region in DIFFERENCE.regions} == {"4"}
    told = {(region.before["disposition"], region.after["disposition"]) for region in DIFFERENCE.regions}
    assert ("salesperson_resolves", "accept") in told
    assert ("adjust_account", "accept") in told


def holds(region, facts):
    for name, text in region.cells.items():
        fact = RETURNS.policy.axis_fact(name)
        if not Column(name, fact.kind, fact.values, fact.may_be_unknown, {}, {}).read(text).holds(facts[name]):
            return False
    return True


@settings(max_examples=300, deadline=None)
@given(facts_of(RETURNS))
def test_a_case_is_decided_differently_exactly_when_it_lies_in_a_region(facts):
    before, after = RETURNS.judge(facts), RULED.judge(facts)
    regions = [region for region in DIFFERENCE.regions if holds(region, before.facts)]
    assert bool(regions) == (before.outcome != after.outcome)
    for region in regions:
        assert region.before["disposition"] == before.outcome["disposition"]
        assert region.after["disposition"] == after.outcome["disposition"]


def test_each_region_has_an_example_that_both_versions_can_judge():
    for region in DIFFERENCE.regions:
        example = {name: value for name, value in region.example.items() if name in RETURNS.told}
        facts = {name: RETURNS.policy.facts[name].ordinary for name in RETURNS.wanted} | example
        assert RETURNS.judge(facts).outcome["disposition"] == region.before["disposition"]
        assert RULED.judge(facts).outcome["disposition"] == region.after["disposition"]


def test_past_cases_are_counted_from_outcome_to_outcome_with_what_they_would_have_cost(returns):
    ordinary = {name: returns.policy.facts[name].ordinary for name in returns.wanted}
    cases = [(f"day {day}", {**ordinary, "days_recv": day}) for day in range(8)]
    found = what_if(returns, RULED, [*cases, ("strange", {"colour": "red"})])
    assert (found.total, found.changed, found.unfit) == (8, 1, ["strange"])
    cell = found.matrix["salesperson_resolves", "accept"]
    assert (cell.count, cell.cases, cell.sums["credit"]) == (1, ["day 4"], Decimal(1))
    assert found.matrix["accept", "accept"].count == 4
