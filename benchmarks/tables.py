"""The rows of one model on their way from the small house into the large one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models

Row = list[Any]


@dataclass
class Table:
    """The rows of one model that are copied, and what has to be changed in each copy."""

    model: type[models.Model]
    columns: list[str]
    rows: list[Row]
    times: list[int] = field(default_factory=list)
    """Columns that begin with a day, which moves."""
    links: list[tuple[int, type[models.Model]]] = field(default_factory=list)
    """Columns that name a copied row of some model."""
    numbers: list[int] = field(default_factory=list)
    """Columns that hold an order's number."""
    batch: list[Row] = field(default_factory=list)
    base: int = 0
    """The id of the last row copied."""
    place: dict[Any, int] = field(default_factory=dict)
    """Which row of `rows` an id is."""

    def at(self, column: str) -> int:
        """Where a column is in each row."""
        return self.columns.index(column)
