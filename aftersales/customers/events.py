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


@dataclass(frozen=True)
class CustomersMerged:
    """Two records were one customer. Whoever keeps rows of the one that is gone hands them over, and says which."""

    merge_id: int
    kept_id: int
    gone_id: int
    at: datetime


@dataclass(frozen=True)
class UnitsMerged:
    """Two records were one unit. Whoever keeps rows of the one that is gone hands them over, and says which."""

    merge_id: int
    kept_id: int
    gone_id: int
    at: datetime


@dataclass(frozen=True)
class MergeUndone:
    """Two merged records are two again; the rows that came with the merge go back. `kind` is `customer` or `unit`."""

    merge_id: int
    kind: str
    kept_id: int
    gone_id: int
    at: datetime
