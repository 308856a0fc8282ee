"""Policies for tests, made the way the house makes them: adopted by one person, approved by another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from aftersales.core.actor import Actor
from aftersales.policies import queries, services
from aftersales.policies.models import PolicyVersion
from tests.factories.staff import NOW, actor_of, make_manager, make_person

SHIPPED = "returns_2012-03-20"
TODAY = date(2026, 11, 23)
ORDINARY: dict[str, Any] = {}


def make_owner(name: str = "沈国平") -> Actor:
    """The service manager, who owns the policies."""
    return actor_of(make_manager(name))


def make_approver(name: str = "顾明") -> Actor:
    """A sales manager, who may approve."""
    return actor_of(make_person(name, duty="sales_manager"))


def make_policy(owner: Actor, approver: Actor, *, now: datetime = NOW) -> PolicyVersion:
    """The shipped returns policy, approved and in force."""
    draft = services.adopt_shipped(owner, file=SHIPPED, now=now)
    services.hand_in(owner, policy="returns", number=draft.number, note="制度上线", now=now)
    return services.approve(approver, policy="returns", number=draft.number, now=now)


def facts(**told: Any) -> dict[str, Any]:
    """The whole facts of a return that is ordinary but for what is told."""
    judge = queries.judge_of(queries.version_for("returns", TODAY), "return")
    return queries.plain(queries.whole(judge, told))
