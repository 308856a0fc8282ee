"""What was written down at intake, in the words of the trade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aftersales.catalog import queries as catalog
from aftersales.core.text import Text, text as _
from aftersales.workshop.rules.intake import DAMAGE_LABELS, NOTED, Damage


@dataclass(frozen=True)
class SeenPoint:
    """One line of the checklist and what was seen."""

    label: Text
    answer: Text
    tone: str

    def __str__(self) -> str:
        return str(_("{what}: {answer}", what=self.label, answer=self.answer))


@dataclass(frozen=True)
class MarkedPlace:
    """One mark on the drawing, by its number there."""

    number: int
    x: int
    y: int
    area: Text | str
    damage: Text
    note: str

    def __str__(self) -> str:
        told = str(_("{what}: {answer}", what=self.area, answer=self.damage))
        return f"{self.number} {told} · {self.note}" if self.note else f"{self.number} {told}"


def worded_condition(order: Any, answers: Mapping[str, str] | None = None) -> list[SeenPoint]:
    """The checklist of the order (or these answers to it) in words; an item the trade no longer has reads as its code."""
    items = {item.code: item for item in catalog.get_trade(order.trade).condition}
    given = order.condition if answers is None else answers
    known = [code for code in items if code in given]  # a database may keep the answers in an order of its own
    return [_seen(items.get(code), code, given[code]) for code in (*known, *sorted(set(given) - set(known)))]


def _seen(item: Any, code: str, given: str) -> SeenPoint:
    answer = item.answer(given) if item is not None else None
    label = item.label if item is not None else Text(code)
    if answer is not None:
        return SeenPoint(label, answer.label, answer.tone)
    return SeenPoint(label, _("noted") if given == NOTED else Text(given), "warning")


def worded_marks(order: Any, marks: Iterable[Mapping[str, Any]] | None = None) -> list[MarkedPlace]:
    """The marks of the order (or these) in words, numbered as on the drawing."""
    drawing = catalog.drawing_of(order.trade, order.category.code)
    given = order.marks if marks is None else marks
    return [
        MarkedPlace(
            number, mark["x"], mark["y"], drawing.name_of(mark["area"]), DAMAGE_LABELS[Damage(mark["kind"])],
            mark.get("note", ""),
        )
        for number, mark in enumerate(given, start=1)
    ]  # fmt: skip


def worded_accessories(order: Any, codes: Iterable[str] | None = None) -> list[str]:
    """The accessories of the order (or these) in words."""
    labels = {item.code: str(item.label) for item in catalog.get_trade(order.trade).accessories}
    return [labels.get(code, code) for code in (order.accessories if codes is None else codes)]
