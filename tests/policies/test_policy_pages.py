"""The pages of the policies: read, ask, rule, hand in, approve, look back; each for whom it is meant."""

from __future__ import annotations

import pytest
from django.urls import reverse

from aftersales.policies import queries, services
from aftersales.policies.models import Decision, PolicyVersion, Ruling
from aftersales.policies.services import Case
from tests.factories.policies import SHIPPED, TODAY, facts, make_policy
from tests.factories.staff import NOW, actor_of, make_manager, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return {
        "owner": make_manager("沈国平"),
        "approver": make_person("孙海燕", duty="sales_manager", station="HQ"),
        "salesperson": make_person("康静", duty="salesperson", station="NJ"),
        "technician": make_person("周立", duty="technician", station="NJ"),
    }


@pytest.fixture
def policy(people, time_machine):
    time_machine.move_to(NOW, tick=False)
    return make_policy(actor_of(people["owner"]), actor_of(people["approver"]))


def page(name, **where):
    return reverse(f"policies:{name}", kwargs=where)


def rule(browser, *, reason="客户来不及看货", days="4", reading="第四天仍归公司"):
    where = page("rule_question", policy="returns", ambiguity="AMB-01")
    return browser.post(where, {"reading": reading, "reason": reason, "parameter-free_days": days})


def test_a_house_without_policies_is_offered_the_shipped_ones(people, client_as):
    browser = client_as(people["owner"])
    assert "None of these governs" in browser.get(page("policies")).text
    answer = browser.post(page("adopt_shipped"), {"file": SHIPPED})
    assert answer["Location"] == page("version", policy="returns", number=1)
    assert "proved" in browser.get(answer["Location"]).text
    assert browser.post(page("adopt_shipped"), {"file": SHIPPED}).status_code == 409
    assert browser.post(page("adopt_shipped"), {"file": "../secrets"}).status_code == 404
    assert PolicyVersion.objects.count() == 1


def test_a_later_shipped_version_follows_the_one_the_house_has(people, client_as):
    owner, approver = actor_of(people["owner"]), actor_of(people["approver"])
    first, second = (each.file for each in queries.list_shipped(owner) if each.policy == "warranty")
    services.adopt_shipped(owner, file=first, now=NOW)
    browser = client_as(people["owner"])
    assert "has a draft already" in browser.post(page("adopt_shipped"), {"file": second}).text
    services.hand_in(owner, policy="warranty", number=1, note="三包", now=NOW)
    services.approve(approver, policy="warranty", number=1, now=NOW)
    browser.post(page("adopt_shipped"), {"file": second})
    made = PolicyVersion.objects.get(policy="warranty", number=2)
    assert made.based_on.number == 1


def test_the_policy_is_read_clause_by_clause_beside_its_rules(policy, people, client_as):
    shown = client_as(people["technician"]).get(page("policy", policy="returns")).text
    assert 'id="clause-2.A2"' in shown
    assert 'id="rule-G01"' in shown
    found = client_as(people["technician"]).get(page("policy", policy="returns"), {"q": "2.C7"}).text
    assert 'id="clause-2.C7"' in found
    assert 'id="clause-2.A2"' not in found


def test_a_salesperson_answers_only_what_matters_and_keeps_the_decision(policy, people, client_as):
    browser = client_as(people["salesperson"])
    where = page("try_case", policy="returns")
    assert "Which class of goods?" in browser.get(where).text
    told = {"f.stock_class": "regular", "f.cause": "quality"}
    assert "How many days since the customer received them?" in browser.get(where, told).text
    told |= {"f.days_recv": "2", "f.photo": "true", "f.large": "false", "f.transport": "designated"}
    done = browser.get(where, told).text
    assert "return accepted" in done
    assert "2.A2" in done
    query = "&".join(f"{name}={value}" for name, value in told.items())
    sent = {"case": query, "subject": "茶具 8 件套", "amount": "388"}
    answer = browser.post(page("decide", policy="returns"), sent)
    assert answer.status_code == 302
    kept = Decision.objects.get()
    assert (kept.main, kept.amount, kept.subject, kept.scope) == ("accept", 38_800, "茶具 8 件套", "NJ")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("days_recv", "two", "days_recv"),
        ("days_recv", "-1", "days_recv"),
        ("cause", "magic", "cause"),
    ],
)
def test_an_answer_that_does_not_fit_is_asked_for_again(policy, people, client_as, name, value, said):
    where = page("try_case", policy="returns")
    answer = client_as(people["salesperson"]).get(where, {"f.stock_class": "regular", f"f.{name}": value})
    assert answer.status_code == 200
    assert "tone-danger" in answer.text
    assert said in answer.text


