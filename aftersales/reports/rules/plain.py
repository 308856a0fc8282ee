"""A report as plain data that can be kept, signed and read again, whatever becomes of the records it was counted from."""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def freeze(value: Any) -> Any:
    """The value as JSON-ready data; `thaw` gives it back."""
    if is_dataclass(value):
        return {each.name: freeze(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): freeze(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [freeze(each) for each in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


def thaw(kind: type[T], data: Mapping[str, Any]) -> T:
    """The dataclass that `freeze` described; what it does not know is passed over, what is not there has its default."""
    hints = get_type_hints(kind)
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: _thawed(hints[name], value) for name, value in data.items() if name in known})


def digest(data: Any) -> str:
    """The SHA-256 of plain data: the same data has the same, however it lay in the database."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _thawed(hint: Any, value: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is types.UnionType:
        return None if value is None else _thawed(next(each for each in inner if each is not type(None)), value)
    if origin is tuple:
        return tuple(_thawed(inner[0], each) for each in value)
    if origin is not None:  # a mapping
        return {name: _thawed(inner[1], each) for name, each in value.items()}
    if is_dataclass(hint):
        return thaw(hint, value)  # type: ignore[arg-type]
    if hint in (datetime, date):
        return hint.fromisoformat(value)
    return hint(value)
