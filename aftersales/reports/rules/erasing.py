"""A kept report that names an erased customer no more: his plate and what was noted of him go, every figure stays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from aftersales.core.erasing import Traces


def without(data: Any, *, his: Collection[str], others: Collection[str], traces: Traces) -> Any:
    """The frozen report in which rows of `his` orders have no note, and neither those nor `others` name him."""
    if isinstance(data, Mapping):
        return {name: _entry(data, name, value, his=his, others=others, traces=traces) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [without(each, his=his, others=others, traces=traces) for each in data]
    return data


def _entry(
    row: Mapping[str, Any], name: str, value: Any, *, his: Collection[str], others: Collection[str], traces: Traces
) -> Any:
    number = row.get("number")
    if name == "note" and number in his:
        return ""
    if number in his or number in others or name in his or name in others:
        return traces.taken_out(value)
    return without(value, his=his, others=others, traces=traces)
