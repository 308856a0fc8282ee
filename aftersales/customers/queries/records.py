"""Customers and units. A customer is visible to those who see one of the stations that serve him, a unit to those who see
its owner. Whatever another station alone knows does not exist here, down to the wording of the refusal.

A record that was merged is never shown itself: whoever asks for it gets the one under which it goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from aftersales.catalog import queries as catalog
from aftersales.core import journal, search
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.models import JournalEntry
from aftersales.core.rows import only
from aftersales.core.text import Text
from aftersales.customers.models import Customer, CustomerStation, Phone, Unit, UnitOwnership
from aftersales.customers.permissions import Permission
from aftersales.customers.queries.gone import predecessors, survivor_id
from aftersales.customers.rules import contacts, history
from aftersales.customers.rules.history import Change, TimelineItem
from aftersales.staff import queries as staff

__all__ = ["Change", "Panel", "TimelineItem"]

TIMELINE_LENGTH = 100


# What upper rooms add to our pages


@dataclass(frozen=True)
class Panel:
    """A part of the customer's or unit's page that an upper room fills: it names its own template and what goes in."""

    title: Text
    template: str
    data: Mapping[str, Any] = field(default_factory=dict)


TimelineSource = Callable[[Actor, int | None, int | None], list[TimelineItem]]
PanelSource = Callable[[Actor, int | None, int | None], list[Panel]]
OpenSource = Callable[[Actor], "QuerySet[Any, Any]"]
_timeline_sources: list[TimelineSource] = []
_panel_sources: list[PanelSource] = []
_open_sources: list[OpenSource] = []


def add_timeline_source(source: TimelineSource) -> None:
    """Let `source(actor, customer_id, unit_id)` add to timelines; one of the two ids is None."""
    if source not in _timeline_sources:
        _timeline_sources.append(source)


def add_panel_source(source: PanelSource) -> None:
    """Let `source(actor, customer_id, unit_id)` add panels to pages; one of the two ids is None."""
    if source not in _panel_sources:
        _panel_sources.append(source)


def add_open_source(source: OpenSource) -> None:
    """Let `source(actor)` say, as a queryset of customer ids, who has work open; it serves the filter of the list."""
    if source not in _open_sources:
        _open_sources.append(source)


def list_panels(actor: Actor, *, customer_id: int | None = None, unit_id: int | None = None) -> list[Panel]:
    """What the upper rooms show on this page."""
    return [panel for source in _panel_sources for panel in source(actor, customer_id, unit_id)]


# Customers


def visible_customers(actor: Actor) -> QuerySet[Customer]:
    """The customers that the actor's stations serve."""
    living = Customer.objects.filter(merged_into__isnull=True)
    if actor.scopes is None:
        return living
    served = CustomerStation.objects.filter(customer=OuterRef("pk"), **actor.scope_filter("station__code"))
    return living.filter(Exists(served))


def get_customer(actor: Actor, customer_id: int, *, with_reach: bool = True) -> Customer:
    """The customer with this id (or merged with it), with his station, telephones and addresses, if the actor sees him."""
    rows = visible_customers(actor).select_related("home_station")
    if with_reach:
        rows = rows.prefetch_related(_PHONES, "addresses", "stations__station")
    customer = only(rows.filter(pk=customer_id)) or only(rows.filter(pk=survivor_id(Customer, customer_id)))
    if customer is None:
        raise Missing
    return customer


_PHONES = Prefetch("phones", queryset=Phone.objects.order_by("-is_main", "pk"))
_UNITS = Prefetch("units", queryset=Unit.objects.filter(is_active=True).select_related("category").order_by("-pk"))


def list_customers(
    actor: Actor,
    *,
    typed: str = "",
    kind: str = "",
    segment: str = "",
    grade: str = "",
    station: str = "",
    has_open: bool = False,
) -> QuerySet[Customer]:
    """The visible customers, newest first, with telephones and the number of their units."""
    given = {"kind": kind, "segment": segment, "grade": grade}
    rows = visible_customers(actor).filter(**{name: value for name, value in given.items() if value})
    if station:
        here = CustomerStation.objects.filter(customer=OuterRef("pk"), station_id=staff.station_row(station))
        rows = rows.filter(Exists(here))
    if has_open:
        rows = rows.filter(pk__in=_with_open_work(actor))
    if typed.strip():
        rows = rows.filter(pk__in=search.match_filter("customer", typed, actor, numeric=True))
    return (
        rows.select_related("home_station")
        .prefetch_related(_PHONES)
        .annotate(unit_count=Coalesce(Subquery(_UNITS_COUNTED), 0))
        .order_by("-pk")
    )


# Counted for the rows that are shown only; joined, every customer's units would be counted to show fifty.
_UNITS_COUNTED = (
    Unit.objects.filter(owner_id=OuterRef("pk"), is_active=True)
    .order_by()
    .values("owner_id")
    .annotate(count=Count("pk"))
    .values("count")
)