def test_half_a_case_is_not_kept(policy, people, client_as):
    sent = {"case": "f.stock_class=regular", "subject": "x"}
    answer = client_as(people["salesperson"]).post(page("decide", policy="returns"), sent)
    assert answer.status_code == 422
    assert "Answer the questions first" in answer.text
    assert Decision.objects.count() == 0


def test_why_not_a_certain_clause_is_told(policy, people, client_as):
    told = {f"f.{name}": str(value).lower() for name, value in facts(days_recv=5).items() if value is not None}
    shown = client_as(people["salesperson"]).get(page("try_case", policy="returns"), told | {"why": "2.A2"}).text
    assert "G01" in shown


def test_what_the_owner_lets_stand_is_shown_with_its_reason(policy, people, client_as):
    shown = client_as(people["owner"]).get(page("version", policy="returns", number=1)).text
    assert "findings let stand" in shown
    assert "目的，只用于解释" in shown


def test_a_ruling_leads_to_what_it_would_have_changed(policy, people, client_as):
    owner = actor_of(people["owner"])
    cases = [Case(facts(days_recv=day), TODAY, f"day {day}", 10_000) for day in (2, 4, 4, 9)]
    services.decide_many(owner, policy="returns", decision="return", cases=cases, now=NOW)
    browser = client_as(people["owner"])
    answer = rule(browser)
    assert answer["Location"] == page("what_if", policy="returns", number=2)
    shown = browser.get(answer["Location"])
    found = shown.context["found"]
    assert (found.total, found.changed) == (4, 2)
    moved = next(move for move in found.moves if not move.is_same)
    assert (moved.before, moved.after, moved.count) == ("salesperson_resolves", "accept", 2)
    assert moved.sums["credit"] == 20_000
    behind = {"decision": "return", "with": 1, "before": moved.before, "after": moved.after}
    assert browser.get(page("moved_cases", policy="returns", number=2), behind).text.count("day 4") == 2
    lines = browser.get(page("compare", policy="returns", number=2)).text
    assert "free_days" in lines


def test_a_ruling_without_a_reason_or_with_nonsense_changes_nothing(policy, people, client_as):
    browser = client_as(people["owner"])
    assert rule(browser, reason="").status_code == 422
    assert rule(browser, days="vier").status_code == 422
    assert (Ruling.objects.count(), PolicyVersion.objects.count()) == (0, 1)


def test_the_same_ruling_sent_twice_is_one_ruling(policy, people, client_as):
    browser = client_as(people["owner"])
    where = page("rule_question", policy="returns", ambiguity="AMB-03")
    for _time in range(2):
        browser.post(
            where, {"reading": "", "reason": "特则优先", "parameter-craft_days": "7"}, once="twice-sent-ruling-0001"
        )
    assert Ruling.objects.count() == 1


def test_the_way_to_approval_through_the_pages(policy, people, client_as):
    owner, approver = client_as(people["owner"]), client_as(people["approver"])
    owner.post(
        page("rule_question", policy="returns", ambiguity="AMB-03"),
        {
            "reading": "",
            "reason": "特则优先",
            "parameter-craft_days": "7",
        },
    )
    where = {"policy": "returns", "number": 2}
    assert owner.post(page("hand_in", **where), {"hand_in-note": ""}).status_code == 422
    owner.post(page("hand_in", **where), {"hand_in-note": "疑义三已裁定"})
    refused = owner.post(page("approve", **where))
    assert refused.status_code == 409
    assert PolicyVersion.objects.get(number=2).state == "reviewed"
    shown = approver.get(page("version", **where)).text
    assert "疑义三已裁定" in shown
    approver.post(page("approve", **where))
    assert PolicyVersion.objects.get(number=2).state == "approved"
    assert queries.version_for("returns", TODAY).number == 2
    assert "Superseded" in owner.get(page("versions", policy="returns")).text


