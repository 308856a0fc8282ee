"""Records that go on under another one: where a merged record leads, and which records a living one took in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from aftersales.core.rows import only

if TYPE_CHECKING:
    from aftersales.customers.models import Customer, Unit


def survivor_id(model: type[Customer | Unit], key: int) -> int:
    """The id under which a record goes on; its own unless it was merged, or there is none."""
    while True:
        into = only(model.objects.filter(pk=key, merged_into__isnull=False).values_list("merged_into_id", flat=True))
        if into is None:
            return key
        key = into


def predecessors(model: type[Customer | Unit], keys: Iterable[int]) -> dict[int, list[int]]:
    """Id → the ids of all records that were merged into it, directly or through others."""
    found: dict[int, list[int]] = {key: [] for key in keys}
    root = {key: key for key in found}
    layer = list(found)
    while layer:
        rows = list(model.objects.filter(merged_into__in=layer).order_by("pk").values_list("pk", "merged_into_id"))
        for key, into in rows:
            root[key] = root[into]
            found[root[into]].append(key)
        layer = [key for key, _into in rows]
    return found
