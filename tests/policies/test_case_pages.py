"""The test cases of a draft: red ones told with what differs, one added, outcomes accepted, some taken out."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from aftersales.core.errors import Conflict, Invalid, Missing, NotPermitted, Refused
from aftersales.policies import queries, services
from aftersales.policies.models import PolicyVersion
from aftersales.policies.rules import cases
from aftersales.policies.rules.cases import NewCase
from tests.factories.policies import SHIPPED, make_approver, make_owner, make_policy
from tests.factories.staff import actor_of, make_manager, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_owner()


@pytest.fixture
def draft(owner, now):
    """The shipped returns policy, in which day four was made ours: some of its test cases are red."""
    made = services.adopt_shipped(owner, file=SHIPPED, now=now)
    text = made.text.replace("| free_days | 3 |", "| free_days | 4 |")
    return services.edit_draft(owner, policy="returns", number=1, version=1, changes={"text": text}, now=now)


@pytest.fixture
def seen(client, draft):
    client.force_login(make_manager("林经理"))
    return client


def standing():
    return PolicyVersion.objects.get(policy="returns", number=1)


def red_ids():
    return [result.case.id for result in queries.examine(standing()).red]


def url(name):
    return reverse(f"policies:{name}", args=["returns", 1])


def key(letter):
    return {"_once": letter * 24}


def test_a_case_is_kept_with_exact_numbers_and_the_others_stay_as_they_were(owner, draft, now):
    facts = queries.facts_from(
        draft, "return", {"days_recv": "9.5", "cause": "no_reason", "pm_sign": "unknown", "film": ""}
    )
    assert facts["pm_sign"] is None
    assert "film" not in facts
    expected = queries.expected_from(draft, "return", {"disposition": "accept", "credit": "0.80", "approvals": "[]"})
    case = NewCase("no-reason-day-9", "return", facts, expected)
    services.add_case(owner, policy="returns", number=1, case=case, now=now)
    lines = standing().cases.splitlines()
    assert lines[:-1] == draft.cases.splitlines()
    assert '"days_recv": 9.5' in lines[-1]
    assert '"credit": 0.8,' in lines[-1]
    assert json.loads(lines[-1])["expected"] == {"disposition": "accept", "credit": 0.8, "approvals": []}


def test_a_case_that_is_there_already_or_does_not_fit_is_refused(owner, draft, now):
    def add(**changes):
        made = {"id": "new", "decision": "return", "facts": {}, "expected": {"disposition": "accept"}} | changes
        services.add_case(owner, policy="returns", number=1, case=NewCase(**made), now=now)

    for changes in (
        {"id": "quality-day-0"}, {"id": "two words"}, {"id": ""}, {"expected": {}}, {"facts": {"colour": "red"}},
        {"facts": {"days_recv": -1}}, {"decision": "nothing"},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            add(**changes)
    for typed in ({"disposition": "accpt"}, {"credit": "much"}, {"approvals": "sales_manager"}, {"counts": "maybe"}):
        with pytest.raises(Invalid):
            queries.expected_from(draft, "return", typed)
    assert standing().cases == draft.cases


def test_the_outcome_of_some_red_cases_is_accepted_and_the_others_stay_red(owner, draft, now):
    red = red_ids()
    assert len(red) > 3
    before = {json.loads(line)["id"]: line for line in draft.cases.splitlines()}
    services.accept_outcomes(owner, policy="returns", number=1, version=draft.version, ids=red[:2], now=now)
    assert red_ids() == red[2:]
    after = {json.loads(line)["id"]: line for line in standing().cases.splitlines()}
    assert [name for name in before if before[name] != after[name]] == [name for name in before if name in red[:2]]
    assert list(before) == list(after)


def test_what_was_changed_since_it_was_seen_is_not_accepted(owner, draft, now):
    with pytest.raises(Conflict):
        services.accept_outcomes(owner, policy="returns", number=1, version=draft.version - 1, ids=red_ids(), now=now)
    with pytest.raises(Invalid, match="Tick"):
        services.accept_outcomes(owner, policy="returns", number=1, version=draft.version, ids=[], now=now)
    with pytest.raises(Missing, match="nobody"):
        services.accept_outcomes(owner, policy="returns", number=1, version=draft.version, ids=["nobody"], now=now)
    assert standing().cases == draft.cases


def test_a_case_that_cannot_be_judged_has_no_outcome_to_accept(owner, draft, now):
    torn = (
        draft.cases
        + cases.as_line({"id": "torn", "type": "return", "facts": {"days_recv": "x"}, "expected": {}})
        + "\n"
    )
    services.edit_draft(owner, policy="returns", number=1, version=draft.version, changes={"cases": torn}, now=now)
    with pytest.raises(Invalid, match="torn"):
        services.accept_outcomes(owner, policy="returns", number=1, version=draft.version + 1, ids=["torn"], now=now)
    assert standing().cases == torn


def test_cases_are_taken_out(owner, draft, now):
    services.remove_cases(owner, policy="returns", number=1, ids=["quality-day-0", "quality-day-3"], now=now)
    assert len(standing().cases.splitlines()) == len(draft.cases.splitlines()) - 2
    with pytest.raises(Missing, match="quality-day-0"):
        services.remove_cases(owner, policy="returns", number=1, ids=["quality-day-0"], now=now)


def test_only_a_draft_and_only_by_whom_may_edit(owner, draft, now):
    clerk = actor_of(make_person("李兰", duty="returns_clerk", station="NJ"))
    with pytest.raises(NotPermitted):
        services.remove_cases(clerk, policy="returns", number=1, ids=["quality-day-0"], now=now)
    assert standing().cases == draft.cases


def test_an_approved_version_keeps_its_test_cases(owner, now):
    policy = make_policy(owner, make_approver())
    for act in (
        lambda: services.remove_cases(owner, policy="returns", number=1, ids=["quality-day-0"], now=now),
        lambda: services.accept_outcomes(
            owner, policy="returns", number=1, version=policy.version, ids=["quality-day-0"], now=now
        ),
        lambda: services.add_case(
            owner, policy="returns", number=1, case=NewCase("new", "return", {}, {"disposition": "accept"}), now=now
        ),
    ):
        with pytest.raises(Refused, match="no draft"):
            act()
    assert standing().cases == policy.cases


# Pages


def test_red_cases_stand_first_with_what_differs(seen):
    body = seen.get(url("test_rows")).content.decode()
    first = body.split("<tbody>")[1].split("</tr>")[0]
    assert "<del>" in first
    only = seen.get(url("test_rows"), {"red": "on"}).content.decode()
    assert only.count('name="id"') == len(red_ids())
    found = seen.get(url("test_rows"), {"q": "craft-day-4"}).content.decode()
    assert found.count('name="id"') == 1
    assert "days since receipt: 4 days" in found
    age = seen.get(url("test_rows"), {"decision": "age_band"}).content.decode()
    assert 0 < age.count('name="id"') < 50


def test_why_a_case_comes_out_so_is_told_on_demand(seen):
    part = seen.get(url("test_rows"), {"explain": "quality-day-0"}, headers={"HX-Request": "true"}).content.decode()
    assert "2.A2" in part
    assert "<html" not in part
    whole = seen.get(url("test_rows"), {"explain": "quality-day-0", "q": "quality-day-0"}).content.decode()
    assert "2.A2 quality within three days" in whole
    assert seen.get(url("test_rows"), {"explain": "nobody"}, headers={"HX-Request": "true"}).status_code == 404


def test_all_red_ones_shown_are_accepted_at_once(seen, draft):
    red = red_ids()
    sent = {"version": draft.version, "all": "1", "shown": red, **key("a")}
    assert seen.post(url("accept_outcomes"), sent).status_code == 302
    assert red_ids() == []
    late = seen.post(url("accept_outcomes"), {"version": draft.version, "id": ["quality-day-0"], **key("b")})
    assert late.status_code == 409


def test_a_case_is_typed_and_kept_with_what_comes_of_it(seen, draft):
    page = seen.get(url("add_case")).content.decode()
    assert 'name="fact-days_recv"' in page
    tried = {"decision": "return", "fact-days_recv": "200", "fact-cause": "no_reason"}
    part = seen.post(url("try_new_case"), tried, headers={"HX-Request": "true"}).content.decode()
    assert 'name="expect-disposition"' in part
    assert "<html" not in part
    wrong = seen.post(url("try_new_case"), tried | {"fact-days_recv": "long"}, headers={"HX-Request": "true"})
    assert "“long”" in wrong.content.decode()
    assert standing().cases == draft.cases
    sent = tried | {
        "id": "late-wish",
        "expect-disposition": "reject",
        "with-disposition": "1",
        "expect-credit": "1",
        **key("c"),
    }
    assert seen.post(url("add_case"), sent).status_code == 302
    kept = json.loads(standing().cases.splitlines()[-1])
    assert kept == {
        "id": "late-wish", "type": "return", "facts": {"days_recv": 200, "cause": "no_reason"},
        "expected": {"disposition": "reject"},
    }  # fmt: skip
    again = seen.post(url("add_case"), sent | key("d"))
    assert again.status_code == 422
    assert "late-wish" in again.content.decode()


def test_every_decision_has_its_form(seen, draft):
    for decision, _label in queries.decisions_of(draft):
        assert seen.get(url("add_case"), {"decision": decision}).status_code == 200


def test_the_cases_are_a_file_that_the_command_line_takes(seen, draft):
    answer = seen.get(url("download_cases"))
    assert answer.content.decode() == draft.cases
    assert "attachment" in answer["Content-Disposition"]
    assert len(queries.read_cases(answer.content.decode())) == 182


def test_who_only_reads_sees_the_cases_and_no_button(client, draft):
    client.force_login(make_person("李兰", duty="returns_clerk", station="NJ"))
    body = client.get(url("test_rows")).content.decode()
    assert "quality-day" in body
    assert url("remove_cases") not in body
    assert client.post(url("remove_cases"), {"id": ["quality-day-0"], **key("e")}).status_code == 403
