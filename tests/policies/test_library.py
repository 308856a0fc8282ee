"""The shipped policies: sound, said in three languages, held to their own cases, and no slip of the pen goes unnoticed."""

from __future__ import annotations

from functools import cache

import pytest

from aftersales.policies.engine.analyse import analyse
from aftersales.policies.engine.document import read_document, written
from aftersales.policies.engine.errors import PolicyError
from aftersales.policies.engine.formulas import Formula
from aftersales.policies.engine.read import read_policy
from aftersales.policies.engine.versions import lines_of
from tests.policies.mutations import NAMES, Shipped

LANGUAGES = ("zh-Hans", "zh-Hant", "en")


@cache
def shipped(name):
    return Shipped(name)


CASES = [(name, case) for name in NAMES for case in shipped(name).cases]
every = pytest.mark.parametrize("name", NAMES)


@every
def test_a_shipped_policy_is_proved_to_have_no_gap_no_contradiction_and_nothing_left_to_note(name):
    reports = analyse(shipped(name).policy)
    assert all(report.is_proved for report in reports)
    assert [finding for report in reports for finding in report.findings] == []


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name} {case['id']}" for name, case in CASES])
def test_a_case_is_decided_as_the_clauses_say(name, case):
    assert shipped(name).told(case) == case["expected"]


@every
def test_every_rule_decides_some_case(name):
    it = shipped(name)
    used = {rule.id for case in it.cases for rule in it.judges[case["type"]].judge(it.facts(case)).rules}
    known = {rule.id for each in it.policy.decisions.values() for table in each.tables for rule in table.rules}
    assert known - used == set()


@every
def test_every_name_is_told_in_three_languages(name):
    policy = shipped(name).policy
    wanted = [f"{fact.id}.{value}" for fact in policy.facts.values() for value in fact.values]
    wanted += [f"decision.{key}" for key in policy.decisions]
    wanted += [f"table.{table.key}" for decision in policy.decisions.values() for table in decision.tables]
    wanted += [f"clause.{key}" for key in policy.clauses]
    wanted += [*policy.facts, *policy.outcomes, *policy.ambiguities]
    wanted += [f"ask.{fact}" for judge in shipped(name).judges.values() for fact in judge.wanted]
    for each in wanted:
        assert all(policy.labels.get(each, {}).get(language) for language in LANGUAGES), each
    for each, value in ((fact.id, value) for fact in policy.outcomes.values() for value in fact.values):
        label = policy.labels.get(f"{each}.{value}") or policy.labels.get(value) or {}
        assert all(label.get(language) for language in LANGUAGES) or each == "version", (each, value)


@every
def test_each_ambiguity_says_problem_reading_and_question_in_three_languages(name):
    for each in shipped(name).policy.ambiguities.values():
        told = [each.within(language) for language in LANGUAGES]
        for part in ("problem", "reading", "question"):
            texts = [getattr(it, part) for it in told]
            assert all(len(text.strip("–- ")) > 1 for text in texts), each.id
            assert not any("\u4e00" <= sign <= "\u9fff" for sign in texts[2]), each.id
        assert told[0].question.endswith(("？", "。")), each.id
        assert told[2].question.endswith(("?", ".")), each.id


@every
def test_a_shipped_policy_is_kept_in_the_one_form_in_which_it_is_hashed(name):
    assert written(read_document(shipped(name).text)) == shipped(name).text


@every
def test_no_row_can_be_lost_and_no_boundary_shifted_without_being_noticed(name):
    it = shipped(name)
    tried = list(it.slips())
    assert len(tried) > 20
    assert [slip for slip, text in tried if not it.notices(text)] == []


def test_the_versions_of_all_shipped_policies_fit_together():
    lines = lines_of(shipped(name).policy for name in NAMES)
    assert set(lines) == {"returns", "warranty", "deadlines", "penalties", "monthly_limits"}


# Each rule has one home; the others refer to it

RETURNS = shipped("returns_2012-03-20")
PENALTIES = shipped("penalties_2012-03-20")
DEADLINES = shipped("deadlines_2012-03-20")


def test_a_number_of_the_returns_policy_that_is_repeated_elsewhere_cannot_drift_away():
    other = read_policy(RETURNS.text.replace("| settle_days | 5 |", "| settle_days | 6 |"))
    with pytest.raises(PolicyError, match=r"“settle_days” of “deadlines” is 5, but returns\.settle_days is 6"):
        lines_of([other, DEADLINES.policy])


def rows(policy, *, of=lambda _key: True):
    for key, decision in policy.decisions.items():
        for table in decision.tables:
            yield from ((key, table, rule) for rule in table.rules if of(table.key))


def test_a_penalty_of_the_returns_policy_is_found_where_the_penalties_policy_sends_one():
    for _key, _table, rule in rows(PENALTIES.policy, of=lambda key: key == "range_in"):
        home = str(rule.outputs["range_in"])
        amounts = [
            each.outputs
            for key, _table, each in rows(RETURNS.policy, of=lambda key: key == "penalties")
            if f"returns_{key}" == home and set(rule.cites) & set(each.cites)
        ]
        assert bool(amounts) == (home != "nowhere"), rule.id
        assert all(amount["min"] and amount["max"] for amount in amounts)


def test_the_penalties_policy_never_says_nor_works_out_an_amount():
    outputs = [rule.outputs for _key, _table, rule in rows(PENALTIES.policy, of=lambda key: key == "penalties")]
    assert outputs
    assert all(each["min"] is None and each["max"] is None for each in outputs)
    amounts = [
        value
        for _key, table, rule in rows(RETURNS.policy, of=lambda key: key == "penalties")
        for value in (rule.outputs["min"], rule.outputs["max"])
    ]
    assert not any(isinstance(value, Formula) for value in amounts)


def test_each_deadline_that_a_return_starts_is_described_by_the_deadlines_policy():
    named = {rule.outputs["deadline"] for _key, _table, rule in rows(RETURNS.policy, of=lambda key: key == "deadlines")}
    described = {
        rule.outputs["what"] for _key, _table, rule in rows(DEADLINES.policy, of=lambda key: key == "deadlines")
    }
    assert named <= described


def test_every_policy_cites_the_same_clause_under_the_same_title():
    titles = {}
    for name in NAMES:
        for clause in shipped(name).policy.clauses.values():
            if not clause.id[0].isalpha() or clause.id.startswith("D"):
                assert titles.setdefault(clause.id, clause.title) == clause.title, (name, clause.id)
