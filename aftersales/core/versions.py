"""Two people editing one record are told of each other instead of overwriting each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aftersales.core import journal
from aftersales.core.errors import Conflict, Difference
from aftersales.core.text import Text


def check(
    *,
    stands: int,
    opened: int,
    kind: str,
    key: str | int,
    current: Mapping[str, Any],
    wanted: Mapping[str, Any],
    labels: Mapping[str, Text],
) -> None:
    """Refuse an edit of a record that has moved on since it was opened, showing both versions side by side."""
    if stands == opened:
        return
    differences = tuple(
        Difference(labels[name], _shown(current.get(name)), _shown(value))
        for name, value in wanted.items()
        if name in labels and current.get(name) != value
    )
    raise Conflict(changed_by=journal.last_actor(kind, key), differences=differences, stands=stands)


def _shown(value: Any) -> str:
    return "—" if value in (None, "") else str(value)
