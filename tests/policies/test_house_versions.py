"""A policy's versions in the house: drafted by one, approved by another, in force from their day, never changed again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from aftersales.core.errors import Conflict, Invalid, Missing, NotPermitted, Refused
from aftersales.core.models import JournalEntry
from aftersales.policies import queries, services
from aftersales.policies.models import Decision, PolicyVersion, Ruling
from aftersales.policies.rules.editing import Place
from aftersales.policies.services import Case, Consequence
from tests.factories.policies import SHIPPED, TODAY, facts, make_approver, make_owner, make_policy
from tests.factories.staff import actor_of, make_person

pytestmark = pytest.mark.django_db
LATER = date(2026, 12, 1)


@pytest.fixture
def owner():
    return make_owner()


@pytest.fixture
def approver():
    return make_approver()


@pytest.fixture
def policy(owner, approver):
    return make_policy(owner, approver)


def rule_day_four(owner, now, **more):
    """Day four is ours as well: the free days become four, and nobody asks any more."""
    return services.rule_question(
        owner,
        policy="returns",
        ambiguity="AMB-01",
        reading="第四天仍归公司，第五天起归销售",
        reason="客户第四天才来得及看货，公司承担更公道",
        consequences=[Consequence(Place("parameters", "free_days"), {"value": "4"})],
        now=now,
        today=TODAY,
        **more,
    )


def test_a_shipped_policy_is_a_draft_until_somebody_else_approves_it(owner, approver, now):
    draft = services.adopt_shipped(owner, file=SHIPPED, now=now)
    with pytest.raises(Refused, match="in force"):
        queries.version_for("returns", TODAY)
    services.hand_in(owner, policy="returns", number=draft.number, note="制度上线", now=now)
    services.approve(approver, policy="returns", number=draft.number, now=now)
    assert queries.version_for("returns", TODAY).number == draft.number


@pytest.mark.parametrize("number_of_days", [0, 1])
def test_before_its_first_day_a_version_does_not_govern(policy, number_of_days):
    first = date(2012, 3, 20)
    assert queries.version_for("returns", first + timedelta(days=number_of_days)) == policy
    with pytest.raises(Refused, match="2012-03-19"):
        queries.version_for("returns", first - timedelta(days=1))


def test_whoever_drafted_or_handed_in_cannot_approve(owner, now):
    draft = services.adopt_shipped(owner, file=SHIPPED, now=now)
    services.hand_in(owner, policy="returns", number=draft.number, note="制度上线", now=now)
    with pytest.raises(Refused, match="Somebody else"):
        services.approve(owner, policy="returns", number=draft.number, now=now)
    assert PolicyVersion.objects.get().state == "reviewed"


def test_whoever_edited_last_counts_as_the_drafter(owner, approver, now):
    draft = services.adopt_shipped(owner, file=SHIPPED, now=now)
    other = make_owner("陆敏")
    services.edit_draft(other, policy="returns", number=1, version=draft.version, changes={"note": "补充"}, now=now)
    services.hand_in(owner, policy="returns", number=1, note="制度上线", now=now)
    with pytest.raises(Refused, match="drafted"):
        services.approve(other, policy="returns", number=1, now=now)
    assert services.approve(approver, policy="returns", number=1, now=now).approved_name == approver.name


def test_the_database_itself_wants_two_people(policy):
    copy = PolicyVersion(
        **{field.attname: getattr(policy, field.attname) for field in PolicyVersion._meta.concrete_fields}
    )
    copy.pk, copy.number, copy.effective_from, copy.approved_by = None, 2, LATER, copy.drafted_by
    with pytest.raises(DatabaseError), transaction.atomic():
        copy.save(force_insert=True)


def test_nothing_of_an_approved_version_can_be_changed(policy):
    for change in ({"text": "other"}, {"effective_from": LATER}, {"state": "draft"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            PolicyVersion.objects.filter(pk=policy.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.filter(pk=policy.pk).delete()
    assert PolicyVersion.objects.get() == policy


def test_an_approved_version_is_no_draft_any_more(policy, owner, now):
    with pytest.raises(Refused, match="no draft"):
        services.edit_draft(owner, policy="returns", number=1, version=policy.version, changes={"note": "x"}, now=now)


def test_two_people_editing_one_draft_are_told_of_each_other(owner, now):
    draft = services.adopt_shipped(owner, file=SHIPPED, now=now)
    change = {"policy": "returns", "number": 1, "version": draft.version, "now": now}
    services.edit_draft(owner, changes={"note": "one"}, **change)
    with pytest.raises(Conflict):
        services.edit_draft(owner, changes={"note": "two"}, **change)
    assert PolicyVersion.objects.get().note == "one"


def test_a_text_that_cannot_be_read_is_refused_with_its_place_and_the_draft_stays(owner, now):
    draft = services.adopt_shipped(owner, file=SHIPPED, now=now)
    broken = draft.text.replace("| G01 | P1 | quality |", "| G01 | P1 | qualty |")
    with pytest.raises(Invalid, match=r"G01.*qualty"):
        services.edit_draft(owner, policy="returns", number=1, version=1, changes={"text": broken}, now=now)
    assert PolicyVersion.objects.get().digest == draft.digest


def test_a_draft_with_a_gap_is_not_handed_in(owner, now):
    draft = services.adopt_shipped(owner, file=SHIPPED, now=now)
    lines = [line for line in draft.text.split("\n") if not line.startswith("| G02 ")]
    services.edit_draft(owner, policy="returns", number=1, version=1, changes={"text": "\n".join(lines)}, now=now)
    with pytest.raises(Refused, match="gaps"):
        services.hand_in(owner, policy="returns", number=1, note="制度上线", now=now)
    assert PolicyVersion.objects.get().state == "draft"


def test_a_draft_whose_cases_come_out_otherwise_is_not_handed_in(owner, now):
    draft = services.adopt_shipped(owner, file=SHIPPED, now=now)
    wrong = draft.cases.replace('"disposition": "accept"', '"disposition": "reject"', 1)
    services.edit_draft(owner, policy="returns", number=1, version=1, changes={"cases": wrong}, now=now)
    assert len(queries.examine(PolicyVersion.objects.get()).red) == 1
    with pytest.raises(Refused, match="test cases"):
        services.hand_in(owner, policy="returns", number=1, note="制度上线", now=now)


def test_a_ruling_goes_into_a_new_draft_and_the_version_in_force_stays(policy, owner, now):
    ruling = rule_day_four(owner, now)
    draft = ruling.version
    assert (draft.number, draft.state, draft.based_on) == (2, "draft", policy)
    assert queries.read(draft.text).ambiguities["AMB-01"].status == "ruled"
    assert queries.read(draft.text).parameters["free_days"].value == 4
    assert ruling.changes == [
        {"table": "parameters", "row": "free_days", "column": "value", "before": "3", "after": "4"}
    ]
    assert queries.version_for("returns", TODAY) == policy
    told = queries.read(draft.text).ambiguities["AMB-01"]
    assert {told.within(language).reading for language in ("zh-Hans", "zh-Hant", "en")} == {ruling.reading}
    with pytest.raises(Invalid, match="why"):
        services.rule_question(
            owner, policy="returns", ambiguity="AMB-02", reading="", reason=" ", now=now, today=TODAY
        )
    assert Ruling.objects.count() == 1


def test_a_ruling_that_confirms_keeps_the_reading(policy, owner, now):
    ruling = services.rule_question(
        owner, policy="returns", ambiguity="AMB-03", reading="", reason="特则优先", now=now, today=TODAY
    )
    assert ruling.is_as_read
    assert ruling.reading == queries.read(policy.text).ambiguities["AMB-03"].reading


def test_the_next_decision_cites_the_new_version_and_the_old_one_can_be_made_again(policy, owner, approver, now):
    fourth_day = Case(facts(days_recv=4), TODAY, subject="茶具 12 套", amount=120_000)
    old = services.decide(owner, policy="returns", decision="return", case=fourth_day, now=now)
    draft = rule_day_four(owner, now).version
    red = queries.examine(draft).red
    assert red, "the house's own test cases of day four must change with the ruling"
    cases = "\n".join(line for line in draft.cases.splitlines() if all(f'"{each.case.id}"' not in line for each in red))
    services.edit_draft(
        owner, policy="returns", number=2, version=draft.version, changes={"cases": cases, "effective_from": TODAY},
        now=now,
    )  # fmt: skip
    services.hand_in(owner, policy="returns", number=2, note="第四天归公司", now=now)
    services.approve(approver, policy="returns", number=2, now=now)
    new = services.decide(owner, policy="returns", decision="return", case=fourth_day, now=now)
    assert (old.main, old.version.number) == ("salesperson_resolves", 1)
    assert (new.main, new.version.number) == ("accept", 2)
    assert old.digest != new.digest
    assert queries.rerun(Decision.objects.get(pk=old.pk)).is_same
    assert queries.rerun(Decision.objects.get(pk=new.pk)).is_same


def test_a_decision_needs_every_fact_that_matters(policy, owner, now):
    told = facts(days_recv=4)
    del told["cause"]
    with pytest.raises(Refused, match="One more answer"):
        services.decide(owner, policy="returns", decision="return", case=Case(told, TODAY), now=now)
    with pytest.raises(Invalid):
        services.decide(owner, policy="returns", decision="return", case=Case({"colour": "red"}, TODAY), now=now)
    assert Decision.objects.count() == 0


def test_a_decision_cannot_be_changed(policy, owner, now):
    made = services.decide(owner, policy="returns", decision="return", case=Case(facts(), TODAY), now=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=made.pk).update(main="reject")
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.filter(pk=made.pk).delete()
    assert Decision.objects.get().main == "accept"


def test_a_station_does_not_see_the_decisions_of_another(policy, owner, now):
    clerk = actor_of(make_person("李兰", duty="returns_clerk", station="NJ"))
    made = services.decide(clerk, policy="returns", decision="return", case=Case(facts(), TODAY), now=now)
    assert queries.get_decision(clerk, number=made.number) == made
    stranger = actor_of(make_person("王强", duty="returns_clerk", station="SZ"))
    with pytest.raises(Missing):
        queries.get_decision(stranger, number=made.number)


def test_only_who_may_drafts_approves_and_decides(policy, now):
    technician = actor_of(make_person("周立", duty="technician"))
    for act in (
        lambda: services.begin_draft(technician, policy="returns", now=now, today=TODAY),
        lambda: services.approve(technician, policy="returns", number=1, now=now),
        lambda: services.decide(technician, policy="returns", decision="return", case=Case({}, TODAY), now=now),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert PolicyVersion.objects.count() == 1


def test_every_step_stands_in_the_journal(policy, owner):
    acts = JournalEntry.objects.filter(kind="policy_version").order_by("id").values_list("act", "actor_name")
    assert [act for act, _name in acts] == ["begin_draft", "hand_in", "approve"]
    assert len({name for _act, name in acts}) == 2


def test_a_version_sent_back_is_a_draft_again_and_withdrawn_it_stays_to_be_read(owner, approver, now):
    services.adopt_shipped(owner, file=SHIPPED, now=now)
    services.hand_in(owner, policy="returns", number=1, note="制度上线", now=now)
    with pytest.raises(Invalid):
        services.send_back(approver, policy="returns", number=1, reason="", now=now)
    services.send_back(approver, policy="returns", number=1, reason="先问财务", now=now)
    services.withdraw(owner, policy="returns", number=1, reason="另起草", now=now)
    assert queries.get_version(owner, policy="returns", number=1).state == "withdrawn"
    assert services.begin_draft(owner, policy="returns", now=now, today=TODAY).number == 2
