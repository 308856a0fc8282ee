"""Moves and the balances they make. A quantity is a whole number of the item's smallest measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from aftersales.core.errors import Invalid
from aftersales.core.text import Text, text as _
from aftersales.warehouse.rules.stores import Tracking

MOST = 10_000_000
"""A larger quantity is a slip of the scanner, such as a bar code read into the box for the quantity."""
MOST_DAYS = 3650


class MoveKind(StrEnum):
    """Why goods moved."""

    RECEIPT = "receipt"
    SHORT = "short"
    EXCESS = "excess"
    TRANSFER = "transfer"
    COUNT = "count"
    REVERSAL = "reversal"


MOVE_LABELS: Mapping[str, Text] = {
    MoveKind.RECEIPT: _("Goods received"),
    MoveKind.SHORT: _("Short on receipt"),
    MoveKind.EXCESS: _("Over on receipt"),
    MoveKind.TRANSFER: _("Transferred"),
    MoveKind.COUNT: _("Stocktake difference"),
    MoveKind.REVERSAL: _("Reversed"),
}


@dataclass(frozen=True, order=True)
class Key:
    """What a balance is kept of."""

    store_id: int
    item_id: int
    batch: str = ""


@dataclass(frozen=True)
class Line:
    """One move to be made: so much of an item from one store to another."""

    kind: MoveKind
    from_store: int
    to_store: int
    item: int
    batch: str
    quantity: int

    @property
    def origin(self) -> Key:
        """The balance that becomes less."""
        return Key(self.from_store, self.item, self.batch)

    @property
    def goal(self) -> Key:
        """The balance that becomes more."""
        return Key(self.to_store, self.item, self.batch)


def deltas(lines: Iterable[Line]) -> dict[Key, int]:
    """By how much each balance changes; the sum over all stores is nothing, for goods neither appear nor vanish."""
    change: Counter[Key] = Counter()
    for line in lines:
        change[line.origin] -= line.quantity
        change[line.goal] += line.quantity
    return dict(sorted(change.items()))


def receipt_lines(
    *, source: int, store: int, difference: int, item: int, batch: str, stated: int, counted: int
) -> list[Line]:
    """The moves of a receipt: what the delivery note states leaves its source; what was counted comes into the store."""
    arrived, missing, over = min(stated, counted), max(0, stated - counted), max(0, counted - stated)
    lines = [
        Line(MoveKind.RECEIPT, source, store, item, batch, arrived),
        Line(MoveKind.SHORT, source, difference, item, batch, missing),
        Line(MoveKind.EXCESS, difference, store, item, batch, over),
    ]
    return [line for line in lines if line.quantity]


def count_line(*, store: int, difference: int, item: int, batch: str, expected: int, counted: int) -> Line | None:
    """The move that makes the stock what was counted; None where it was right."""
    if counted == expected:
        return None
    origin, goal = (difference, store) if counted > expected else (store, difference)
    return Line(MoveKind.COUNT, origin, goal, item, batch, abs(counted - expected))


def checked_quantity(quantity: int, *, least: int = 1, field: str = "quantity") -> int:
    """The quantity, if it can be one."""
    if not least <= quantity <= MOST:
        raise Invalid(_("Write a whole number from {least} to {most}.", least=least, most=f"{MOST:,}"), field=field)
    return quantity


def checked_batch(tracking: str, batch: str, quantity: int) -> str:
    """The batch or serial number as it is kept, if the item has such."""
    batch = "".join(batch.split()).upper()
    if tracking == Tracking.NONE:
        if batch:
            raise Invalid(_("This item is kept without batch or serial number. Leave the box empty."), field="batch")
        return ""
    if not batch:
        raise Invalid(_("This item is kept by batch or serial number. Scan or write it."), field="batch")
    if tracking == Tracking.SERIAL and quantity > 1:
        raise Invalid(_("A serial number stands for one piece. Write 1, and scan each piece."), field="quantity")
    return batch
