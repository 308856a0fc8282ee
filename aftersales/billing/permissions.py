"""What people may do with customer accounts and freight documents: `billing:thing:verb`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aftersales.core.text import Text, text as _


class Permission(StrEnum):
    """The permissions of this room."""

    SEE_ACCOUNTS = "billing:account:see"
    POST = "billing:entry:post"
    REVERSE = "billing:entry:reverse"
    CONFIRM = "billing:statement:confirm"
    SEE_FREIGHT = "billing:freight:see"
    RECORD_FREIGHT = "billing:freight:record"
    SETTLE_FREIGHT = "billing:freight:settle"
    SIGN_FREIGHT = "billing:freight:sign"


LABELS: Mapping[Permission, Text] = {
    Permission.SEE_ACCOUNTS: _("See customer accounts, their vouchers and statements"),
    Permission.POST: _("Post to customer accounts, and post or close freight documents"),
    Permission.REVERSE: _("Reverse what was posted, with a reason"),
    Permission.CONFIRM: _("Record that a customer confirmed a statement or a freight charge"),
    Permission.SEE_FREIGHT: _("See freight documents"),
    Permission.RECORD_FREIGHT: _("Record the freight documents that come with returned goods"),
    Permission.SETTLE_FREIGHT: _("Settle which salesperson signs for a freight document"),
    Permission.SIGN_FREIGHT: _("Sign who is liable for the freight of one's own customers"),
}
