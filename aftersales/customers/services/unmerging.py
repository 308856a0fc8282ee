"""Making two records of one again, as they were; what came to the kept one since the merge stays there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import F

from aftersales.core import events, files, journal, locks, transaction
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.errors import Refused
from aftersales.core.text import text as _
from aftersales.customers import queries
from aftersales.customers.events import MergeUndone
from aftersales.customers.models import Address, Customer, CustomerStation, Merge, Phone, Unit, UnitOwnership
from aftersales.customers.rules import merging as rules
from aftersales.customers.services.findable import index_customer, index_unit
from aftersales.customers.services.moves import take_back
from aftersales.staff import queries as staff


@transaction.act
def undo_merge(actor: Actor, *, merge_id: int, now: datetime) -> Merge:
    """The merge, undone; one that was undone before is given back as it is."""
    merge = queries.get_merge(actor, merge_id)
    kept, gone = _locked(merge)
    merge.refresh_from_db()
    if merge.undone_at is not None:
        return merge
    _refuse_unseen(actor, merge, kept, gone)
    why_not = rules.why_not_undone(queries.undo_facts(merge, kept, gone), now)
    if why_not is not None:
        raise Refused(why_not)
    told = kept.facts()
    _give_values_back(merge, kept, gone)
    _give_rows_back(merge)
    merge.undone_at, merge.undone_by = now, actor.name
    merge.save(update_fields=["undone_at", "undone_by"])
    events.publish(MergeUndone(merge.pk, merge.kind, kept.pk, gone.pk, now))
    _tell(actor, merge, told)
    return merge


@transaction.act
def keep_served(customer_id: int, *, stations: Iterable[str], now: datetime) -> None:
    """Nothing; these stations serve the customer. For rooms whose rows stay with him when a merge is undone."""
    for code in stations:
        station = staff.get_station(SYSTEM, code)
        CustomerStation.objects.get_or_create(customer_id=customer_id, station=station, defaults={"since_at": now})
    index_customer(Customer.objects.get(pk=customer_id))


def _locked(merge: Merge) -> tuple[Any, Any]:
    model: Any = Customer if merge.kind == "customer" else Unit
    rows = {
        row.pk: row
        for row in locks.for_update(model.objects.filter(pk__in=[merge.kept_key, merge.gone_key]).order_by("pk"))
    }
    return rows[merge.kept_key], rows[merge.gone_key]


def _refuse_unseen(actor: Actor, merge: Merge, kept: Any, gone: Any) -> None:
    bearings = queries.bearings_of(merge.kind, kept.pk, gone.pk)
    if not queries.sees_all(actor, merge.kind, kept, gone, bearings):
        raise Refused(_("One of the two is also known at a station that you do not see. Ask headquarters to undo it."))


def _give_values_back(merge: Merge, kept: Any, gone: Any) -> None:
    """Each column gets its old value, unless it was changed since; then the change stands."""
    model = type(kept)
    was, became = merge.before["kept"], merge.after["kept"]
    field = model._meta.get_field
    back = {name: value for name, value in was.items() if getattr(kept, name) == field(name).to_python(became[name])}
    try:
        with transaction.atomic():
            model.objects.filter(pk=kept.pk).update(**_whole(back), version=F("version") + 1)
            model.objects.filter(pk=gone.pk).update(**merge.before["gone"], merged_into=None, version=F("version") + 1)
    except IntegrityError as error:  # what one of them would get back is somebody else's by now
        raise Refused(rules.TAKEN) from error


def _whole(back: dict[str, Any]) -> dict[str, Any]:
    """Columns that go together go back together: a serial number with its key, a model with its name, a reading with its instant."""
    groups = [columns for columns in rules.UNIT_FIELDS.values() if len(columns) > 1]
    for columns in (*groups, ("serial", "serial_key")):
        if not all(name in back for name in columns):
            back = {name: value for name, value in back.items() if name not in columns}
    return back


def _give_rows_back(merge: Merge) -> None:
    for kind, rows in (
        ("phone", Phone.objects.all()),
        ("address", Address.objects.all()),
        ("ownership", UnitOwnership.objects.all()),
        ("unit", Unit.objects.all()),
        ("unit_key", Unit.objects.all()),
    ):
        take_back(merge.pk, kind=kind, rows=rows)
    added = [each.key for each in queries.moves_of(merge.pk, "station")]
    CustomerStation.objects.filter(pk__in=added).delete()
    photos = [each.key for each in queries.moves_of(merge.pk, "photo")]
    files.move_photos(merge.kind, from_key=merge.kept_key, to_key=merge.gone_key, only=photos)
    if merge.kind == "customer":
        _have_main_phones(merge)


def _have_main_phones(merge: Merge) -> None:
    for customer_id in (merge.kept_key, merge.gone_key):
        phones = Phone.objects.filter(customer_id=customer_id).order_by("pk")
        first = phones.first()
        if first is not None and not phones.filter(is_main=True).exists():
            Phone.objects.filter(pk=first.pk).update(is_main=True)


def _tell(actor: Actor, merge: Merge, before: dict[str, Any]) -> None:
    """Both journals, and the search index of both."""
    kept, gone = _indexed(merge.kind, merge.kept_key), _indexed(merge.kind, merge.gone_key)
    for (record, scope), other, was in ((kept, gone[0], before), (gone, kept[0], None)):
        journal.record(
            actor,
            at=merge.undone_at or merge.merged_at,
            act="undo_merge",
            kind=merge.kind,
            key=record.pk,
            scope=scope,
            before=was,
            after=None if was is None else record.facts(),
            note=getattr(other, "number", "") or str(other),
        )


def _indexed(kind: str, key: int) -> tuple[Any, str]:
    """The record, findable as it stands now, and its station."""
    if kind == "customer":
        customer = Customer.objects.select_related("home_station").get(pk=key)
        index_customer(customer)
        return customer, customer.home_station.code
    unit = queries.get_unit(SYSTEM, key)
    index_unit(unit)
    return unit, unit.owner.home_station.code
