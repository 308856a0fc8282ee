"""Everything about one customer, for his copy and before his erasure: what this room holds, and what the rooms above do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from aftersales.core import files, journal
from aftersales.core.actor import Actor
from aftersales.core.erasing import Traces, all_words
from aftersales.core.errors import Missing
from aftersales.core.models import Attachment
from aftersales.core.rows import facts_of, only
from aftersales.core.text import Text, text as _
from aftersales.customers.models import (
    Address,
    Customer,
    CustomerStation,
    Erasure,
    Merge,
    PersonalCopy,
    Phone,
    Unit,
    UnitOwnership,
)
from aftersales.customers.permissions import Permission
from aftersales.customers.queries.gone import predecessors
from aftersales.customers.queries.records import get_customer
from aftersales.customers.rules import duplicates, history

MOST_ENTRIES = 20_000


@dataclass(frozen=True)
class Part:
    """One table of a customer's copy: all columns for machines, and those that people read, in words."""

    name: str
    title: Text
    rows: Sequence[Mapping[str, Any]]
    columns: Sequence[tuple[str, object]] = ()
    """Column → how people call it; empty where every column is read as it is called."""
    photos: Sequence[Attachment] = field(default_factory=tuple)


@dataclass(frozen=True)
class Subject:
    """Whom it is about: his record with all that were merged into it, the units he owns, and those he owned before."""

    customer_ids: tuple[int, ...]
    unit_ids: tuple[int, ...]
    former_unit_ids: tuple[int, ...] = ()


PartSource = Callable[[Subject], list[Part]]
HoldSource = Callable[[Subject], list[Text]]
_part_sources: list[PartSource] = []
_hold_sources: list[HoldSource] = []


def add_part_source(source: PartSource) -> None:
    """Let `source(subject)` add what its room holds to a customer's copy."""
    if source not in _part_sources:
        _part_sources.append(source)


def add_hold_source(source: HoldSource) -> None:
    """Let `source(subject)` say why a customer cannot be erased yet."""
    if source not in _hold_sources:
        _hold_sources.append(source)


def subject_of(customer: Customer) -> Subject:
    """Whom everything about this customer is about."""
    ids = (customer.pk, *predecessors(Customer, [customer.pk])[customer.pk])
    owned = set(Unit.objects.filter(owner__in=ids).values_list("pk", flat=True))
    once = set(UnitOwnership.objects.filter(customer__in=ids).values_list("unit_id", flat=True))
    return Subject(ids, tuple(sorted(owned)), tuple(sorted(once - owned)))


def why_not_all(actor: Actor, customer: Customer) -> Text | None:
    """Why this actor cannot act on everything about the customer; None when he sees all of his stations."""
    ids = subject_of(customer).customer_ids
    stations = CustomerStation.objects.filter(customer__in=ids).values_list("station__code", flat=True)
    if all(actor.sees(station) for station in stations):
        return None
    return _("This customer is also served at a station that you do not see. Ask headquarters to do it.")


def holds_of(actor: Actor, customer: Customer) -> list[Text]:
    """Why the customer cannot be erased by this actor yet; nothing when he can."""
    subject, unseen = subject_of(customer), why_not_all(actor, customer)
    return [*([unseen] if unseen else []), *(why for source in _hold_sources for why in source(subject))]


# The copy


def list_copies(actor: Actor, customer: Customer, *, now: datetime) -> QuerySet[PersonalCopy]:
    """The actor's own copies of this customer's data that are still kept, newest first."""
    actor.require(Permission.COPY_OUT_CUSTOMERS)
    found = PersonalCopy.objects.filter(customer=customer, owner=actor.id, expires_at__gt=now)
    return found.select_related("customer__home_station").order_by("-pk")


def get_copy(actor: Actor, customer_id: int, token: str, *, now: datetime) -> PersonalCopy:
    """The actor's own copy with this token."""
    found = only(list_copies(actor, get_customer(actor, customer_id), now=now).filter(token=token))
    if found is None:
        raise Missing
    return found


def parts_of(customer: Customer) -> list[Part]:
    """Everything about the customer, room by room."""
    subject = subject_of(customer)
    return [*_own_parts(subject), *(part for source in _part_sources for part in source(subject))]


def _own_parts(subject: Subject) -> list[Part]:
    records = Customer.objects.filter(pk__in=subject.customer_ids).select_related("home_station").order_by("pk")
    units = Unit.objects.filter(pk__in=subject.unit_ids).order_by("pk").select_related("category", "owner")
    of_him = Q(customer__in=subject.customer_ids)
    return [
        Part("customer", _("Customer"), [_told(row) for row in records], _in_words("number", *_CUSTOMER)),
        Part(
            "phones",
            _("Telephone numbers"),
            _rows(Phone.objects.filter(of_him)),
            (("number", _("Telephone")), *_in_words("label")),
        ),
        Part("addresses", _("Addresses"), _rows(Address.objects.filter(of_him)), _in_words("text", "label")),
        Part("stations", _("Stations"), [*_stations(of_him)], _in_words("station", "since_at")),
        Part("units", _("Units"), [_told(row) for row in units], _in_words(*_UNIT)),
        Part("ownerships", _("Entries in owner histories"), _rows(UnitOwnership.objects.filter(of_him))),
        Part("merges", _("Merged"), _merges(subject)),
        Part("journal", _("What happened"), _entries(subject), _in_words("at", "act", "before", "after", "note")),
        Part("photos", _("Photos"), [], photos=_photos(subject)),
    ]


