"""What the warehouse lets people do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aftersales.core.text import Text, text as _


class Permission(StrEnum):
    """Permissions of the warehouse."""

    SEE = "warehouse:stock:see"
    MOVE = "warehouse:stock:move"
    REVERSE = "warehouse:stock:reverse"
    COUNT = "warehouse:stocktake:count"
    APPROVE = "warehouse:stocktake:approve"
    EDIT = "warehouse:store:edit"
    HANDLE = "warehouse:slow:handle"


LABELS: Mapping[Permission, Text] = {
    Permission.SEE: _("See stores, items, stock and its moves"),
    Permission.MOVE: _("Receive, transfer, reserve and release stock"),
    Permission.REVERSE: _("Reverse a stock move"),
    Permission.COUNT: _("Begin a stocktake, count and hand it in"),
    Permission.APPROVE: _("Approve a stocktake that others counted"),
    Permission.EDIT: _("Add and change stores and items"),
    Permission.HANDLE: _("Decide what is done with goods that lie too long"),
}
