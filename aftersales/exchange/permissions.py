"""What people may carry in and out of the house: `exchange:thing:verb`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aftersales.core.text import Text, text as _


class Permission(StrEnum):
    """app:thing:verb, in alphabetical order."""

    EXPORT = "exchange:list:export"
    IMPORT = "exchange:table:import"


LABELS: Mapping[Permission, Text] = {
    Permission.EXPORT: _("Export the lists one may see as Excel or CSV, which the journal records"),
    Permission.IMPORT: _("Import tables from Excel and CSV files, as far as one may register what they hold"),
}