_CUSTOMER = (
    "name",
    "kind",
    "contact_name",
    "segment",
    "grade",
    "language",
    "may_be_messaged",
    "may_be_advertised_to",
    "note",
)
_UNIT = ("category", "model", "serial", "plate", "pieces", "purchased_on", "shipped_on", "is_active", "note")
_WORDS: Mapping[str, Text] = {
    **history.LABELS,
    "number": _("Customer number"),
    "label": _("What is there"),
    "text": _("Address"),
    "station": _("Station"),
    "since_at": _("Since"),
    "at": _("When"),
    "act": _("Act"),
    "before": _("Value before"),
    "after": _("Value afterwards"),
}


def _in_words(*names: str) -> tuple[tuple[str, object], ...]:
    return tuple((name, _WORDS[name]) for name in names)


def _rows(rows: QuerySet[Any, Any]) -> list[Mapping[str, Any]]:
    return [facts_of(row) for row in rows.order_by("pk")]


def _told(row: Any) -> Mapping[str, Any]:
    """All columns, and what stands for codes and keys in words."""
    words = {name: str(history.worded(name, value)) for name, value in row.facts().items()}
    return facts_of(row) | {name: value for name, value in words.items() if name != "note"}


def _stations(of_him: Q) -> list[Mapping[str, Any]]:
    links = CustomerStation.objects.filter(of_him).select_related("station").order_by("pk")
    return [facts_of(link) | {"station": link.station.name} for link in links]


def _merges(subject: Subject) -> list[Mapping[str, Any]]:
    customers = Q(kind="customer", kept_key__in=subject.customer_ids)
    return _rows(Merge.objects.filter(customers | Q(kind="unit", kept_key__in=subject.unit_ids)))


def _entries(subject: Subject) -> list[Mapping[str, Any]]:
    """What the journal says of him and his units; who of us wrote it is not about him."""
    subjects = {"customer": list(map(str, subject.customer_ids)), "unit": list(map(str, subject.unit_ids))}
    entries = journal.entries_of_many({kind: keys for kind, keys in subjects.items() if keys}, limit=MOST_ENTRIES)
    kept = ("at", "act", "kind", "key", "before", "after", "note")
    return [{name: value for name, value in facts_of(entry).items() if name in kept} for entry in entries]


def _photos(subject: Subject) -> list[Attachment]:
    of_him = [("customer", key) for key in subject.customer_ids] + [("unit", key) for key in subject.unit_ids]
    return [photo for kind, key in of_him for photo in files.list_photos(kind, key)]


# Before erasing


def traces_of(customer: Customer) -> Traces:
    """Every word and number by which the customer is or was known here, also before somebody corrected it."""
    subject = subject_of(customer)
    records = list(Customer.objects.filter(pk__in=subject.customer_ids))
    about = {"customer": [str(key) for key in subject.customer_ids], "unit": [str(key) for key in subject.unit_ids]}
    said = journal.entries_of_many({kind: keys for kind, keys in about.items() if keys}, limit=MOST_ENTRIES)
    former = [facts for entry in said for facts in (entry.before, entry.after) if facts]
    names = [name for row in records for name in (row.name, row.contact_name)]
    names += [str(facts.get(name) or "") for facts in former for name in ("name", "contact_name")]
    addresses = [*Address.objects.filter(customer__in=subject.customer_ids).values_list("text", flat=True)]
    addresses += [str(facts.get("address") or "") for facts in former]
    plates = [*Unit.objects.filter(pk__in=subject.unit_ids).values_list("plate", flat=True)]
    plates += [str(facts.get("plate") or "") for facts in former]
    phones = {*Phone.objects.filter(customer__in=subject.customer_ids).values_list("number", flat=True)}
    phones |= {str(facts["phone"]) for facts in former if facts.get("phone")}
    cores = [duplicates.core_name(row.name) for row in records if row.kind == "organisation"]
    words = all_words(names, addresses, plates, cores) - {history.ERASED}
    return Traces(customer.number, words, frozenset(phones - {history.ERASED}))


def find_erasure(customer: Customer) -> Erasure | None:
    """When, by whom and why the customer was erased; None when he was not."""
    return only(Erasure.objects.filter(customer=customer))


def list_unerased() -> QuerySet[Customer]:
    """All customers that were not erased and not merged, for the command that erases again."""
    return Customer.objects.filter(erased_at__isnull=True, merged_into__isnull=True).order_by("pk")
