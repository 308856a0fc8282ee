"""Which rows of a table can hold for one case together, by their cells alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from aftersales.policies.engine.axes import Axis
from aftersales.policies.engine.model import Policy, Table

BLOCK = 64


def overlaps(policy: Policy, table: Table) -> list[int]:
    """For each rule, as a mask over places, those that can hold together with it; itself among them unless it never can."""
    found = [(1 << len(table.rules)) - 1] * len(table.rules)
    for name in table.inputs:
        cells = [rule.cells[name] for rule in table.rules]
        if all(cell.is_any for cell in cells):
            continue
        axis = Axis(policy.axis_fact(name), cells)
        masks = axis.masks(cells)
        blocks = [_all_of(masks[start : start + BLOCK]) for start in range(0, len(masks), BLOCK)]
        known: dict[tuple[tuple[int, int], ...], int] = {}
        for at, cell in enumerate(cells):
            runs = tuple(axis.runs(cell))
            if runs not in known:
                known[runs] = _all_of([_within(masks, blocks, *run) for run in runs])
            found[at] &= known[runs]
    return found


def _all_of(masks: Sequence[int]) -> int:
    return reduce(or_, masks, 0)


def _within(masks: Sequence[int], blocks: Sequence[int], first: int, end: int) -> int:
    """What stands in a run of masks; whole blocks were put together before."""
    start, stop = -(-first // BLOCK), end // BLOCK
    if start >= stop:
        return _all_of(masks[first:end])
    edges = [*masks[first : start * BLOCK], *masks[stop * BLOCK : end]]
    return _all_of([*edges, *blocks[start:stop]])
