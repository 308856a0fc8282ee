"""Another engine decides as ours does, given what we write for other tools."""

from __future__ import annotations

from decimal import Decimal

import pytest
import zen
from hypothesis import given, settings, strategies as some

from aftersales.policies.engine.dmn import to_dmn
from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy
from benchmarks.zen import to_zen
from tests.policies.conftest import _returns
from tests.policies.made_up import FACTS, policies
from tests.policies.test_batch import some_cases
from tests.policies.test_dmn import exported


def plain(value):
    """As JSON has it: numbers are not exact there, and what is nothing may be missing."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items() if each is not None and name != "cite"}
    return float(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def said_by_zen(decision, judge, verdict):
    """What the other engine says, put as ours puts it."""
    result = decision.evaluate({name: plain(value) for name, value in verdict.facts.items()})["result"]
    found = {}
    for table in judge.program.decision.tables:
        if table.hit == "layered":
            found |= {name: result.get(name) for name in table.outputs}
            continue
        rows = [plain(row) for row in result.get(f"list_{table.key}") or []]
        rows = [row[table.outputs[0]] for row in rows] if len(table.outputs) == 1 else rows
        found[table.key] = [row for at, row in enumerate(rows) if row not in rows[:at]]
    return {name: plain(found.get(name)) for name in verdict.gives}


@pytest.fixture(scope="module")
def shipped():
    return zen.ZenEngine().create_decision(to_zen(to_dmn(_returns()), "return"))


def test_the_shipped_policy_is_decided_alike_by_another_engine(shipped, returns):
    dispositions = set()
    for facts in some_cases(returns, 1500):
        verdict = returns.judge(facts)
        dispositions.add(verdict.outcome["disposition"])
        assert said_by_zen(shipped, returns, verdict) == plain({**verdict.outcome}) | {
            name: None for name, value in verdict.outcome.items() if value is None
        }
    assert len(dispositions) > 8


@settings(max_examples=100, deadline=None)
@given(policies(), some.lists(FACTS, min_size=3, max_size=8))
def test_any_policy_is_decided_alike_by_another_engine(text, cases):
    dmn = exported(text.replace("max(twice, 5) - 1", "twice - 1"))  # the other engine takes the greatest of a list only
    if dmn is None:
        return
    judge = Judge(compile_decision(read_policy(text.replace("max(twice, 5) - 1", "twice - 1"))))
    decision = zen.ZenEngine().create_decision(to_zen(dmn, "main"))
    for facts in cases:
        verdict = judge.judge(facts)
        ours = {"way": verdict.outcome["way"], "notes": verdict.outcome["notes"]}
        theirs = said_by_zen(decision, judge, verdict)
        assert {name: theirs[name] for name in ours} == ours
        if verdict.outcome["sum"] is not None:
            assert theirs["sum"] == pytest.approx(float(verdict.outcome["sum"]))
