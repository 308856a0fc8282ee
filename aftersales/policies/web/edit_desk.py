"""What every page of the editor shows and needs: the version in hand, whether it may be edited, its addresses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils import timezone

from aftersales.core import clock
from aftersales.core.web.access import ActorRequest
from aftersales.policies import queries
from aftersales.policies.permissions import Permission
from aftersales.policies.rules.rows import Address
from aftersales.policies.rules.versions import Standing, VersionState
from aftersales.ui.lists import Chip, chips

if TYPE_CHECKING:
    from aftersales.policies.models import PolicyVersion

VERBS = ("set_row", "add_row", "remove_row", "move_row", "try_row")


@dataclass(frozen=True)
class Desk:
    """A version on the table before somebody."""

    version: PolicyVersion
    title: str
    standing: Standing
    may_edit: bool
    here: str

    @property
    def is_draft(self) -> bool:
        """Whether it can still be edited by anybody."""
        return self.version.state == VersionState.DRAFT

    @property
    def can_edit(self) -> bool:
        """Whether this person may edit it now."""
        return self.may_edit and self.is_draft

    def url(self, name: str, *more: Any) -> str:
        """The address of one of the version's pages."""
        return reverse(f"policies:{name}", args=[self.version.policy, self.version.number, *more])

    def table_url(self, address: Address, name: str = "edit_table") -> str:
        """The address of one table, or of something done to its rows."""
        return self.url(name, address.decision, address.table)

    def row_urls(self, address: Address) -> dict[str, str]:
        """The address of everything that is done to rows, by the verb."""
        return {verb: self.table_url(address, verb) for verb in VERBS}


def chips_of(request: ActorRequest, form: forms.Form) -> list[Chip]:
    """The filters in force as chips; a ticked box says no more than its name."""
    return [replace(chip, value="✓") if chip.value == "on" else chip for chip in chips(request, form)]


def desk_of(request: ActorRequest, policy: str, number: int, here: str) -> Desk:
    """The version in hand."""
    version = queries.get_version(request.actor, policy=policy, number=number)
    standing = queries.standing_of(
        version, queries.list_versions(request.actor, policy=policy), timezone.localdate(clock.now())
    )
    return Desk(version, queries.title_of(version), standing, request.actor.may(Permission.EDIT), here)
