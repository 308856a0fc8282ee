"""Numbers without gaps, per kind of paper, place and year."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import F

from aftersales.core.models import NumberSeries


def next_number(prefix: str, *, scope: str, year: int) -> str:
    """The next number of a series, such as `RO-NJ-2026-000123`.

    The series' row stays locked until the caller's transaction ends, so an act that is rolled back gives its number back
    and two writers can neither share nor skip one.
    """
    return next_numbers(prefix, scope=scope, year=year, count=1)[0]


def next_numbers(prefix: str, *, scope: str, year: int, count: int) -> list[str]:
    """The next so many numbers of a series, one after the other."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A number is drawn inside an act, or two writers could share it.")
    if not count:
        return []
    series = NumberSeries.objects.filter(prefix=prefix, scope=scope, year=year)
    if not series.update(last=F("last") + count):
        NumberSeries.objects.bulk_create([NumberSeries(prefix=prefix, scope=scope, year=year)], ignore_conflicts=True)
        series.update(last=F("last") + count)
    last = series.values_list("last", flat=True).get()
    return [f"{prefix}-{scope}-{year}-{number:06d}" for number in range(last - count + 1, last + 1)]
