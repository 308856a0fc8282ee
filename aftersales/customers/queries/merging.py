"""Two records side by side before they are merged, what was merged, and what undoing it would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from aftersales.catalog import queries as catalog
from aftersales.core import journal
from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.core.rows import only
from aftersales.core.text import Text, text as _
from aftersales.customers.models import Address, Customer, CustomerStation, Merge, MergeMove, Phone, Unit, UnitOwnership
from aftersales.customers.permissions import Permission
from aftersales.customers.queries.gone import survivor_id
from aftersales.customers.queries.records import (
    Change,
    TimelineItem,
    get_customer,
    get_unit,
    timeline,
    visible_customers,
    visible_units,
)
from aftersales.customers.rules import history, merging, units
from aftersales.customers.rules.merging import Side

Record = Customer | Unit


# What upper rooms know about two records that are to become one


@dataclass(frozen=True)
class Bearing:
    """What an upper room knows of a merge: why not, what would come over, and at which stations it lies."""

    objections: tuple[Text, ...] = ()
    comes_over: tuple[tuple[Text, int], ...] = ()
    stations: frozenset[str] = frozenset()


BearingSource = Callable[[str, int, int], Bearing]
_bearing_sources: list[BearingSource] = []


def add_bearing_source(source: BearingSource) -> None:
    """Let `source(kind, kept_id, gone_id)` say what a merge of two customers or two units means to its room."""
    if source not in _bearing_sources:
        _bearing_sources.append(source)


def bearings_of(kind: str, kept_id: int, gone_id: int) -> list[Bearing]:
    """What all upper rooms say about this merge."""
    return [source(kind, kept_id, gone_id) for source in _bearing_sources]


# Side by side


@dataclass(frozen=True)
class FieldChoice:
    """One field of two records: both values in words, and whose is kept unless somebody chooses."""

    name: str
    label: Text
    kept: object
    gone: object
    side: Side
    is_same: bool
    may_keep_both: bool = False


@dataclass(frozen=True)
class Comparison:
    """Two records side by side."""

    kind: str
    kept: Any
    gone: Any
    fields: tuple[FieldChoice, ...]
    comes_over: tuple[tuple[Text, int], ...]
    objections: tuple[Text, ...]

    @property
    def both(self) -> tuple[Any, Any]:
        """The two, the kept one first."""
        return self.kept, self.gone

    @property
    def open_fields(self) -> tuple[FieldChoice, ...]:
        """The fields in which the two differ."""
        return tuple(each for each in self.fields if not each.is_same)


def compare_customers(actor: Actor, kept_id: int, gone_id: int) -> Comparison:
    """Two customers side by side, with what would come over and whatever stands in the way."""
    kept, gone = get_customer(actor, kept_id), get_customer(actor, gone_id)
    counts = (
        (_("Telephone numbers"), Phone.objects.filter(customer=gone).count()),
        (_("Addresses"), Address.objects.filter(customer=gone).count()),
        (_("Units"), Unit.objects.filter(owner=gone, merged_into__isnull=True).count()),
    )
    return _comparison(actor, "customer", kept, gone, counts)


def compare_units(actor: Actor, kept_id: int, gone_id: int) -> Comparison:
    """Two units side by side, with what would come over and whatever stands in the way."""
    kept, gone = get_unit(actor, kept_id), get_unit(actor, gone_id)
    counts = ((_("Earlier owners"), UnitOwnership.objects.filter(unit=gone, until_at__isnull=False).count()),)
    return _comparison(actor, "unit", kept, gone, counts)


def _comparison(actor: Actor, kind: str, kept: Any, gone: Any, counts: tuple[tuple[Text, int], ...]) -> Comparison:
    bearings = bearings_of(kind, kept.pk, gone.pk)
    return Comparison(
        kind,
        kept,
        gone,
        tuple(choices(kind, kept, gone)),
        tuple(each for each in (*counts, *(one for b in bearings for one in b.comes_over)) if each[1]),
        tuple(objections(actor, kind, kept, gone, bearings)),
    )


def objections(actor: Actor, kind: str, kept: Any, gone: Any, bearings: list[Bearing]) -> list[Text]:
    """Why these two cannot be merged by this actor; nothing when they can."""
    found: list[Text] = []
    if kept.pk == gone.pk:
        found.append(_("This is the same record. Choose another one."))
    if kind == "customer" and (kept.erased_at or gone.erased_at):
        found.append(_("One of the two was erased on request, so there is nothing left to compare."))
    if kind == "unit" and kept.trade != gone.trade:
        found.append(_("The two belong to different trades, so they cannot be one unit."))
    if kind == "customer" and kept.pk != gone.pk:
        found += [
            _(
                "Both own a unit with the number {number}. Merge those two units first.",
                number=number,
            )
            for number in _numbers_per_owner_of_both(kept, gone)
        ]
    if not sees_all(actor, kind, kept, gone, bearings):
        found.append(
            _("One of the two is also known at a station that you do not see. Ask headquarters to merge them.")
        )
    return found + [objection for bearing in bearings for objection in bearing.objections]


def sees_all(actor: Actor, kind: str, kept: Any, gone: Any, bearings: list[Bearing]) -> bool:
    """Whether the actor sees every station at which one of the two is known."""
    stations = _stations_of(kind, kept, gone).union(*(bearing.stations for bearing in bearings))
    return all(actor.sees(station) for station in stations)


def _numbers_per_owner_of_both(kept: Customer, gone: Customer) -> list[str]:
    """Serial numbers that tell units apart only within one owner's, and that both owners have."""
    keys = {key: unit.serial for unit, key in keys_after_change_of_owner(gone, kept)}
    taken = Unit.objects.filter(serial_key__in=keys).values_list("serial_key", flat=True)
    return [keys[key] for key in taken if key]


