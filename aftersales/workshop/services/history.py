"""Bringing the repair history of an earlier system or another house in, batch by batch, as often as wanted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime
from itertools import islice

from aftersales.core import clock, journal, search, transaction
from aftersales.core.actor import Actor
from aftersales.core.search import Entry
from aftersales.core.text import Text
from aftersales.staff import queries as staff
from aftersales.workshop.models import PastRepair
from aftersales.workshop.permissions import Permission
from aftersales.workshop.rules.history import Misfit, OldRepair, read_row
from aftersales.workshop.rules.similar import brand_marks, category_mark, model_marks

BATCH = 2000
KEPT_MISFITS = 10_000
INDEXED_AS = 2
"""Raised when records are indexed in another way, so that bringing the same file in again makes them findable anew."""
FIELDS = ("category", "brand", "model", "problem", "outcome", "place", "repaired_on")


@dataclass
class HistoryReport:
    """What an import did, row by row counted; nothing is dropped without being listed."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    misfits: list[Misfit] = field(default_factory=list)
    misfit_count: int = 0


def bring_in_past_repairs(
    actor: Actor,
    *,
    station: str,
    source: str,
    rows: Iterable[Mapping[str, str | None]],
    now: datetime,
    progress: Callable[[int], None] = lambda _read: None,
) -> HistoryReport:
    """The report of bringing in every row that fits; each batch is one act, so that an import can be stopped and repeated."""
    actor.require(Permission.RECEIVE)
    place = staff.get_station(actor, station)
    today = clock.local_date(now, place.time_zone)
    report = HistoryReport()
    numbered = enumerate(rows, start=2)  # line 1 of the file holds the column names
    while batch := list(islice(numbered, BATCH)):
        fitting = _fitting(batch, today, report)
        _store(place.pk, place.code, source, fitting, report)
        progress(report.read)
    _journal(actor, report, source=source, scope=place.code, now=now)
    return report


def _fitting(
    batch: Sequence[tuple[int, Mapping[str, str | None]]], today: date, report: HistoryReport
) -> dict[str, OldRepair]:
    fitting: dict[str, OldRepair] = {}
    for line, row in batch:
        report.read += 1
        repair = read_row(row, today)
        if isinstance(repair, Text):
            report.misfit_count += 1
            if len(report.misfits) < KEPT_MISFITS:
                report.misfits.append(Misfit(line, (row.get("id") or "")[:64], repair))
        else:
            fitting[repair.source_id] = repair
    return fitting


@transaction.act
def _store(station_id: int, scope: str, source: str, repairs: Mapping[str, OldRepair], report: HistoryReport) -> None:
    known = {past.source_id: past for past in PastRepair.objects.filter(source=source, source_id__in=list(repairs))}
    new = [
        PastRepair(station_id=station_id, source=source, source_id=key, fingerprint=_print(repair), **_fields(repair))
        for key, repair in repairs.items()
        if key not in known
    ]
    changed = []
    for key, past in known.items():
        if past.fingerprint != _print(repairs[key]):
            for name, value in {**_fields(repairs[key]), "fingerprint": _print(repairs[key])}.items():
                setattr(past, name, value)
            changed.append(past)
    created = PastRepair.objects.bulk_create(new)
    if changed:
        PastRepair.objects.bulk_update(changed, [*FIELDS, "fingerprint"])
    search.index_many([_entry(past, scope) for past in [*created, *changed]])
    report.added += len(new)
    report.changed += len(changed)
    report.unchanged += len(known) - len(changed)


def _entry(past: PastRepair, scope: str) -> Entry:
    title = " · ".join(part for part in (past.category, past.brand, past.model) if part)
    detail = " · ".join(part for part in (str(past.repaired_on or ""), past.outcome, past.problem[:160]) if part)
    return Entry(
        kind="past_repair",
        key=str(past.pk),
        title=title[:200],
        detail=detail[:300],
        texts=(title, past.problem),
        codes=(past.source_id,),
        scopes=(scope,),
        marks=(category_mark(past.category), *brand_marks(past.brand), *model_marks(past.model)),
    )


def _fields(repair: OldRepair) -> dict[str, object]:
    return {name: getattr(repair, name) for name in FIELDS}


def _print(repair: OldRepair) -> str:
    return hashlib.blake2b(repr((INDEXED_AS, astuple(repair))).encode(), digest_size=16).hexdigest()


def _journal(actor: Actor, report: HistoryReport, *, source: str, scope: str, now: datetime) -> None:
    counts = {name: getattr(report, name) for name in ("read", "added", "changed", "unchanged", "misfit_count")}
    if report.added or report.changed:
        with transaction.atomic():
            journal.record(
                actor, at=now, act="bring_in", kind="past_repairs", key=source[:40], scope=scope, after=counts
            )
