"""Which rows of a table can hold for one case together, by their cells alone."""

from __future__ import annotations

from aftersales.policies.engine.axes import Axis
from aftersales.policies.engine.model import Policy, Table
from aftersales.policies.engine.order import bits


def overlaps(policy: Policy, table: Table) -> list[int]:
    """For each rule, as a mask over places, those that can hold together with it; itself among them unless it never can."""
    found = [(1 << len(table.rules)) - 1] * len(table.rules)
    for name in table.inputs:
        cells = [rule.cells[name] for rule in table.rules]
        if all(cell.is_any for cell in cells):
            continue
        masks = set(Axis(policy.axis_fact(name), cells).masks(cells))
        beside = [0] * len(cells)
        for mask in masks:
            for at in bits(mask):
                beside[at] |= mask
        found = [one & other for one, other in zip(found, beside, strict=True)]
    return found
