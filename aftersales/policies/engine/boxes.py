"""Regions of cases: for each fact a set of codes. Many small ones become few large ones that can be said in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aftersales.policies.engine import order
from aftersales.policies.engine.axes import WHOLE, Axis, Cut

MOST_MERGED = 4000
"""Merging compares neighbours; of more regions than this the rest are left as they are."""


@dataclass(frozen=True)
class Box:
    """The codes of each fact that a region covers, and a whole state in it to take an example from."""

    sides: Mapping[str, int]
    state: tuple[int, ...]


def merged(boxes: Iterable[Box]) -> list[Box]:
    """The same region in fewer boxes: two that differ in one side only become one, until none do."""
    left = list({tuple(box.sides.items()): box for box in boxes}.values())
    if len(left) > MOST_MERGED:
        return left
    names = list(left[0].sides) if left else []
    before = None
    while before != len(left):
        before = len(left)
        for name in names:
            left = _merged_along(left, name)
    return left


def _merged_along(boxes: list[Box], name: str) -> list[Box]:
    groups: dict[tuple[tuple[str, int], ...], Box] = {}
    for box in boxes:
        rest = tuple((each, codes) for each, codes in box.sides.items() if each != name)
        known = groups.get(rest)
        if known is None:
            groups[rest] = box
        else:
            groups[rest] = Box({**known.sides, name: known.sides[name] | box.sides[name]}, known.state)
    return list(groups.values())


def told(axis: Axis, codes: int) -> str:
    """The codes of one fact as a cell says it: `<=3`, `[4..7]`, `a, b`; empty when they are all."""
    if codes == axis.everything:
        return ""
    if not axis.is_numeric:
        return ", ".join(_name(axis.samples[code]) for code in order.bits(codes))
    runs: list[list[int]] = []
    parts = []
    for code in order.bits(codes):
        if code == axis.unknown:
            parts.append("unknown")
        elif runs and runs[-1][-1] == code - 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    return ", ".join([*(_range(axis, run[0], run[-1]) for run in runs), *parts])


def _name(value: object) -> str:
    if value is None:
        return "unknown"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _range(axis: Axis, first: int, last: int) -> str:
    low, high = axis.stretch(first)[0], axis.stretch(last)[1]
    if axis.fact.kind in WHOLE:
        return _whole(low, high, _day if axis.fact.kind == "date" else str)
    below = "" if high is None else f"{'<=' if high[1] else '<'}{high[0]}"
    above = "" if low is None else f"{'>' if low[1] else '>='}{low[0]}"
    if low is not None and high is not None:
        return f"{'(' if low[1] else '['}{low[0]}..{high[0]}{']' if high[1] else ')'}"
    return above or below


def _whole(low: Cut | None, high: Cut | None, say: Callable[[Decimal], str]) -> str:
    if low is None or high is None:
        return f">={say(low[0])}" if low is not None else f"<={say(high[0] - 1)}" if high is not None else "-"
    return say(low[0]) if low[0] == high[0] - 1 else f"[{say(low[0])}..{say(high[0] - 1)}]"


def _day(number: Decimal) -> str:
    return date.fromordinal(int(number)).isoformat()
