"""Two people act on one policy in the same moment: one act has its effect, the other is told why not, nothing is half-written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aftersales.core.actor import Actor
from aftersales.core.errors import Refused
from aftersales.policies import services
from aftersales.policies.models import Decision, PolicyVersion, Ruling
from aftersales.policies.services import Case
from tests.factories.policies import SHIPPED, TODAY, facts, make_approver, make_owner, make_policy
from tests.factories.staff import NOW
from tests.faults.databases import at_once

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.fixture
def owner(shared_database: str) -> Actor:
    return make_owner()


@pytest.fixture
def approver(shared_database: str) -> Actor:
    return make_approver()


def one_of(*acts: Callable[[], Any]) -> None:
    """All but one of these acts, done at once, are refused with a sentence."""
    results = at_once(*acts)
    refused = [each for each in results if isinstance(each, Exception)]
    assert all(isinstance(each, Refused) for each in refused), refused
    assert len(refused) == len(acts) - 1, results


def handed_in(owner: Actor) -> None:
    services.adopt_shipped(owner, file=SHIPPED, now=NOW)
    services.hand_in(owner, policy="returns", number=1, note="制度上线", now=NOW)


def test_of_two_who_take_over_one_shipped_policy_at_once_one_does(owner: Actor, approver: Actor) -> None:
    one_of(*[lambda: services.adopt_shipped(owner, file=SHIPPED, now=NOW)] * 2)
    assert PolicyVersion.objects.count() == 1


def test_of_two_who_approve_at_once_one_does(owner: Actor, approver: Actor) -> None:
    handed_in(owner)
    other = make_approver("钱文斌")
    one_of(*(lambda who=who: services.approve(who, policy="returns", number=1, now=NOW) for who in (approver, other)))
    assert PolicyVersion.objects.get().state == "approved"


def test_a_version_is_approved_or_taken_back_not_both(owner: Actor, approver: Actor) -> None:
    handed_in(owner)
    one_of(
        lambda: services.approve(approver, policy="returns", number=1, now=NOW),
        lambda: services.take_back(owner, policy="returns", number=1, now=NOW),
    )
    version = PolicyVersion.objects.get()
    assert (version.state == "approved") == bool(version.approved_by)


def test_drafts_begun_at_once_are_one_draft(owner: Actor, approver: Actor) -> None:
    make_policy(owner, approver)
    results = at_once(*[lambda: services.begin_draft(owner, policy="returns", now=NOW, today=TODAY)] * 4)
    assert not [each for each in results if isinstance(each, Exception) and not isinstance(each, Refused)], results
    assert PolicyVersion.objects.filter(state="draft").count() == 1


def test_rulings_on_two_questions_at_once_are_both_kept(owner: Actor, approver: Actor) -> None:
    make_policy(owner, approver)
    services.begin_draft(owner, policy="returns", now=NOW, today=TODAY)

    def rule(ambiguity: str) -> Any:
        return services.rule_question(
            owner, policy="returns", ambiguity=ambiguity, reading="", reason="照旧", now=NOW, today=TODAY
        )

    results = at_once(lambda: rule("AMB-03"), lambda: rule("AMB-05"))
    assert not [each for each in results if isinstance(each, Exception)], results
    text = PolicyVersion.objects.get(number=2).text
    assert sum("| ruled |" in line for line in text.splitlines()) == Ruling.objects.count() == 2


def test_decisions_made_at_once_have_numbers_of_their_own(owner: Actor, approver: Actor) -> None:
    make_policy(owner, approver)
    case = Case(facts(), TODAY)
    results = at_once(*[lambda: services.decide(owner, policy="returns", decision="return", case=case, now=NOW)] * 6)
    assert not [each for each in results if isinstance(each, Exception)], results
    assert Decision.objects.values("number").distinct().count() == 6
