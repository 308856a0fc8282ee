"""The quality of repairs in numbers: counted for each person and station, and nobody judged by a handful."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from aftersales.core.text import Text, text as _

ENOUGH = 5
"""With fewer repairs than this, nobody is set beside others: one bad day would decide it."""
LONGEST = timedelta(days=366)


class Figure(StrEnum):
    """What is counted."""

    PASSED = "passed"
    FIRST_TIME = "first_time"
    FAILED = "failed"
    CAME_BACK = "came_back"


FIGURE_LABELS: dict[Figure, Text] = {
    Figure.PASSED: _("Repairs finished"),
    Figure.FIRST_TIME: _("Passed the first check"),
    Figure.FAILED: _("Sent back by the check"),
    Figure.CAME_BACK: _("Faults that came back"),
}


@dataclass(frozen=True)
class Tally:
    """What one technician finished at one station in a span of days, and how well."""

    technician_id: int
    technician: str
    station: str
    station_name: str
    passed: int = 0
    first_time: int = 0
    failed: int = 0
    came_back: int = 0

    @property
    def is_enough(self) -> bool:
        """Whether there are enough repairs to set this one beside others."""
        return self.passed >= ENOUGH

    @property
    def share(self) -> int | None:
        """Per cent that passed their first check; none of a handful."""
        return round(100 * self.first_time / self.passed) if self.is_enough else None


def in_order(tallies: Iterable[Tally], field: str) -> list[Tally]:
    """By `field` (falling with `-`), the same by name; those with only a handful of repairs below, by name alone."""
    named = sorted(tallies, key=lambda each: (each.technician, each.station))
    enough = [each for each in named if each.is_enough]
    enough.sort(key=lambda each: getattr(each, field.removeprefix("-")), reverse=field.startswith("-"))
    return enough + [each for each in named if not each.is_enough]


def span(first: date | None, last: date | None, *, today: date) -> tuple[date, date]:
    """The days to count, both included: this month unless named, and never more than `LONGEST`."""
    last = last or (today if first is None or first <= today else first)
    first = first or last.replace(day=1)
    first, last = min(first, last), max(first, last)
    return max(first, last - LONGEST + timedelta(days=1)), last
