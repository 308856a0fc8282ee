"""What happened to customers and units, for the rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CustomerRegistered:
    """A customer is served by a station for the first time; `is_new` tells one that no station knew before."""

    customer_id: int
    station: str
    at: datetime
    is_new: bool = True


@dataclass(frozen=True)
class UnitRegistered:
    """A unit is known for the first time."""

    unit_id: int
    customer_id: int
    at: datetime


@dataclass(frozen=True)
class UnitTransferred:
    """A unit has a new owner."""

    unit_id: int
    from_customer_id: int
    to_customer_id: int
    at: datetime
