"""What is left to the house: how long quotations hold, when a fault counts as come back, which waits stop the promise."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aftersales.core.errors import Invalid
from aftersales.core.text import text as _


@dataclass(frozen=True)
class HouseRules:
    """The rules of a station, in days where nothing else is said."""

    quotation_days: int = 15
    """How long a quotation binds."""
    repeat_days: int = 30
    """Within how many days after handover the same fault on the same unit is done again without charge."""
    repair_warranty_days: int = 90
    """How long the house answers for a repair, from its first handover."""
    unclaimed_days: int = 7
    """After how many days a unit that was not fetched is listed."""
    pauses_for: frozenset[str] = frozenset()
    """Codes of `WaitingFor` during which the promise stands still. None by default: the electronics repair department's rule
    九 gives the customer three working days and names no exception."""
    may_check_own_work: bool = False
    """Whether somebody may check what he repaired himself, as small stations must."""


DEFAULTS = HouseRules()


def pauses_promise(rules: HouseRules, waiting_for: str) -> bool:
    """Whether the promise stands still while an order waits for this."""
    return waiting_for in rules.pauses_for


def covered_until(*, handed_over_on: date, days: int, first_covered_until: date | None = None) -> date:
    """The first day on which the house no longer answers for a repair.

    Rework never restarts a warranty: a repeat of an earlier order keeps the day of the first.
    """
    return first_covered_until or handed_over_on + timedelta(days=days)


LONGEST: Mapping[str, tuple[int, int]] = {
    "quotation_days": (1, 365),
    "repeat_days": (0, 730),
    "repair_warranty_days": (0, 730),
    "unclaimed_days": (1, 365),
}
"""The fewest and the most days that can be meant."""


def check_rules(days: Mapping[str, int], *, pauses_for: Collection[str], known: Collection[str]) -> None:
    """Refuse numbers of days that no house means, and waits that do not exist."""
    for name, (least, most) in LONGEST.items():
        if not least <= days[name] <= most:
            raise Invalid(_("Write a number of days from {least} to {most}.", least=least, most=most), field=name)
    if not set(pauses_for) <= set(known):
        raise Invalid(_("Choose the waits from the list."), field="pauses_for")


def unclaimed_before(now: datetime, *, zone: str, days: int) -> datetime:
    """The instant before which a unit must have been ready to be unclaimed now: the start of the day `days` days ago ends it."""
    today = now.astimezone(ZoneInfo(zone)).date()
    last = today - timedelta(days=days - 1)
    return datetime(last.year, last.month, last.day, tzinfo=ZoneInfo(zone))
