"""What people may do with customers and their units: `customers:thing:verb`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aftersales.core.text import Text, text as _


class Permission(StrEnum):
    """The permissions of this room, in alphabetical order of their codes."""

    COPY_OUT_CUSTOMERS = "customers:customer:copy-out"
    EDIT_CUSTOMERS = "customers:customer:edit"
    ERASE_CUSTOMERS = "customers:customer:erase"
    MERGE_CUSTOMERS = "customers:customer:merge"
    SEE_CUSTOMERS = "customers:customer:see"
    SEE_CONTACT = "customers:customer:see-contact"
    EDIT_UNITS = "customers:unit:edit"
    MERGE_UNITS = "customers:unit:merge"
    SEE_UNITS = "customers:unit:see"


LABELS: Mapping[Permission, Text] = {
    Permission.SEE_CUSTOMERS: _("See customers, their telephone numbers and addresses masked"),
    Permission.SEE_CONTACT: _("Uncover a customer's telephone numbers and addresses, which the journal records"),
    Permission.EDIT_CUSTOMERS: _("Register and change customers"),
    Permission.MERGE_CUSTOMERS: _("Merge two records of one customer, and undo it"),
    Permission.COPY_OUT_CUSTOMERS: _("Make a copy of everything about one customer, for him, on his request"),
    Permission.ERASE_CUSTOMERS: _("Erase a customer's personal data on his request, for good"),
    Permission.SEE_UNITS: _("See units and their history"),
    Permission.EDIT_UNITS: _("Register and change units, and record new owners"),
    Permission.MERGE_UNITS: _("Merge two records of one unit, and undo it"),
}
