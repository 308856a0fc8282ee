"""Rows that go from one record to another with a merge, each remembered with what it held, so that it can go back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from aftersales.customers.models import MergeMove
from aftersales.customers.queries import moves_of

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

Values = Mapping[str, Any]


def hand_over(merge_id: int, *, kind: str, rows: QuerySet[Any, Any], field: str, from_key: int, to_key: int) -> int:
    """The number of rows (of any room) that held one record in `field` and hold the other from now on.

    `kind` is the word under which they are remembered; `take_back` with the same word gives them back.
    """
    keys = list(rows.filter(**{field: from_key}).order_by("pk").values_list("pk", flat=True))
    rows.filter(pk__in=keys).update(**{field: to_key})
    remember(merge_id, kind, ((key, {field: from_key}, {field: to_key}) for key in keys))
    return len(keys)


def move(merge_id: int, kind: str, row: Model, **values: Any) -> None:
    """Nothing; the row holds these values from now on."""
    was = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    remember(merge_id, kind, [(row.pk, was, values)])


def remember(merge_id: int, kind: str, moves: Iterable[tuple[int, Values, Values]]) -> None:
    """Nothing; what these rows held before and after is written down."""
    rows = [
        MergeMove(merge_id=merge_id, kind=kind, key=key, was=plain(was), became=plain(became))
        for key, was, became in moves
    ]
    MergeMove.objects.bulk_create(rows, batch_size=500)


def take_back(merge_id: int, *, kind: str, rows: QuerySet[Any, Any]) -> list[int]:
    """The ids of the rows that hold again what they held before the merge; what was changed since stays as it is."""
    groups: dict[str, tuple[Values, Values, list[int]]] = {}
    for each in moves_of(merge_id, kind):
        groups.setdefault(repr((each.was, each.became)), (each.was, each.became, []))[2].append(each.key)
    for was, became, keys in groups.values():
        # To whom it belongs goes back first: PostgreSQL's JSON keeps no order, and a main telephone must not meet another one.
        for name, value in sorted(was.items(), key=lambda each: not each[0].endswith("_id")):
            rows.filter(pk__in=keys, **_being(name, became[name])).update(**{name: value})
    return [key for _was, _became, keys in groups.values() for key in keys]


def _being(name: str, value: Any) -> dict[str, Any]:
    return {f"{name}__isnull": True} if value is None else {name: value}


def plain(values: Values) -> dict[str, Any]:
    """The values as JSON keeps them; instants and days lose nothing."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