def _with_open_work(actor: Actor) -> set[int]:
    return {customer_id for source in _open_sources for customer_id in source(actor)}


def find_customers(actor: Actor, typed: str, *, limit: int = 8) -> list[Customer]:
    """The customers that fit what was typed so far (name, pinyin, digits of a telephone, a unit's number), with their units."""
    hits = search.find(actor, typed, kinds=["customer", "unit"], limit=3 * limit)
    unit_ids = [int(hit.key) for hit in hits if hit.kind == "unit"]
    owner_of = dict(Unit.objects.filter(pk__in=unit_ids).values_list("pk", "owner_id"))
    found = [int(hit.key) if hit.kind == "customer" else owner_of.get(int(hit.key)) for hit in hits]
    ids = list(dict.fromkeys(customer_id for customer_id in found if customer_id))[:limit]
    rows = visible_customers(actor).filter(pk__in=ids).prefetch_related(_PHONES, _UNITS)
    by_id = {customer.pk: customer for customer in rows}
    return [by_id[customer_id] for customer_id in ids if customer_id in by_id]


def find_customers_by_phone(actor: Actor, phone: str) -> list[Customer]:
    """The visible customers with exactly this number, the longest known first; nobody when it is no number."""
    try:
        number = contacts.read_phone(phone)
    except Invalid:
        return []
    having = Phone.objects.filter(number=number).values("customer_id")
    return list(visible_customers(actor).filter(pk__in=having).order_by("pk").prefetch_related(_PHONES, _UNITS))


def find_customer_by_phone(actor: Actor, phone: str) -> Customer | None:
    """The only visible customer with exactly this number, or None when there is none or more than one."""
    found = find_customers_by_phone(actor, phone)
    return found[0] if len(found) == 1 else None


def stations_of(customer_ids: Iterable[int]) -> dict[int, list[str]]:
    """Customer id → codes of the stations that serve him; the scopes by which he is found."""
    found: dict[int, list[str]] = {}
    rows = CustomerStation.objects.filter(customer_id__in=list(customer_ids)).order_by("station__code")
    for customer_id, code in rows.values_list("customer_id", "station__code"):
        found.setdefault(customer_id, []).append(code)
    return found


def main_phones(customer_ids: Iterable[int]) -> dict[int, Phone]:
    """Customer id → the number that is called first; for customers the actor was already let see."""
    return {phone.customer_id: phone for phone in Phone.objects.filter(customer_id__in=set(customer_ids), is_main=True)}


# Units


def visible_units(actor: Actor) -> QuerySet[Unit]:
    """The units whose owners the actor sees."""
    living = Unit.objects.filter(merged_into__isnull=True)
    if actor.scopes is None:
        return living
    served = CustomerStation.objects.filter(customer=OuterRef("owner_id"), **actor.scope_filter("station__code"))
    return living.filter(Exists(served))


_UNIT_WITH = ("owner", "owner__home_station", "category", "model", "model__manufacturer")


def get_unit(actor: Actor, unit_id: int) -> Unit:
    """The unit with this id (or merged with it), with owner, category and model, if the actor sees it."""
    rows = visible_units(actor).select_related(*_UNIT_WITH)
    unit = only(rows.filter(pk=unit_id)) or only(rows.filter(pk=survivor_id(Unit, unit_id)))
    if unit is None:
        raise Missing
    return unit


def list_units(
    actor: Actor, *, typed: str = "", trade: str = "", category_id: int | None = None, station: str = "",
    is_active: bool | None = None,
) -> QuerySet[Unit]:  # fmt: skip
    """The visible units, newest first, with owner and category."""
    rows = visible_units(actor)
    if trade:
        rows = rows.filter(trade=trade)
    if category_id:
        rows = rows.filter(category_id=category_id)
    if is_active is not None:
        rows = rows.filter(is_active=is_active)
    if station:
        here = CustomerStation.objects.filter(customer=OuterRef("owner_id"), station_id=staff.station_row(station))
        rows = rows.filter(Exists(here))
    if typed.strip():
        rows = rows.filter(pk__in=search.match_filter("unit", typed, actor, numeric=True))
    return rows.select_related("owner", "category").order_by("-pk")


def list_units_of(actor: Actor, customer_id: int) -> list[Unit]:
    """The units the customer owns now, those in use first."""
    rows = visible_units(actor).filter(owner_id=customer_id).select_related("category", "owner")
    return list(rows.order_by("-is_active", "-pk"))


def find_units(actor: Actor, typed: str, *, limit: int = 8) -> list[Unit]:
    """The units in use that fit what was typed so far: serial, plate, model, the owner's name."""
    ids = [int(key) for key in search.keys(actor, "unit", typed, limit=2 * limit)]
    rows = visible_units(actor).filter(pk__in=ids, is_active=True).select_related("owner", "category")
    by_id = {unit.pk: unit for unit in rows}
    return [by_id[unit_id] for unit_id in ids if unit_id in by_id][:limit]