def test_rules_that_no_case_ever_used_are_shown(policy, people, client_as):
    services.decide(actor_of(people["owner"]), policy="returns", decision="return", case=Case(facts(), TODAY), now=NOW)
    shown = client_as(people["owner"]).get(page("coverage", policy="returns", number=1))
    assert shown.context["used"] > 3
    assert shown.context["never"] == shown.context["all"] - shown.context["used"]


def test_a_decision_shows_what_it_was_made_from(policy, people, client_as):
    made = services.decide(
        actor_of(people["owner"]), policy="returns", decision="return", case=Case(facts(), TODAY), now=NOW
    )
    shown = client_as(people["owner"]).get(page("decision", number=made.number)).text
    assert made.digest in shown
    assert "made again just now: the same" in shown


def test_who_may_not_is_refused(policy, people, client_as):
    technician = client_as(people["technician"])
    assert technician.get(page("try_case", policy="returns")).status_code == 403
    assert technician.get(page("decisions")).status_code == 403
    assert technician.get(page("what_if", policy="returns", number=1)).status_code == 403
    assert technician.post(page("begin_draft", policy="returns")).status_code == 403
    assert technician.get(page("policy", policy="nothing")).status_code == 404
    assert rule(technician).status_code == 403


def test_the_list_of_decisions_is_narrowed_and_sorted(policy, people, client_as):
    owner = actor_of(people["owner"])
    cases = [Case(facts(days_recv=day), TODAY, f"goods {day}", 10_000 * (day + 1)) for day in (1, 9)]
    services.decide_many(owner, policy="returns", decision="return", cases=cases, now=NOW)
    browser = client_as(people["owner"])
    shown = [row.decision.subject for row in browser.get(page("decisions"), {"sort": "-amount"}).context["rows"]]
    assert shown == ["goods 9", "goods 1"]
    found = browser.get(page("decisions"), {"clause": "2.A3"}).context["rows"]
    assert [row.decision.subject for row in found] == ["goods 9"]
    assert queries.list_decisions(owner, policy="other").count() == 0


def test_a_case_of_another_day_is_tried_by_the_version_of_that_day(policy, people, client_as):
    owner, approver = actor_of(people["owner"]), actor_of(people["approver"])
    services.rule_question(
        owner, policy="returns", ambiguity="AMB-03", reading="", reason="特则优先", now=NOW, today=TODAY
    )
    services.hand_in(owner, policy="returns", number=2, note="照旧", now=NOW)
    services.approve(approver, policy="returns", number=2, now=NOW)
    browser = client_as(people["salesperson"])
    where = page("try_case", policy="returns")
    assert browser.get(where).context["head"].version.number == 2
    assert browser.get(where, {"on": "2020-05-01"}).context["head"].version.number == 1
    assert browser.get(where, {"on": "1999-01-01"}).status_code == 409
    assert browser.get(where, {"on": "yesterday"}).context["head"].version.number == 2


def test_a_draft_can_be_tried_but_its_decision_is_not_kept(policy, people, client_as):
    services.begin_draft(actor_of(people["owner"]), policy="returns", now=NOW, today=TODAY)
    browser = client_as(people["salesperson"])
    told = {f"f.{name}": str(value).lower() for name, value in facts().items() if value is not None}
    shown = browser.get(page("try_case", policy="returns"), told | {"version": "2"}).text
    assert "nothing can be kept" in shown
    query = "&".join(f"{name}={value}" for name, value in (told | {"version": "2"}).items())
    assert browser.post(page("decide", policy="returns"), {"case": query}).status_code == 422
    assert Decision.objects.count() == 0
