"""What can be written down at intake, and how long it can be corrected."""

from __future__ import annotations

from aftersales.core.errors import Invalid, Refused
from aftersales.core.text import text as _
from aftersales.workshop.rules.order import IN_HOUSE, OrderState

MOST_PHOTOS = 12


def check_photo_count(count: int) -> None:
    """Refuse more photos at once than anybody looks at."""
    if count > MOST_PHOTOS:
        raise Invalid(
            _("At most {most} photos at once. Choose the ones that show the condition.", most=MOST_PHOTOS),
            field="photos",
        )


def check_still_editable(state: str) -> None:
    """Refuse corrections of the intake once the unit has left the house: the slip is then a settled paper."""
    if OrderState(state) not in IN_HOUSE:
        raise Refused(_("The unit has been handed over. What was written at intake can no longer be changed."))
