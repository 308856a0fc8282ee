"""What can be permitted about reports: `reports:thing:verb`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aftersales.core.text import Text, text as _


class Permission(StrEnum):
    """The permissions of this room."""

    SEE_DAILY = "reports:daily:see"
    EDIT_PLAN = "reports:plan:edit"
    MANAGE_OUTBOX = "reports:outbox:manage"


LABELS: Mapping[Permission, Text] = {
    Permission.SEE_DAILY: _("See the daily repair report of any day"),
    Permission.EDIT_PLAN: _("Set when and to whom the daily report goes, and send it by hand"),
    Permission.MANAGE_OUTBOX: _("See what could not be sent or done, try it again or give it up"),
}
