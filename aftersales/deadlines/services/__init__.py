"""Every write of this room, by the name of the act."""

from aftersales.deadlines.services.calendar import (
    Edited,
    create_calendar,
    edit_calendar,
    import_year,
    install_calendars,
    load_calendar_year,
    remove_special_day,
    set_special_day,
)
from aftersales.deadlines.services.clock import erase_notes, pause_clock, resume_clock, start_clock, stop_clock

__all__ = [
    "Edited",
    "create_calendar",
    "edit_calendar",
    "erase_notes",
    "import_year",
    "install_calendars",
    "load_calendar_year",
    "pause_clock",
    "remove_special_day",
    "resume_clock",
    "set_special_day",
    "start_clock",
    "stop_clock",
]
