"""What happened in the workshop, for the rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aftersales.core.erasing import Traces


@dataclass(frozen=True)
class OrderReceived:
    """A unit was taken in and its repair order opened."""

    number: str
    station: str
    at: datetime


@dataclass(frozen=True)
class OrderMoved:
    """A repair order went from one state to another."""

    number: str
    station: str
    action: str
    before: str
    after: str
    at: datetime


@dataclass(frozen=True)
class ExpertAsked:
    """A question about an order was put to an expert or to the manufacturer."""

    number: str
    order: str
    station: str
    addressee: str
    due_at: datetime


@dataclass(frozen=True)
class ExpertAnswered:
    """The answer to such a question is there."""

    number: str
    order: str
    station: str
    at: datetime


@dataclass(frozen=True)
class OrderHandedOver:
    """The customer has the unit back."""

    number: str
    station: str
    at: datetime


@dataclass(frozen=True)
class OrdersErased:
    """Orders name an erased customer no more: `numbers` were his, `others` were of a unit of his. Copies must follow."""

    numbers: tuple[str, ...]
    others: tuple[str, ...]
    traces: Traces
    at: datetime
