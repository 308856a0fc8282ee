"""The calendar that comes with the product."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from importlib import resources

from aftersales.deadlines.rules import calendars


@dataclass(frozen=True)
class ShippedYear:
    """One year of the calendar that comes with the product."""

    year: int
    days: tuple[calendars.SpecialDay, ...]
    source: str


def shipped_years() -> tuple[ShippedYear, ...]:
    """The announcements that come with the product, in order."""
    days: dict[int, list[calendars.SpecialDay]] = {}
    notices: dict[int, list[str]] = {}
    for line in _shipped_lines(f"{calendars.STANDARD}.csv"):
        day = calendars.SpecialDay(date.fromisoformat(line["date"]), calendars.SpecialKind(line["kind"]), line["name"])
        days.setdefault(int(line["year"]), []).append(day)
    for line in _shipped_lines(f"{calendars.STANDARD}.notices.csv"):
        notices.setdefault(int(line["year"]), []).append(line["notice"])
    return tuple(ShippedYear(year, tuple(days[year]), "\n".join(notices[year])) for year in sorted(days))


def _shipped_lines(name: str) -> list[dict[str, str]]:
    content = resources.files("aftersales.deadlines").joinpath("days", name).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in content.splitlines() if not line.startswith("#")))
