"""What the hall screen shows to everybody: enough for the customer to know his unit, too little to know another's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from aftersales.core.masking import mask_name
from aftersales.core.text import Text

T = TypeVar("T")
SECONDS = 20
"""How long a page of the screen stays."""


@dataclass(frozen=True)
class WallCard:
    """One unit on the screen: the end of its number, its masked owner and plate, and how far it is in the customer's words."""

    number: str
    customer: str
    unit: str
    label: Text
    tone: str
    promised_at: datetime | None


def short_number(number: str) -> str:
    """The end of an order's number, as the customer finds it on his slip: `RO-NJ-2026-000123` is `000123`."""
    return number.rsplit("-", 1)[-1]


def masked_unit(*, plate: str, model: str) -> str:
    """A plate with its middle hidden, or else the model: `苏A·1**4K`."""
    if not plate:
        return model
    hidden = max(1, len(plate) - 4)
    return plate[:2] + "*" * hidden + plate[-2:] if len(plate) > 4 else mask_name(plate)


def page_at(cards: Sequence[T], *, size: int, now: datetime) -> tuple[Sequence[T], int, int]:
    """Of the cards those that are shown now, which page that is (from 1) and of how many; the pages take turns."""
    pages = max(1, -(-len(cards) // size))
    place = int(now.timestamp()) // SECONDS % pages
    return cards[place * size : (place + 1) * size], place + 1, pages
