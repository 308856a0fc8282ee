"""Every write about people, stations, duties and sign-in."""

from aftersales.staff.services.duties import assign_duty, end_duty
from aftersales.staff.services.first_run import FirstRun, create_first_manager
from aftersales.staff.services.invitations import accept_invitation, invite_person, reset_password
from aftersales.staff.services.letterheads import LABELS as LETTERHEAD_LABELS, edit_letterhead
from aftersales.staff.services.people import (
    LABELS as PERSON_LABELS,
    Registered,
    deactivate_person,
    edit_person,
    reactivate_person,
    register_person,
)
from aftersales.staff.services.sessions import (
    end_sessions,
    require_new_password,
    set_language,
    set_password,
    touch_session,
)
from aftersales.staff.services.stations import LABELS as STATION_LABELS, edit_station, open_station

__all__ = [
    "LETTERHEAD_LABELS",
    "PERSON_LABELS",
    "STATION_LABELS",
    "FirstRun",
    "Registered",
    "accept_invitation",
    "assign_duty",
    "create_first_manager",
    "deactivate_person",
    "edit_letterhead",
    "edit_person",
    "edit_station",
    "end_duty",
    "end_sessions",
    "invite_person",
    "open_station",
    "reactivate_person",
    "register_person",
    "require_new_password",
    "reset_password",
    "set_language",
    "set_password",
    "touch_session",
]
