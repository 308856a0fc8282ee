"""The way of a version to being in force: handed in, approved by another, or sent back and withdrawn."""

from __future__ import annotations

from datetime import datetime

from aftersales.core import journal, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid
from aftersales.core.text import text as _
from aftersales.policies import queries
from aftersales.policies.models import PolicyVersion
from aftersales.policies.permissions import Permission
from aftersales.policies.rules.versions import VERSION, VersionAction, VersionState
from aftersales.policies.services import drafts


def hand_in(actor: Actor, *, policy: str, number: int, note: str, now: datetime) -> PolicyVersion:
    """The draft, ready for somebody else to approve; refused while the check finds faults or a test case is red.

    `note` says what changes and why.
    """
    actor.require(Permission.EDIT)
    if not note.strip():
        raise Invalid(_("Say what changes and why; whoever approves reads it first."), field="note")
    _examine_first(actor, policy, number)
    return _stepped(actor, policy, number, VersionAction.HAND_IN, now, note=note.strip())


def approve(actor: Actor, *, policy: str, number: int, now: datetime) -> PolicyVersion:
    """The version, approved for good; refused to whoever drafted it or handed it in."""
    actor.require(Permission.APPROVE)
    _examine_first(actor, policy, number)
    return _stepped(actor, policy, number, VersionAction.APPROVE, now)


def send_back(actor: Actor, *, policy: str, number: int, reason: str, now: datetime) -> PolicyVersion:
    """The version, a draft again; whoever would have approved it says what should be changed."""
    actor.require(Permission.APPROVE)
    if not reason.strip():
        raise Invalid(_("Say what should be changed."), field="reason")
    return _stepped(actor, policy, number, VersionAction.SEND_BACK, now, reason=reason.strip())


def take_back(actor: Actor, *, policy: str, number: int, now: datetime) -> PolicyVersion:
    """The version, a draft again, to be worked on before anybody has approved it."""
    actor.require(Permission.EDIT)
    return _stepped(actor, policy, number, VersionAction.TAKE_BACK, now)


def withdraw(actor: Actor, *, policy: str, number: int, reason: str, now: datetime) -> PolicyVersion:
    """The version, given up; it stays to be read."""
    actor.require(Permission.EDIT)
    return _stepped(actor, policy, number, VersionAction.WITHDRAW, now, reason=reason.strip())


def _examine_first(actor: Actor, policy: str, number: int) -> None:
    """Work the check out before the act, so that no other writer waits for it; within the act it is remembered."""
    queries.examine(queries.get_version(actor, policy=policy, number=number))


@transaction.act
def _stepped(
    actor: Actor, policy: str, number: int, action: VersionAction, now: datetime, *, note: str = "", reason: str = ""
) -> PolicyVersion:
    version = drafts.locked_version(actor, policy=policy, number=number)
    before = {"state": version.state}
    facts = queries.facts_of(actor, version)
    version.state = VERSION.take(VersionState(version.state), action, facts, actor.may).value
    if action is VersionAction.HAND_IN:
        version.note = note
        version.reviewed_by, version.reviewed_name, version.reviewed_at = actor.id, actor.name, now
    elif action is VersionAction.APPROVE:
        version.approved_by, version.approved_name, version.approved_at = actor.id, actor.name, now
    elif action in (VersionAction.SEND_BACK, VersionAction.TAKE_BACK):
        version.reviewed_by, version.reviewed_name, version.reviewed_at = "", "", None
    version.version += 1
    version.save()
    after = {"state": version.state, "digest": version.digest}
    journal.record(
        actor, at=now, act=action.value, kind=drafts.KIND, key=version.pk, before=before, after=after,
        note=note or reason,
    )  # fmt: skip
    return version
