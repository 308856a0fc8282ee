"""What people may be permitted to do with calendars. Clocks are moved by the acts of other rooms, which ask there."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aftersales.core.text import Text, text as _


class Permission(StrEnum):
    """app:thing:verb, in alphabetical order."""

    EDIT = "deadlines:calendar:edit"
    SEE = "deadlines:calendar:see"


LABELS: Mapping[Permission, Text] = {
    Permission.EDIT: _("Change calendars, working hours and holidays"),
    Permission.SEE: _("See calendars and work out dates"),
}
