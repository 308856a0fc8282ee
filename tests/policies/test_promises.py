"""What a policy promises beyond having no gap: what must never be, what may only move one way, and what its owner lets stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from aftersales.policies.engine.analyse import analyse
from aftersales.policies.engine.errors import PolicyError
from aftersales.policies.engine.explain import Teller
from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy
from tests.policies.conftest import SMALL, _returns
from tests.policies.test_judging import RETURNS, facts_of

NEVER = """
## wrong must not be hit: collect -> never
| id | doing | kind | fee || never | cite | remark |
|---|---|---|---|---|---|---|
| N1 | take | book | - || never | 1 | |
| N2 | refuse | - | >0 || never | 2 | |
"""
PLAIN_FEE = SMALL.replace("|| 10% * price | 1 |", "|| 5 | 1 |")


def found(text, *kinds):
    reports = analyse(read_policy(text))
    return [finding for report in reports for finding in report.of(*kinds)]


def refused(text):
    with pytest.raises(PolicyError) as error:
        read_policy(text)
    return [str(problem) for problem in error.value.problems]


# What must never be


def test_a_row_of_what_must_never_be_is_found_when_some_case_leads_to_it():
    (finding,) = found(PLAIN_FEE + NEVER, "never")
    assert (finding.table, finding.rules) == ("wrong", ("N1",))
    verdict = Judge(compile_decision(read_policy(PLAIN_FEE))).judge({**finding.example, "price": 1})
    assert (verdict.outcome["doing"], finding.example["kind"]) == ("take", "book")


def test_such_a_region_can_be_said_by_whoever_has_only_the_deciding_tables():
    policy = read_policy(PLAIN_FEE + NEVER)
    (finding,) = [each for report in analyse(policy) for each in report.of("never")]
    told = Teller(policy, "en").region(Judge(compile_decision(policy)), finding.region)
    assert "kind: book" in told
    assert "days: [0..7]" in told


def test_rows_of_what_must_never_be_decide_nothing_and_ask_for_nothing():
    policy = read_policy(PLAIN_FEE + NEVER)
    judge = Judge(compile_decision(policy))
    assert [table.key for table in policy.decisions["main"].tables] == ["doing", "fee"]
    assert judge.judge({"days": 1, "kind": "book", "torn": False}).outcome == {"doing": "take", "fee": 5}
    assert not found(PLAIN_FEE + NEVER, "dead")


def test_a_number_that_a_table_says_may_be_asked_for_by_the_next_one():
    text = PLAIN_FEE + NEVER.replace("| N2 | refuse | - | >0 |", "| N2 | take | - | >=5 |")
    assert {finding.rules for finding in found(text, "never")} == {("N1",), ("N2",)}
    text = PLAIN_FEE + NEVER.replace("| N2 | refuse | - | >0 |", "| N2 | take | - | >5 |")
    assert {finding.rules for finding in found(text, "never")} == {("N1",)}


def test_a_sum_cannot_be_asked_for():
    assert any("“fee” is a sum" in told for told in refused(SMALL + NEVER))


def test_the_returns_policy_promises_five_things_and_keeps_them():
    policy = read_policy(_returns())
    (table,) = policy.decisions["return"].invariants
    assert len(table.rules) == 5
    assert not found(_returns(), "never")
    broken = _returns().replace(
        "| K1 | P1 | @returned | ours, refuse | - | - || 1 |", "| K1 | P1 | @returned | ours, refuse | - | - || 0.9 |"
    )
    assert ("NV1",) in {finding.rules for finding in found(broken, "never")}
    free = _returns().replace("| F07 | P1 |", "| F07 | P6 |")
    assert ("NV5",) in {finding.rules for finding in found(free, "never")}


# What may only move one way

TREND = """
# trends
| decision | outcome | fact | never | cite |
|---|---|---|---|---|
| main | fee | days | {} | 1 |
"""


def test_an_outcome_that_moves_the_wrong_way_is_found_with_the_cases():
    assert not found(PLAIN_FEE + TREND.format("rises"), "trend")
    findings = found(PLAIN_FEE + TREND.format("falls"), "trend")
    assert findings
    judge = Judge(compile_decision(read_policy(PLAIN_FEE)))
    for finding in findings:
        fees = [judge.judge({**finding.example, "days": days}).outcome["fee"] for days in (7, 8)]
        assert fees == [5, 0]
        assert finding.clauses == ("1",)


def test_of_an_outcome_that_is_a_sum_nothing_is_called_proved():
    (report,) = analyse(read_policy(SMALL + TREND.format("rises")))
    assert not report.is_proved
    (report,) = analyse(read_policy(PLAIN_FEE + TREND.format("rises")))
    assert report.is_proved


def test_what_no_rule_asks_for_moves_nothing():
    text = PLAIN_FEE + TREND.format("falls").replace("| days |", "| price |")
    (report,) = analyse(read_policy(text))
    assert (report.of("trend"), report.is_proved) == ((), True)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("| fee |", "| doing |", "“doing” is no number"),
        ("| main |", "| other |", "of “other”"),
        ("| days |", "| kind |", "“kind” is no fact that grows"),
        ("| rises |", "| sinks |", "“sinks” will not do"),
        ("| 1 |\n", "| 9 |\n", "no clause “9”"),
    ],
)
def test_a_trend_that_cannot_be_looked_at_is_refused(before, after, sentence):
    assert any(sentence in told for told in refused(PLAIN_FEE + TREND.format("rises").replace(before, after)))


def test_the_credit_of_a_return_never_rises_with_the_days_but_for_what_the_owner_lets_stand():
    report = analyse(RETURNS.policy)[0]
    assert report.of("trend") == ()
    accepted = [finding for finding in report.accepted if finding.kind == "trend"]
    assert accepted
    for finding in accepted:
        rates = [RETURNS.judge(whole(finding.example, days)).outcome["credit"] for days in (90, 91)]
        assert rates[0] < rates[1], finding.example


def whole(example, days):
    return {name: RETURNS.policy.facts[name].ordinary for name in RETURNS.wanted} | told(example) | {"days_out": days}


def told(example):
    return {name: value for name, value in example.items() if name in RETURNS.told}


@settings(max_examples=150, deadline=None)
@given(facts_of(RETURNS))
def test_a_case_whose_credit_rises_with_the_days_lies_in_a_region_that_was_found(facts):
    regions = [finding.region for finding in analyse_once() if finding.kind == "trend"]
    axis = RETURNS.program.axes["days_out"]
    for code in range(len(axis) - 1):
        pair = [RETURNS.judge({**facts, "days_out": int(axis.samples[each])}) for each in (code, code + 1)]
        before, after = (verdict.outcome["credit"] for verdict in pair)
        rises = before is not None and after is not None and after > before
        inside = any(lies_in(region, pair[0].facts, 3 << code) for region in regions)
        assert rises == inside


def lies_in(region, facts, days):
    for name, codes in region.sides.items():
        if name == "days_out":
            if codes & days != days:
                return False
        elif not codes >> RETURNS.program.axes[name].code_of(facts[name]) & 1:
            return False
    return True


REPORT = analyse(RETURNS.policy)[0]


def analyse_once():
    return (*REPORT.findings, *REPORT.accepted)


# What an attentive reader notes


def test_numbers_that_are_left_out_are_named():
    assert [
        finding.clauses
        for finding in found(SMALL.replace("## 3 Later", "## 5 Later").replace("| 3 |", "| 5 |"), "numbering")
    ] == [("3", "4")]
    assert not found(SMALL, "numbering")


def test_a_number_of_pieces_over_an_amount_of_money_is_noted():
    text = SMALL.replace("| price | number | >=0 | 10 |", "| price | number | >=0 | 10 |\n| pieces | count | >=0 | 1 |")
    text = text.replace(
        "| fact | type | values | ordinary |\n|---|---|---|---|",
        "| fact | type | values | ordinary | unit |\n|---|---|---|---|---|",
    )
    for name, unit in (("days", "day"), ("kind", ""), ("torn", ""), ("price", "yuan"), ("pieces", "piece")):
        text = "\n".join(
            f"{line} {unit} |"
            if line.startswith(f"| {name} | ") and "||" not in line and line.count("|") == 5
            else line
            for line in text.split("\n")
        )
    derived = "\n# derived\n| fact | type | formula | unit |\n|---|---|---|---|\n| rate | number? | pieces / price | share |\n"
    (finding,) = found(text.replace("\n# outcomes", derived + "\n# outcomes"), "units")
    assert (finding.rules, finding.clauses) == (("rate",), ("piece / yuan",))
    assert not found(
        text.replace("\n# outcomes", derived.replace("pieces / price", "price / price") + "\n# outcomes"), "units"
    )
    wrong = text.replace("| week | 7 | day |", "| week | 7 | month |")
    assert [(each.rules, each.clauses) for each in found(wrong, "units")] == [
        (("R1",), ("day : month",)),
        (("R4",), ("day : month",)),
    ]
    both = text.replace("|| 10% * price | 1 |", "|| 10% * price + pieces | 1 |")
    assert [(each.rules, each.clauses) for each in found(both, "units")] == [(("F1",), ("yuan + piece",))]


def test_the_return_rate_of_the_text_read_to_the_letter_divides_pieces_by_money():
    text = _returns().replace("| returned_amount | number | >=0 | yuan |", "| returned_amount | number | >=0 | piece |")
    noted = {(each.rules, each.clauses) for each in found(text, "units")}
    assert (("gross_rate",), ("piece / yuan",)) in noted
    assert not found(_returns(), "units")


# What the owner lets stand

GAPPY = SMALL.replace("| R4 | P4 | >$week | - | - || decide | | 3 | |\n", "")


def accept(text, *rows):
    head = "\n# accepted\n| kind | table | about | reason |\n|---|---|---|---|\n"
    return text + head + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def test_a_gap_with_a_reason_stands_apart_and_still_goes_to_a_person():
    before = found(GAPPY, "gap")
    text = accept(GAPPY, ("gap", "doing", "days: >7", "the shop is shut by then"))
    (report,) = analyse(read_policy(text))
    assert before
    assert report.of("gap") == ()
    assert {finding.reason for finding in report.accepted} == {"the shop is shut by then"}
    verdict = Judge(compile_decision(read_policy(text))).judge({"days": 9, "kind": "cup", "torn": False, "price": 1})
    assert (verdict.said[0].status, verdict.outcome["doing"]) == ("gap", "decide")


def test_of_a_gap_that_is_accepted_in_part_the_rest_is_still_told():
    text = accept(GAPPY, ("gap", "doing", "days: [8..10]", "closed for inventory"))
    policy = read_policy(text)
    (report,) = analyse(policy)
    judge = Judge(compile_decision(policy))
    left = [Teller(policy, "en").region(judge, finding.region) for finding in report.of("gap")]
    apart = [Teller(policy, "en").region(judge, finding.region) for finding in report.accepted]
    assert left
    assert all("days: >=11" in each for each in left)
    assert all("days: [8..10]" in each for each in apart)
    assert all(finding.example["days"] == 11 for finding in report.of("gap"))
    assert all(finding.example["days"] == 8 for finding in report.accepted)


def test_what_is_accepted_for_one_table_or_kind_says_nothing_of_another():
    text = accept(GAPPY, ("gap", "fee", "days: >7", "why"), ("conflict", "doing", "days: >7", "why"))
    (report,) = analyse(read_policy(text))
    assert report.of("gap")
    assert len(report.of("needless")) == 2


def test_notes_are_accepted_by_the_names_they_are_about():
    loose = SMALL.replace("## 3 Later", "## 4 Purpose\nWhy.\n\n## 5 Duty\nWho.\n\n## 3 Later")
    assert {each.clauses for each in found(loose, "no_rule")} == {("4",), ("5",)}
    text = accept(loose, ("no_rule", "-", "4", "a purpose"), ("no_rule", "-", "9", "not there"))
    assert {each.clauses for each in found(text, "no_rule")} == {("5",)}
    assert [each.rules for each in found(text, "needless")] == [("9",)]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("gap", "doing", "days: >7", ""), "only with a reason"),
        (("gap", "doing", "days: >7", "-"), "only with a reason"),
        (("hole", "doing", "days: >7", "why"), "“hole” is nothing that may be accepted"),
        (("gap", "doing", "colour: red", "why"), "no fact “colour”"),
        (("gap", "doing", "days: soon", "why"), "“soon” is no number"),
    ],
)
def test_what_cannot_be_accepted_is_refused_with_a_sentence(row, sentence):
    assert any(sentence in told for told in refused(accept(GAPPY, row)))


def test_an_acceptance_cuts_the_days_but_decides_nothing():
    text = accept(SMALL, ("gap", "doing", "days: [8..10]", "why"))
    judge, plain = (Judge(compile_decision(read_policy(each))) for each in (text, SMALL))
    for days in range(13):
        facts = {"days": days, "kind": "cup", "torn": False, "price": 1}
        assert judge.judge(facts).outcome == plain.judge(facts).outcome
    assert len(judge.program.axes["days"]) > len(plain.program.axes["days"])
