"""What stands above every page of one policy: its title, the version that is read, and the ways to the other pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from aftersales.core import clock
from aftersales.core.errors import Missing
from aftersales.core.rows import only
from aftersales.core.web.access import ActorRequest
from aftersales.policies import queries
from aftersales.policies.permissions import Permission
from aftersales.policies.queries import PolicyVersion
from aftersales.policies.rules import versions as rules
from aftersales.policies.rules.versions import OPEN, Standing


@dataclass(frozen=True)
class Header:
    """The version that is read, how it stands, and its neighbours."""

    policy: str
    title: str
    version: PolicyVersion
    standing: Standing
    in_force: PolicyVersion | None
    open: PolicyVersion | None
    versions: tuple[PolicyVersion, ...]
    here: str
    waiting: int
    may_edit: bool
    may_try: bool
    may_see_decisions: bool


def header(request: ActorRequest, policy: str, here: str, *, number: int | None = None) -> Header:
    """The head of a page; the version of this number or of `?version=`, else the one in force, else the latest."""
    today = timezone.localdate(clock.now())
    standing = queries.list_versions(request.actor, policy=policy)
    in_force = rules.in_force(standing, today)
    asked = request.GET.get("version", "") if number is None else str(number)
    chosen = only(each for each in standing if str(each.number) == asked) if asked else in_force or standing[0]
    if chosen is None:
        raise Missing
    known = queries.policy_of(chosen)
    return Header(
        policy,
        queries.title_of(chosen),
        chosen,
        queries.standing_of(chosen, standing, today),
        in_force,
        only(each for each in standing if each.state in OPEN),
        tuple(standing),
        here,
        sum(each.status != "ruled" for each in known.ambiguities.values()),
        request.actor.may(Permission.EDIT),
        request.actor.may(Permission.TRY),
        request.actor.may(Permission.SEE_DECISIONS),
    )
