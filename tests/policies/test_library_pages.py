"""Every shipped policy can be taken over by a house, read, tried and asked about in its pages."""

from __future__ import annotations

import html
import re

import pytest
from django.urls import reverse

from aftersales.policies import queries, services
from tests.factories.staff import NOW, actor_of, make_manager, make_person
from tests.policies.mutations import NAMES, Shipped

pytestmark = pytest.mark.django_db


def page(name, **where):
    return reverse(f"policies:{name}", kwargs=where)


@pytest.fixture
def browser(client_as):
    client = client_as(make_manager("沈国平"))
    client.cookies["django_language"] = "zh-hans"
    return client


@pytest.fixture
def owner():
    return actor_of(make_manager("韩经理"))


@pytest.fixture
def approver():
    return actor_of(make_person("孙海燕", duty="sales_manager", station="HQ"))


def unsaid(text, policy):
    """Names of facts and values that a person would have to read in the middle of a page."""
    bare = re.sub(r"<(script|style|code|pre|datalist)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
    names = {name for name in (*policy.facts, *policy.outcomes) if "_" in name}
    return sorted(name for name in names if re.search(rf"(?<![\w.]){name}(?!\w)", bare))


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("returns")])  # that one has its own
def test_a_shipped_policy_is_taken_over_read_and_tried(name, browser, owner, approver):
    policy = Shipped(name).policy
    draft = services.adopt_shipped(owner, file=name, now=NOW)
    examined = queries.examine(draft)
    assert (examined.faults, examined.red, examined.is_proved) == ([], [], True)
    services.hand_in(owner, policy=policy.name, number=1, note="上线", now=NOW)
    services.approve(approver, policy=policy.name, number=1, now=NOW)
    read = browser.get(page("policy", policy=policy.name)).text
    assert all(f'id="clause-{clause}"' in read for clause in policy.clauses)
    asked = browser.get(page("questions", policy=policy.name)).text
    for each in list(policy.ambiguities.values())[:20]:  # the first page
        assert html.escape(each.problem) in asked, each.id
        assert html.escape(each.reading) in asked, each.id
    for key in policy.decisions:
        tried = browser.get(page("try_case", policy=policy.name), {"decision": key})
        assert tried.status_code == 200
        assert unsaid(tried.text, policy) == []
