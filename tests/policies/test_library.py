"""The shipped policies: sound, said in three languages, held to their own cases, and no slip of the pen goes unnoticed."""

from __future__ import annotations

from functools import cache

import pytest

from aftersales.policies.engine.analyse import SERIOUS, analyse
from aftersales.policies.engine.document import read_document, written
from aftersales.policies.engine.versions import lines_of
from tests.policies.mutations import NAMES, Shipped

LANGUAGES = ("zh-Hans", "zh-Hant", "en")


@cache
def shipped(name):
    return Shipped(name)


CASES = [(name, case) for name in NAMES for case in shipped(name).cases]
every = pytest.mark.parametrize("name", NAMES)


@every
def test_a_shipped_policy_is_proved_to_have_no_gap_no_contradiction_and_no_rule_that_is_not_needed(name):
    reports = analyse(shipped(name).policy)
    assert all(report.is_proved for report in reports)
    assert [finding for report in reports for finding in report.of(*SERIOUS, "redundant")] == []


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
    assert {"returns", "warranty"} <= set(lines)