def keys_after_change_of_owner(giver: Customer, heir: Customer) -> list[tuple[Unit, str]]:
    """The units whose numbers are told apart within one owner's, each with its key as the heir's unit."""
    own = Unit.objects.filter(owner=giver, merged_into__isnull=True, serial_key__contains=f"/{giver.pk}/")
    found = []
    for unit in own.select_related("category"):
        numbers = catalog.get_trade(unit.trade).serial_of(unit.category.code)
        if numbers.one_per == "owner":
            key = units.serial_key(
                one_per="owner",
                trade=unit.trade,
                category=unit.category.code,
                serial=unit.serial,
                owner_id=heir.pk,
            )
            found.append((unit, key or ""))
    return found


def _stations_of(kind: str, kept: Any, gone: Any) -> frozenset[str]:
    owners = [kept.pk, gone.pk] if kind == "customer" else [kept.owner_id, gone.owner_id]
    return frozenset(CustomerStation.objects.filter(customer__in=owners).values_list("station__code", flat=True))


def choices(kind: str, kept: Record, gone: Record) -> list[FieldChoice]:
    """Every field of the two in words, and whose value is kept unless somebody chooses."""
    columns = merging.CUSTOMER_FIELDS if kind == "customer" else merging.UNIT_FIELDS
    gone_is_newer = _last_change(kind, gone) > _last_change(kind, kept)
    found = []
    for name in columns:
        values = _value(kept, columns[name]), _value(gone, columns[name])
        newer = _is_read_later(kept, gone) if name == "meter" else gone_is_newer
        side = merging.default_side(name, *values, gone_is_newer=newer)
        label = merging.FIELD_LABELS[name]
        shown = shown_value(kept, name), shown_value(gone, name)
        found.append(
            FieldChoice(name, label, *shown, side, is_same=values[0] == values[1], may_keep_both=side == Side.BOTH)
        )
    return found


def _value(record: Record, columns: tuple[str, ...]) -> Any:
    values = tuple(getattr(record, column) for column in columns)
    return values[0] if len(values) == 1 else values


def _is_read_later(kept: Any, gone: Any) -> bool:
    return bool(gone.meter_at and (kept.meter_at is None or gone.meter_at > kept.meter_at))


def _last_change(kind: str, record: Record) -> datetime:
    written = [entry.at for entry in journal.entries_of(kind, record.pk) if entry.act in {"register", "edit"}]
    return max(written, default=record.created_at)


def shown_value(record: Any, name: str) -> object:
    """The value of a field of either kind of record, as people read it."""
    special: Mapping[str, Callable[[], object]] = {
        "home_station": lambda: record.home_station.name,
        "category": lambda: record.category.label,
        "model": lambda: record.model_text,
        "owner": lambda: f"{record.owner.name} · {record.owner.number}",
        "meter": lambda: record.meter_reading,
    }
    value = special[name]() if name in special else getattr(record, name)
    return value if isinstance(value, date) else history.worded(name, value)


# What was merged


@dataclass(frozen=True)
class MergeView:
    """A merge with its two records as far as the actor may know them."""

    merge: Merge
    kept: Any
    gone: Any
    until: datetime


@dataclass(frozen=True)
class UndoView(MergeView):
    """What undoing a merge would do."""

    why_not: Text | None
    goes_back: tuple[tuple[Text, int], ...]
    since: tuple[TimelineItem, ...]
    edited: tuple[Change, ...] = field(default_factory=tuple)


MOVE_LABELS: dict[str, Text] = {
    "phone": _("Telephone numbers"),
    "address": _("Addresses"),
    "unit": _("Units"),
    "ownership": _("Entries in owner histories"),
    "station": _("Stations"),
    "photo": _("Photos"),
}


def name_move(kind: str, label: Text) -> None:
    """Say how rows that an upper room moves are called."""
    MOVE_LABELS[kind] = label


