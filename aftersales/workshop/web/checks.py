"""How checks are shown: each with its points in words, what failed first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aftersales.core import files
from aftersales.workshop import queries
from aftersales.workshop.services import CHECK_PHOTOS


@dataclass(frozen=True)
class Point:
    """One point of a check in words."""

    label: Any
    verdict: Any
    tone: str
    note: str


@dataclass(frozen=True)
class CheckView:
    """One check as the order page shows it."""

    check: Any
    points: Sequence[Point]
    photos: Sequence[Any]

    @property
    def failed(self) -> list[Point]:
        """What was not in order."""
        return [point for point in self.points if point.tone == "danger"]


def checks_of(order: Any, trade: Any) -> list[CheckView]:
    """Every check of the order, newest first; points that the checklist no longer has are left out."""
    checks = queries.list_checks(order)
    photos = files.list_photos_of_many(CHECK_PHOTOS, [check.pk for check in checks])
    return [CheckView(check, _points(check, trade), photos.get(str(check.pk), [])) for check in checks]


def _points(check: Any, trade: Any) -> list[Point]:
    points = []
    for item in trade.quality:
        answer = next((each for each in item.answers if each.code == check.answers.get(item.code)), None)
        if answer is not None:
            points.append(Point(item.label, answer.label, answer.tone, check.notes.get(item.code, "")))
    return points
