"""The one order in which rows are locked, so that no two acts can wait for each other.

Lock late, once, and always in this order; inside one table by ascending id:

    number series → customer → unit → policy version → repair order → its lines → stocktake → balance → reservation →
    freight document → account → voucher series → clock → outbox

The series of vouchers is drawn from last, because everybody who posts at a station waits for it.

One act cannot keep to it: editing a calendar moves the clocks that run by it, and each tells its order afterwards. Should it meet
an act on one of those orders at that instant, PostgreSQL ends one of the two, which is then told to send it again (503).

SQLite has no row locks: there the whole act holds the writer's turn (see `transaction`), and these calls cost nothing.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def for_update(rows: QuerySet[M, Any]) -> QuerySet[M, Any]:
    """These rows, locked until the act ends; joined tables are not locked."""
    return rows.select_for_update(of=("self",))
