"""What the policies let people do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aftersales.core.text import Text, text as _


class Permission(StrEnum):
    """Permissions of the policies."""

    SEE = "policies:policy:see"
    TRY = "policies:case:try"
    EDIT = "policies:policy:edit"
    APPROVE = "policies:policy:approve"
    SEE_DECISIONS = "policies:decision:see"


LABELS: Mapping[Permission, Text] = {
    Permission.SEE: _("Read policies, their tables, versions and open questions"),
    Permission.TRY: _("Try a case against a policy and keep the decision"),
    Permission.EDIT: _("Draft policies, rule on their open questions and hand drafts in"),
    Permission.APPROVE: _("Approve a policy that somebody else drafted and handed in"),
    Permission.SEE_DECISIONS: _("See decisions by policy, and what a draft would have changed"),
}