def get_merge(actor: Actor, merge_id: int, *, kind: str = "") -> Merge:
    """The merge with this id (of this kind), if the actor may see the kept record."""
    merge = only(Merge.objects.filter(pk=merge_id, **({"kind": kind} if kind else {})))
    if merge is None:
        raise Missing
    actor.require(Permission.MERGE_CUSTOMERS if merge.kind == "customer" else Permission.MERGE_UNITS)
    if merge.kind == "customer":
        get_customer(actor, merge.kept_key)
    else:
        get_unit(actor, merge.kept_key)
    return merge


def list_merges(actor: Actor, kind: str, *, limit: int = 200) -> list[MergeView]:
    """The merges whose kept record the actor sees, latest first."""
    model = Customer if kind == "customer" else Unit
    seen = visible_customers(actor) if kind == "customer" else visible_units(actor)
    merges = list(Merge.objects.filter(kind=kind).order_by("-pk")[: 2 * limit])
    found: Any = model.objects.in_bulk({key for merge in merges for key in (merge.kept_key, merge.gone_key)})
    visible = set(seen.filter(pk__in=[merge.kept_key for merge in merges]).values_list("pk", flat=True))
    shown = [merge for merge in merges if merge.kept_key in visible or _is_visible_through(actor, model, merge)]
    return [_viewed(merge, found) for merge in shown[:limit]]


def _is_visible_through(actor: Actor, model: Any, merge: Merge) -> bool:
    """Whether the actor sees the record under which the kept one goes on by now."""
    last = survivor_id(model, merge.kept_key)
    seen = visible_customers(actor) if model is Customer else visible_units(actor)
    return last != merge.kept_key and seen.filter(pk=last).exists()


def _viewed(merge: Merge, found: Mapping[int, Any]) -> MergeView:
    return MergeView(merge, found[merge.kept_key], found[merge.gone_key], merging.undo_until(merge.merged_at))


def merges_into(kind: str, kept_id: int) -> list[MergeView]:
    """The merges that stand in this record; the caller has already been let see it."""
    model: Any = Customer if kind == "customer" else Unit
    merges = list(Merge.objects.filter(kind=kind, kept_key=kept_id, undone_at__isnull=True).order_by("-pk"))
    found = (
        model.objects.in_bulk({key for merge in merges for key in (merge.kept_key, merge.gone_key)}) if merges else {}
    )
    return [_viewed(merge, found) for merge in merges]


def moves_of(merge_id: int, kind: str = "") -> list[MergeMove]:
    """The rows that came with a merge, the last one first."""
    moves = MergeMove.objects.filter(merge_id=merge_id).order_by("-pk")
    return list(moves.filter(kind=kind) if kind else moves)


def preview_undo(actor: Actor, merge_id: int, *, kind: str = "", now: datetime) -> UndoView:
    """What undoing the merge gives back, and what has been added since and therefore stays with the kept record."""
    merge = get_merge(actor, merge_id, kind=kind)
    model: Any = Customer if merge.kind == "customer" else Unit
    kept, gone = model.objects.get(pk=merge.kept_key), model.objects.get(pk=merge.gone_key)
    counts: dict[str, int] = {}
    for move in moves_of(merge.pk):
        counts[move.kind] = counts.get(move.kind, 0) + 1
    named = tuple((label, counts[kind]) for kind, label in MOVE_LABELS.items() if kind in counts)
    subject = {f"{merge.kind}_id": kept.pk}
    since = tuple(item for item in timeline(actor, **subject) if item.at > merge.merged_at)
    why_not = merging.why_not_undone(undo_facts(merge, kept, gone), now)
    return UndoView(merge, kept, gone, merging.undo_until(merge.merged_at), why_not, named, since)


def undo_facts(merge: Merge, kept: Any, gone: Any) -> merging.UndoFacts:
    """What the decision about undoing looks at."""
    later = Merge.objects.filter(kind=merge.kind, kept_key=merge.kept_key, undone_at__isnull=True, pk__gt=merge.pk)
    is_unit = merge.kind == "unit"
    return merging.UndoFacts(
        merged_at=merge.merged_at,
        is_undone=merge.undone_at is not None,
        is_erased=not merge.before,
        kept_was_merged=kept.merged_into_id is not None,
        has_later_merge=later.exists(),
        has_changed_hands=is_unit and kept.owner_id != merge.after.get("kept", {}).get("owner_id", kept.owner_id),
        number_is_taken=is_unit and _number_is_taken(merge, kept, gone),
    )


def _number_is_taken(merge: Merge, kept: Unit, gone: Unit) -> bool:
    """Whether a unit besides these two has by now what one of them would get back."""
    others = Unit.objects.exclude(pk__in=[kept.pk, gone.pk])
    taken = Q(pk__in=())
    for was in (merge.before.get("kept", {}), merge.before.get("gone", {})):
        if was.get("serial_key"):
            taken |= Q(serial_key=was["serial_key"])
        if was.get("plate") and was.get("is_active"):
            taken |= Q(plate=was["plate"], is_active=True)
    return others.filter(taken).exists()
