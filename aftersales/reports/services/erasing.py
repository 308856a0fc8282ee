"""Reports are kept as they were sent; of a customer who is erased they keep what was counted, not who he was."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from aftersales.core import transaction
from aftersales.core.erasing import Traces
from aftersales.reports.models import DailyReport
from aftersales.reports.rules import erasing, plain

AT_ONCE = 50


@transaction.act
def erase_customer_in_reports(*, numbers: Sequence[str], others: Sequence[str], traces: Traces) -> int:
    """The number of kept reports that named the customer, or what was noted of him, and do so no more."""
    changed = 0
    wanted = [*numbers, *others]
    for start in range(0, len(wanted), AT_ONCE):
        naming = Q(pk__in=())
        for number in wanted[start : start + AT_ONCE]:
            naming |= Q(text__contains=number)
        kept = DailyReport.objects.annotate(text=Cast("snapshot", TextField())).filter(naming)
        for report in kept.order_by("pk"):
            snapshot = erasing.without(report.snapshot, his=set(numbers), others=set(others), traces=traces)
            if snapshot != report.snapshot:
                report.snapshot, report.sha256 = snapshot, plain.digest(snapshot)
                report.save(update_fields=["snapshot", "sha256"])
                changed += 1
    return changed
