"""What happened to customers and units, for the rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aftersales.core.erasing import Traces


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


@dataclass(frozen=True)
class CustomerErased:
    """Everything personal of a customer is erased. Whoever keeps rows of him takes out what names him, photos and all.

    `customer_ids` are his record and those merged into it, `unit_ids` the units he owns.
    """

    customer_ids: tuple[int, ...]
    unit_ids: tuple[int, ...]
    traces: Traces
    at: datetime