def find_unit_by_serial(actor: Actor, serial: str, *, trade: str = "", category: str = "") -> Unit | None:
    """The only visible unit with exactly this serial number, or None when there is none or more than one."""
    spelled = {serial.strip(), *_spellings(serial, trade, category)} - {""}
    given = {"trade": trade, "category__code": category}
    rows = visible_units(actor).filter(**{path: value for path, value in given.items() if value})
    found = list(rows.filter(serial__in=spelled).select_related(*_UNIT_WITH)[:2])
    found = found or list(rows.filter(pk__in=_went_on(serial__in=spelled)).select_related(*_UNIT_WITH)[:2])
    return found[0] if len(found) == 1 else None


def _went_on(**numbers: Any) -> list[int]:
    """The ids of the units under which units with these numbers go on."""
    gone = Unit.objects.filter(merged_into__isnull=False, **numbers).values_list("pk", flat=True)
    return [survivor_id(Unit, key) for key in gone[:10]]


def _spellings(serial: str, trade: str, category: str) -> Iterable[str]:
    for profile in catalog.list_trades([trade] if trade else None):
        codes = [category] if category else [each.code for each in profile.categories]
        for numbers in {profile.serial_of(code) for code in codes}:
            try:
                yield numbers.read(serial).value
            except Invalid:
                continue


def find_unit_by_plate(actor: Actor, plate: str) -> Unit | None:
    """The visible unit in use with exactly this plate, or None."""
    for profile in catalog.list_trades():
        if profile.plate is None:
            continue
        try:
            spelled = profile.plate.read(plate)
        except Invalid:
            continue
        if not spelled:
            return None
        rows = visible_units(actor).filter(is_active=True).select_related(*_UNIT_WITH)
        found = only(rows.filter(plate=spelled)) or only(rows.filter(pk__in=_went_on(plate=spelled)))
        if found:
            return found
    return None


@dataclass(frozen=True)
class Owner:
    """One owner of a unit, as far as the actor may know him."""

    ownership: UnitOwnership
    customer: Customer | None
    """None when the owner is known only to stations the actor does not see."""


def list_owners(actor: Actor, unit: Unit) -> list[Owner]:
    """Who owned the unit from when to when, the present owner first; owners of other stations stay unnamed."""
    rows = list(UnitOwnership.objects.filter(unit=unit).select_related("customer").order_by("-since_at", "-pk"))
    seen = set(visible_customers(actor).filter(pk__in=[row.customer_id for row in rows]).values_list("pk", flat=True))
    return [Owner(row, row.customer if row.customer_id in seen else None) for row in rows]


# The timeline


def timeline(
    actor: Actor, *, customer_id: int | None = None, unit_id: int | None = None, limit: int = TIMELINE_LENGTH
) -> list[TimelineItem]:
    """All that happened to a customer and his units, or to one unit, latest first, with what the upper rooms know."""
    items = [item for entry in _entries(actor, customer_id, unit_id, limit) for item in _told(entry, actor)]
    for source in _timeline_sources:
        items += source(actor, customer_id, unit_id)
    return history.in_order(items, limit=limit)


def _entries(actor: Actor, customer_id: int | None, unit_id: int | None, limit: int) -> list[JournalEntry]:
    subjects: dict[str, list[str]] = {}
    if customer_id is not None:
        customer = get_customer(actor, customer_id)
        subjects["customer"] = [str(customer.pk), *map(str, predecessors(Customer, [customer.pk])[customer.pk])]
        if actor.may(Permission.SEE_UNITS):
            subjects["unit"] = [str(key) for key in Unit.objects.filter(owner=customer).values_list("pk", flat=True)]
    if unit_id is not None:
        unit = get_unit(actor, unit_id)
        subjects.setdefault("unit", []).extend(map(str, [unit.pk, *predecessors(Unit, [unit.pk])[unit.pk]]))
    return journal.entries_of_many({kind: keys for kind, keys in subjects.items() if keys}, limit=limit)


def _category_words() -> history.Words:
    return {"category": {one.code: one.label for trade in catalog.list_trades() for one in trade.categories}}


def _told(entry: JournalEntry, actor: Actor) -> list[TimelineItem]:
    told = history.ACTS.get((entry.kind, entry.act))
    if told is None:
        return []
    title, tone, icon = told
    if entry.kind == "unit" and not actor.sees(entry.scope):
        # What another station wrote under an earlier owner stays there; that something happened may be known.
        return [TimelineItem(at=entry.at, title=title, tone=tone, icon=icon)]
    changes = history.changes(entry.before, entry.after, words=_category_words())
    return [TimelineItem(entry.at, title, entry.note, tone=tone, icon=icon, who=entry.actor_name, changes=changes)]
