"""What people may do with people and stations: `staff:thing:verb`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aftersales.core.text import Text, text as _


class Permission(StrEnum):
    """The permissions of this room, in alphabetical order of their codes."""

    ASSIGN_DUTIES = "staff:duty:assign"
    EDIT_PEOPLE = "staff:person:edit"
    SEE_PEOPLE = "staff:person:see"
    EDIT_STATIONS = "staff:station:edit"
    SEE_STATIONS = "staff:station:see"


LABELS: Mapping[Permission, Text] = {
    Permission.SEE_PEOPLE: _("See people, their duties and who may do what"),
    Permission.EDIT_PEOPLE: _("Register, edit, invite and deactivate people, end their sessions"),
    Permission.ASSIGN_DUTIES: _("Assign duties to people and end them"),
    Permission.SEE_STATIONS: _("See stations"),
    Permission.EDIT_STATIONS: _("Open and edit stations"),
}

ADMINISTRATION = frozenset({Permission.ASSIGN_DUTIES, Permission.EDIT_PEOPLE, Permission.EDIT_STATIONS})
"""Whoever holds these decides about other people's rights, so nobody may hand on what he does not hold himself."""

MANAGEMENT = frozenset({Permission.ASSIGN_DUTIES, Permission.EDIT_PEOPLE})
"""Without one active person who holds these everywhere, nobody could let anyone in any more."""
