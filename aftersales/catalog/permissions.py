"""What the catalog lets people do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aftersales.core.text import Text, text as _


class Permission(StrEnum):
    """Permissions of the catalog."""

    EDIT = "catalog:item:edit"
    SEE = "catalog:item:see"


LABELS: Mapping[Permission, Text] = {
    Permission.SEE: _("See models, labour operations and parts with their prices"),
    Permission.EDIT: _("Add and change models, labour operations, parts and prices"),
}
