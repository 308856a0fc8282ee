from __future__ import annotations

import pytest

from aftersales.policies.engine.explain import Teller, nearest, why_not


def case(judge, **facts):
    ordinary = {name: judge.policy.facts[name].ordinary for name in judge.wanted}
    return judge.judge({**ordinary, **facts})


@pytest.fixture
def craft_on_day_five(returns):
    return case(returns, kind="craft", days_recv=5)


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "zh-Hans",
            [
                "处理：予以退货；冲账比例：100%；运费承担：公司",
                "2.A3 四天以上由销售解决 也符合，但 2.A4a 优先。",
                "默认解释 AMB-03",
                "若收货后天数为8 天：由销售自行解决。",
            ],
        ),
        ("zh-Hant", ["處理：予以退貨；沖賬比例：100%", "也符合，但 2.A4a 優先", "預設解釋 AMB-03", "由銷售自行解決"]),
        (
            "en",
            [
                "disposition: return accepted; credit rate: 100%; freight paid by: the company",
                "2.A3 salesperson resolves after four days also matched, but 2.A4a comes first.",
                "relies on the default reading of AMB-03",
                "Had “days since receipt” been 8 days: salesperson resolves.",
            ],
        ),
    ],
)
def test_a_decision_is_explained_in_each_language(returns, craft_on_day_five, language, sentences):
    told = " ".join(Teller(returns.policy, language).sentences(returns, craft_on_day_five))
    for sentence in sentences:
        assert sentence in told


def test_no_sentence_is_said_twice(returns, craft_on_day_five):
    told = list(Teller(returns.policy, "en").sentences(returns, craft_on_day_five))
    assert len(told) == len(set(told))


def test_what_would_change_it_really_does(returns, craft_on_day_five):
    changes = nearest(returns, craft_on_day_five, most=50)
    assert {change.fact for change in changes} >= {"cause", "days_recv", "photo"}
    told = {name: value for name, value in craft_on_day_five.facts.items() if name in returns.told}
    for change in changes:
        other = returns.judge({**told, change.fact: change.value})
        assert other.outcome == change.outcome
        assert other.outcome["disposition"] != "accept"


def test_why_a_clause_did_not_decide(returns, craft_on_day_five):
    beaten = next(each for each in why_not(craft_on_day_five, "2.A3") if each.rule.id == "G08")
    assert (beaten.failed, beaten.beaten_by) == ((), ("G03",))
    failed = next(each for each in why_not(craft_on_day_five, "2.A1") if each.rule.id == "G10")
    assert failed.failed == ("cause", "at_carrier", "condition")
    told = list(Teller(returns.policy, "en").missed(craft_on_day_five, "2.A1"))
    assert told[0] == (
        "2.A1 (rule G10) does not apply: cause must be transport damage, "
        "found at the carrier's depot must be yes, condition must be damaged."
    )


def test_missing_facts_are_asked_for_in_the_words_of_the_policy(returns):
    verdict = returns.judge({"stock_class": "not_ours", "cause": "no_reason"})
    told = list(Teller(returns.policy, "zh-Hans").sentences(returns, verdict))
    assert told == ["还要知道：货已经到我们仓库了吗？（目前可能有 2 种结果）"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("days_recv", 5, "5 days"), ("photo", True, "yes"), ("unit_cost", 80, "80 yuan"), ("pm_sign", None, "unknown")],
)
def test_a_value_is_told_as_people_say_it(returns, name, value, words):
    assert Teller(returns.policy, "en").value(name, value) == words


def test_what_only_leads_to_another_question_is_not_told_as_a_change(returns):
    part = returns.judge({"stock_class": "not_ours", "cause": "no_reason", "arrived": False})
    assert part.said
    changes = nearest(returns, part, most=50)
    assert [change.fact for change in changes] == ["arrived"]
    assert all(change.outcome["disposition"] for change in changes)
