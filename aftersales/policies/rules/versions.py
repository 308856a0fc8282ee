"""The way of a policy's version: drafted, handed in by one person, approved by another, in force from its day until the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from aftersales.core.text import Text, text as _
from aftersales.core.workflow import ActionInfo, Guard, StateInfo, Step, Workflow
from aftersales.policies.permissions import Permission


class VersionState(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


OPEN = (VersionState.DRAFT, VersionState.REVIEWED)
"""States in which a version is still worked on; a policy has at most one such version."""


class VersionAction(StrEnum):
    """What can be done to a version."""

    HAND_IN = "hand_in"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    TAKE_BACK = "take_back"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class VersionFacts:
    """What the guards look at.

    Attributes:
        is_proved: the analysis went through every case.
        faults: gaps, contradictions and rules that never decide.
        red_cases: test cases that come out otherwise than they should.
        is_drafter, is_reviewer: whether whoever acts now has drafted the version, or handed it in.

    """

    is_proved: bool = True
    faults: int = 0
    red_cases: int = 0
    is_drafter: bool = False
    is_reviewer: bool = False
    is_day_taken: bool = False


_SOUND = (
    Guard[VersionFacts](
        "proved",
        lambda facts: facts.is_proved,
        _("The check could not go through every case. Make the tables smaller, then hand the draft in."),
    ),
    Guard[VersionFacts](
        "sound",
        lambda facts: facts.faults == 0,
        _(
            "The check still finds gaps, contradictions or rules that never decide. Mend them first; the draft's page lists them."
        ),
    ),
    Guard[VersionFacts](
        "green",
        lambda facts: facts.red_cases == 0,
        _(
            "Some test cases come out otherwise than they should. Mend the tables, or accept the new outcome of those cases."
        ),
    ),
)
_SECOND_PERSON = (
    Guard[VersionFacts](
        "not_drafter",
        lambda facts: not facts.is_drafter,
        _("You drafted this version. Somebody else must approve it."),
    ),
    Guard[VersionFacts](
        "not_reviewer",
        lambda facts: not facts.is_reviewer,
        _("You handed this version in. Somebody else must approve it."),
    ),
)
_FREE_DAY = Guard[VersionFacts](
    "free_day",
    lambda facts: not facts.is_day_taken,
    _("Another version is in force from the same day. Send this one back and choose another day."),
)

VERSION: Workflow[VersionState, VersionAction, VersionFacts] = Workflow(
    title=_("Version of a policy"),
    start=VersionState.DRAFT,
    states={
        VersionState.DRAFT: StateInfo(_("Draft"), _("Draft"), "info"),
        VersionState.REVIEWED: StateInfo(_("Waiting for approval"), _("Waiting for approval"), "progress"),
        VersionState.APPROVED: StateInfo(_("Approved for use"), _("Approved for use"), "success", is_open=False),
        VersionState.WITHDRAWN: StateInfo(_("Given up"), _("Given up"), "neutral", is_open=False),
    },
    actions={
        VersionAction.HAND_IN: ActionInfo(_("Hand in for approval"), _("Handed in for approval"), icon="send"),
        VersionAction.APPROVE: ActionInfo(_("Approve"), _("Approved for use"), icon="check"),
        VersionAction.SEND_BACK: ActionInfo(
            _("Send back"), _("Sent back"), is_main=False, tone="secondary", icon="arrow-back-up"
        ),
        VersionAction.TAKE_BACK: ActionInfo(
            _("Take back"), _("Taken back"), is_main=False, tone="secondary", icon="arrow-back-up"
        ),
        VersionAction.WITHDRAW: ActionInfo(
            _("Give this version up"), _("Given up"), is_main=False, tone="danger", icon="trash"
        ),
    },
    steps={
        (VersionState.DRAFT, VersionAction.HAND_IN): Step(VersionState.REVIEWED, Permission.EDIT, _SOUND),
        (VersionState.DRAFT, VersionAction.WITHDRAW): Step(VersionState.WITHDRAWN, Permission.EDIT),
        (VersionState.REVIEWED, VersionAction.APPROVE): Step(
            VersionState.APPROVED, Permission.APPROVE, (*_SECOND_PERSON, *_SOUND, _FREE_DAY)
        ),
        (VersionState.REVIEWED, VersionAction.SEND_BACK): Step(VersionState.DRAFT, Permission.APPROVE),
        (VersionState.REVIEWED, VersionAction.TAKE_BACK): Step(VersionState.DRAFT, Permission.EDIT),
        (VersionState.REVIEWED, VersionAction.WITHDRAW): Step(VersionState.WITHDRAWN, Permission.EDIT),
    },
)  # fmt: skip


class Dated(Protocol):
    """A version as far as its day is concerned."""

    @property
    def state(self) -> str:
        """Where it stands."""

    @property
    def effective_from(self) -> date:
        """The first day it governs."""


D = TypeVar("D", bound=Dated)


def in_force(versions: Iterable[D], on: date) -> D | None:
    """The approved version that governs this day: the one with the latest first day not after it."""
    begun = [each for each in versions if each.state == VersionState.APPROVED and each.effective_from <= on]
    return max(begun, key=lambda each: each.effective_from, default=None)


@dataclass(frozen=True)
class Standing:
    """What a version means today, in words and tone."""

    label: Text
    tone: str


def standing(version: Dated, versions: Iterable[Dated], today: date) -> Standing:
    """Whether an approved version is in force today, still to come, or superseded; of the others the state."""
    info = VERSION.states[VersionState(version.state)]
    if version.state != VersionState.APPROVED:
        return Standing(info.label, info.tone)
    if version.effective_from > today:
        return Standing(_("Approved, not yet in force"), "info")
    now = in_force(versions, today)
    if now is not None and now.effective_from == version.effective_from:
        return Standing(_("In force"), "success")
    return Standing(_("Superseded"), "neutral")
