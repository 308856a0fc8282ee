"""How entries of the journal about people and stations are told, and how duties and permissions are laid out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aftersales.core import access
from aftersales.core.access import Duty, PermissionInfo
from aftersales.core.text import Text, text as _
from aftersales.staff import services
from aftersales.staff.web.forms import TRADE_NAMES
from aftersales.ui.templatetags.ui import local_time

if TYPE_CHECKING:
    from aftersales.core.models import JournalEntry
    from aftersales.staff.models import Assignment

ACTS: Mapping[str, tuple[Text, str, str]] = {
    "register_person": (_("Registered"), "success", "user-plus"),
    "edit_person": (_("Edited"), "neutral", "pencil"),
    "assign_duty": (_("Duty assigned"), "info", "id-badge-2"),
    "end_duty": (_("Duty ended"), "warning", "ban"),
    "invite_person": (_("Invited"), "info", "mail"),
    "reset_password": (_("Asked for a new password"), "info", "mail"),
    "accept_invitation": (_("Chose a password by invitation"), "success", "key"),
    "set_password": (_("Changed the password"), "neutral", "key"),
    "require_new_password": (_("Must choose a new password"), "warning", "key"),
    "end_sessions": (_("Signed out of devices"), "warning", "logout"),
    "deactivate_person": (_("Deactivated"), "danger", "user-off"),
    "reactivate_person": (_("Reactivated"), "success", "user-check"),
    "set_language": (_("Changed the language"), "neutral", "language"),
    "open_station": (_("Station opened"), "success", "building-store"),
    "edit_station": (_("Edited"), "neutral", "pencil"),
    "edit_letterhead": (_("Letterhead changed"), "neutral", "file-text"),
}
"""Act → its words, tone and icon."""

LABELS: Mapping[str, Text] = {
    **services.STATION_LABELS,
    **services.LETTERHEAD_LABELS,
    "code": _("Code"),
    "duty": _("Duty"),
    "station": _("Station"),
    "from_on": _("From"),
    "until_on": _("Until"),
    "expires_at": _("Valid until"),
    "by_mail": _("By e-mail"),
    "ended": _("Devices"),
}
"""Field of a journal entry → its words."""


LONGEST_SHOWN = 80
"""A history is for seeing that something changed; the whole terms stand on their page."""


@dataclass(frozen=True)
class Moment:
    """One journal entry as the timeline shows it."""

    at: datetime
    who: str
    title: Text | str
    tone: str
    icon: str
    changes: tuple[tuple[Text | str, str, str], ...]


def moments(entries: Iterable[JournalEntry]) -> list[Moment]:
    """The entries as a timeline."""
    return [_moment(entry) for entry in entries]


def _moment(entry: JournalEntry) -> Moment:
    title, tone, icon = ACTS.get(entry.act, (entry.act, "neutral", "history"))
    before, after = entry.before or {}, entry.after or {}
    labels = {**LABELS, **services.PERSON_LABELS} if entry.kind == "person" else LABELS
    names = [name for name in {**before, **after} if before.get(name) or after.get(name)]
    changes = tuple(
        (labels.get(name, name), _shown(name, before.get(name)), _shown(name, after.get(name))) for name in names
    )
    return Moment(entry.at, entry.actor_name, title, tone, icon, changes)


def _shown(name: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if name == "duty":
        return str(duty_label(str(value)))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name == "expires_at":
        return local_time(datetime.fromisoformat(str(value)))
    if name == "trades":
        return ", ".join(str(TRADE_NAMES.get(code, code)) for code in value)
    words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return words if len(words) <= LONGEST_SHOWN else f"{words[:LONGEST_SHOWN]}…"


def duty_label(code: str) -> Text | str:
    """The duty's words; its bare code if the house no longer has it."""
    duty = access.find_duty(code)
    return duty.label if duty else code


@dataclass(frozen=True)
class Held:
    """A duty that somebody holds or held, with its words."""

    row: Assignment
    label: Text | str
    purpose: Text | str


def held(rows: Iterable[Assignment]) -> list[Held]:
    """These duties with their words."""
    found = [(row, access.find_duty(row.duty)) for row in rows]
    return [Held(row, duty.label if duty else row.duty, duty.purpose if duty else "") for row, duty in found]


@dataclass(frozen=True)
class MatrixRow:
    """One permission and, duty by duty, whether it is included."""

    permission: PermissionInfo
    cells: tuple[tuple[Duty, bool], ...]


@dataclass(frozen=True)
class MatrixRoom:
    """The permissions of one room."""

    room: str
    label: Text | str
    rows: tuple[MatrixRow, ...]


ROOMS: Mapping[str, Text] = {
    "core": _("House"),
    "customers": _("Customers and units"),
    "catalog": _("Catalog"),
    "deadlines": _("Deadlines and calendars"),
    "desk": _("Home"),
    "staff": _("People and stations"),
    "workshop": _("Workshop"),
}


def matrix() -> list[MatrixRoom]:
    """Every permission against every duty, room by room."""
    duties = access.duties()
    rooms: dict[str, list[MatrixRow]] = {}
    for permission in access.permissions():
        cells = tuple((duty, permission.code in duty.permissions) for duty in duties)
        rooms.setdefault(permission.room, []).append(MatrixRow(permission, cells))
    return [MatrixRoom(room, ROOMS.get(room, room), tuple(rows)) for room, rows in rooms.items()]
