"""Making one customer, or one unit, of two records. Nothing is thrown away: the other record stays and leads to the kept one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import datetime
from typing import Any

from django.db.models import F

from aftersales.core import clock, events, files, journal, locks, search, transaction
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.errors import Missing, Refused
from aftersales.core.text import text as _
from aftersales.customers import queries
from aftersales.customers.events import CustomersMerged, UnitsMerged
from aftersales.customers.models import Address, Customer, CustomerStation, Merge, Phone, Unit, UnitOwnership
from aftersales.customers.permissions import Permission
from aftersales.customers.rules import merging as rules, units
from aftersales.customers.rules.merging import Side
from aftersales.customers.services.duplicates import forget_pairs
from aftersales.customers.services.findable import index_customer, index_unit
from aftersales.customers.services.moves import hand_over, move, plain, remember
from aftersales.customers.services.units import refuse_taken, serial_key_of

NO_CHOICES: Mapping[str, str] = {}


@transaction.act
def merge_customers(
    actor: Actor, *, kept_id: int, gone_id: int, choices: Mapping[str, str] = NO_CHOICES, now: datetime
) -> Merge:
    """The merge that makes one customer of two; where they were merged before, the merge that did it."""
    actor.require(Permission.MERGE_CUSTOMERS)
    known = _merged_before(actor, Customer, kept_id, gone_id)
    if known is not None:
        return known
    kept, gone = queries.get_customer(actor, kept_id), queries.get_customer(actor, gone_id)
    _refuse_objections(actor, "customer", kept, gone)
    told, values = kept.facts(), _chosen(queries.choices("customer", kept, gone), kept, gone, choices)
    merge = _begin(actor, kept, gone, {**values, "created_at": min(kept.created_at, gone.created_at)}, now=now)
    _write(kept, merge)
    _unite_reach(merge, kept, gone)
    _hand_over_units(merge, kept, gone)
    _unite_stations(merge, kept, gone)
    _retire(gone, kept, merge)
    events.publish(CustomersMerged(merge.pk, kept.pk, gone.pk, now))
    _tell(actor, merge, told, kept.facts(), gone=f"{gone.number} · {gone.name}", scope=kept.home_station.code)
    search.remove("customer", gone.pk)
    index_customer(kept)
    return merge


@transaction.act
def merge_units(
    actor: Actor, *, kept_id: int, gone_id: int, choices: Mapping[str, str] = NO_CHOICES, now: datetime
) -> Merge:
    """The merge that makes one unit of two; where they were merged before, the merge that did it."""
    actor.require(Permission.MERGE_UNITS)
    known = _merged_before(actor, Unit, kept_id, gone_id)
    if known is not None:
        return known
    kept, gone = queries.get_unit(actor, kept_id), queries.get_unit(actor, gone_id)
    _refuse_objections(actor, "unit", kept, gone)
    told, values = kept.facts(), _chosen(queries.choices("unit", kept, gone), kept, gone, choices)
    values |= {"created_at": min(kept.created_at, gone.created_at)}
    values["serial_key"] = _key_after(kept, gone, values, now=now)
    gives_up = gone.serial_key is not None and gone.serial_key == values["serial_key"]
    merge = _begin(actor, kept, gone, values, {"is_active": False, **(_NO_NUMBER if gives_up else {})}, now=now)
    _retire(gone, kept, merge)
    _write(kept, merge)
    _unite_owners(merge, kept, gone, owner_id=values["owner_id"], now=now)
    events.publish(UnitsMerged(merge.pk, kept.pk, gone.pk, now))
    kept = queries.get_unit(SYSTEM, kept.pk)
    _tell(actor, merge, told, kept.facts(), gone=gone.label, scope=kept.owner.home_station.code)
    search.remove("unit", gone.pk)
    index_unit(kept)
    return merge


_NO_NUMBER = {"serial": "", "serial_key": None}


# Whether


def _merged_before(actor: Actor, model: Any, kept_id: int, gone_id: int) -> Merge | None:
    """The merge that made these two one already, whichever was kept; None, and both locked, when they are two.

    Somebody else may have merged one of them while this one waited for the lock.
    """
    rows = {row.pk: row for row in locks.for_update(model.objects.filter(pk__in=[kept_id, gone_id]).order_by("pk"))}
    if not {kept_id, gone_id} <= set(rows):
        raise Missing
    for key in rows:
        _look(model)(actor, key)
    last = {queries.survivor_id(model, key) for key in rows}
    if len(rows) > 1 and len(last) == 1:
        gone = next(row for row in rows.values() if row.merged_into_id is not None)
        merge = Merge.objects.get(kind=model._meta.model_name, gone_key=gone.pk, undone_at__isnull=True)
        return queries.get_merge(actor, merge.pk)
    if any(row.merged_into_id is not None for row in rows.values()):
        raise Refused(_("One of the two has been merged with another record meanwhile. Look at it again."))
    return None


def _look(model: Any) -> Callable[[Actor, int], Any]:
    return queries.get_customer if model is Customer else queries.get_unit


def _refuse_objections(actor: Actor, kind: str, kept: Any, gone: Any) -> None:
    bearings = queries.bearings_of(kind, kept.pk, gone.pk)
    objections = queries.objections(actor, kind, kept, gone, bearings)
    if objections:
        raise Refused(objections[0])


def _chosen(fields: Iterable[queries.FieldChoice], kept: Any, gone: Any, choices: Mapping[str, str]) -> dict[str, Any]:
    """The columns of the kept record as they will be."""
    columns = rules.CUSTOMER_FIELDS if isinstance(kept, Customer) else rules.UNIT_FIELDS
    values: dict[str, Any] = {}
    for each in fields:
        side = rules.check_choice(each.name, choices.get(each.name) or each.side)
        if side == Side.BOTH:
            values["note"] = rules.joined_notes(kept.note, gone.note)
        else:
            values |= {name: getattr(kept if side == Side.KEPT else gone, name) for name in columns[each.name]}
    return values


def _key_after(kept: Unit, gone: Unit, values: Mapping[str, Any], *, now: datetime) -> str | None:
    """What will tell the kept unit from all others; refuses what cannot be and what a third unit has."""
    owner = kept.owner if values["owner_id"] == kept.owner_id else gone.owner
    today = clock.local_date(now, owner.home_station.time_zone)
    units.check_dates(purchased_on=values["purchased_on"], shipped_on=values["shipped_on"], today=today)
    will_be = copy(kept)
    for name, value in values.items():
        setattr(will_be, name, value)
    will_be.serial_key = serial_key_of(will_be)
    refuse_taken(will_be, besides=[gone.pk])
    return will_be.serial_key


# Writing


def _begin(
    actor: Actor, kept: Any, gone: Any, becomes: Mapping[str, Any], retires: Mapping[str, Any] | None = None, *,
    now: datetime,
) -> Merge:  # fmt: skip
    """The merge on record, with what both records hold before and after."""
    after = {"kept": dict(becomes), "gone": dict(retires or {})}
    before = {
        "kept": {name: getattr(kept, name) for name in after["kept"]},
        "gone": {name: getattr(gone, name) for name in after["gone"]},
    }
    return Merge.objects.create(
        kind=kept._meta.model_name,
        kept_key=kept.pk,
        gone_key=gone.pk,
        merged_at=now,
        merged_by=actor.name,
        before={side: plain(values) for side, values in before.items()},
        after={side: plain(values) for side, values in after.items()},
    )


def _write(kept: Any, merge: Merge) -> None:
    """The kept record with its values; a form opened on either record before now no longer fits its version."""
    type(kept).objects.filter(pk=kept.pk).update(**merge.after["kept"], version=_version_above(merge, kept))
    kept.refresh_from_db()


def _version_above(merge: Merge, kept: Any) -> int:
    rows = type(kept).objects.filter(pk__in=[merge.kept_key, merge.gone_key])
    return 1 + max(int(version) for version in rows.values_list("version", flat=True))


def _retire(gone: Any, kept: Any, merge: Merge) -> None:
    """The other record, which from now on only leads to the kept one; its photos go there at once."""
    type(gone).objects.filter(pk=gone.pk).update(**merge.after["gone"], merged_into=kept.pk, version=F("version") + 1)
    forget_pairs(merge.kind, gone.pk)
    moved = files.move_photos(merge.kind, from_key=gone.pk, to_key=kept.pk)
    remember(merge.pk, "photo", ((key, {"key": str(gone.pk)}, {"key": str(kept.pk)}) for key in moved))


def _unite_reach(merge: Merge, kept: Customer, gone: Customer) -> None:
    """Numbers and addresses that the kept record lacks come over; what both have stays where it is."""
    numbers = set(Phone.objects.filter(customer=kept).values_list("number", flat=True))
    has_main = Phone.objects.filter(customer=kept, is_main=True).exists()
    for phone in Phone.objects.filter(customer=gone).exclude(number__in=numbers).order_by("pk"):
        move(merge.pk, "phone", phone, customer_id=kept.pk, is_main=phone.is_main and not has_main)
    texts = Address.objects.filter(customer=kept).values("text")
    hand_over(
        merge.pk,
        kind="address",
        rows=Address.objects.exclude(text__in=texts),
        field="customer_id",
        from_key=gone.pk,
        to_key=kept.pk,
    )


def _hand_over_units(merge: Merge, kept: Customer, gone: Customer) -> None:
    """His units and his place in the histories of units, present and past."""
    owned, owner = Unit.objects.all(), {"from_key": gone.pk, "to_key": kept.pk}
    for unit, key in queries.keys_after_change_of_owner(gone, kept):
        move(merge.pk, "unit_key", unit, serial_key=key)
    hand_over(merge.pk, kind="unit", rows=owned, field="owner_id", **owner)
    hand_over(merge.pk, kind="ownership", rows=UnitOwnership.objects.all(), field="customer_id", **owner)


def _unite_stations(merge: Merge, kept: Customer, gone: Customer) -> None:
    here = CustomerStation.objects.filter(customer=kept).values("station")
    for link in CustomerStation.objects.filter(customer=gone).exclude(station__in=here):
        added = CustomerStation.objects.create(customer=kept, station_id=link.station_id, since_at=link.since_at)
        remember(merge.pk, "station", [(added.pk, {}, {})])


def _unite_owners(merge: Merge, kept: Unit, gone: Unit, *, owner_id: int, now: datetime) -> None:
    """One history of owners: past ones come over; of two present owners the one not chosen owned it until now."""
    hand_over(
        merge.pk,
        kind="ownership",
        rows=UnitOwnership.objects.filter(until_at__isnull=False),
        field="unit_id",
        from_key=gone.pk,
        to_key=kept.pk,
    )
    present = {row.unit_id: row for row in UnitOwnership.objects.filter(unit__in=[kept, gone], until_at__isnull=True)}
    ours, theirs = present.get(kept.pk), present.get(gone.pk)
    if ours is None or theirs is None:
        return
    if ours.customer_id == theirs.customer_id:
        if theirs.since_at < ours.since_at:
            move(merge.pk, "ownership", ours, since_at=theirs.since_at)
        return
    if ours.customer_id == owner_id:
        move(merge.pk, "ownership", theirs, unit_id=kept.pk, until_at=now)
    else:
        move(merge.pk, "ownership", ours, until_at=now)
        move(merge.pk, "ownership", theirs, unit_id=kept.pk)


def _tell(
    actor: Actor, merge: Merge, before: Mapping[str, Any], after: Mapping[str, Any], *, gone: str, scope: str
) -> None:
    """Both journals: what the kept record became, and where the other one went."""
    journal.record(
        actor, at=merge.merged_at, act="merge", kind=merge.kind, key=merge.kept_key, scope=scope, before=before,
        after=after, note=gone,
    )  # fmt: skip
    journal.record(
        actor, at=merge.merged_at, act="merged_into", kind=merge.kind, key=merge.gone_key, scope=scope,
        after={"into": merge.kept_key, "merge": merge.pk},
    )  # fmt: skip
