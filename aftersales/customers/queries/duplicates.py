"""Pairs of records that may be one, and what they are compared by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from aftersales.catalog import queries as catalog
from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.core.rows import only
from aftersales.core.text import Text, from_data
from aftersales.customers.models import Customer, CustomerPair, MatchScan, Phone, Unit, UnitPair
from aftersales.customers.permissions import Permission
from aftersales.customers.queries.records import visible_customers, visible_units
from aftersales.customers.rules import duplicates

Kind = str
"""`customer` or `unit`."""
PAIRS: dict[str, Any] = {"customer": CustomerPair, "unit": UnitPair}
NEEDS = {"customer": Permission.MERGE_CUSTOMERS, "unit": Permission.MERGE_UNITS}


def list_pairs(actor: Actor, kind: Kind, *, dismissed: bool = False) -> QuerySet[Any]:
    """The pairs of which the actor sees both, the likeliest first; or those found different, the latest first."""
    actor.require(NEEDS[kind])
    pairs = _visible_pairs(actor, kind).filter(dismissed_at__isnull=not dismissed)
    return pairs.order_by("-dismissed_at", "-pk") if dismissed else pairs.order_by("-points", "pk")


def _visible_pairs(actor: Actor, kind: Kind) -> QuerySet[Any]:
    rows: QuerySet[Any] = PAIRS[kind].objects.filter(low__merged_into__isnull=True, high__merged_into__isnull=True)
    if actor.scopes is not None:
        seen = (visible_customers(actor) if kind == "customer" else visible_units(actor)).values("pk")
        rows = rows.filter(low__in=seen, high__in=seen)
    if kind == "customer":
        phones = Phone.objects.order_by("-is_main", "pk")
        return rows.select_related("low", "high").prefetch_related(
            Prefetch("low__phones", queryset=phones), Prefetch("high__phones", queryset=phones)
        )
    return rows.select_related("low__owner", "high__owner", "low__category", "high__category")


def get_pair(actor: Actor, kind: Kind, pair_id: int) -> Any:
    """The pair with this id, if the actor sees both of its records."""
    actor.require(NEEDS[kind])
    pair = only(_visible_pairs(actor, kind).filter(pk=pair_id))
    if pair is None:
        raise Missing
    return pair


def reasons_of(pair: Any) -> list[Text]:
    """Why the two may be one, in words."""
    return [from_data(reason) for reason in pair.reasons]


def count_pairs_of(kind: Kind, key: int) -> int:
    """How many other records this one may be the same as; the caller has already been let see it."""
    return int(PAIRS[kind].objects.filter(Q(low=key) | Q(high=key), dismissed_at=None).count())


def scanned_at(kind: Kind) -> datetime | None:
    """Until when the records have been looked through."""
    return only(MatchScan.objects.filter(kind=kind).values_list("scanned_at", flat=True))


# What is compared


def facts_of(kind: Kind, keys: Iterable[int]) -> dict[int, duplicates.Facts]:
    """What is compared of these records; merged ones are no longer compared."""
    return _customer_facts(keys) if kind == "customer" else _unit_facts(keys)


def _customer_facts(keys: Iterable[int]) -> dict[int, duplicates.Facts]:
    rows = Customer.objects.filter(pk__in=list(keys), merged_into__isnull=True).prefetch_related("phones", "addresses")
    return {
        row.pk: duplicates.CustomerFacts(
            row.pk,
            row.name,
            row.kind,
            tuple(sorted(phone.number for phone in row.phones.all())),
            tuple(address.text for address in row.addresses.all()),
        )
        for row in rows
    }


def _unit_facts(keys: Iterable[int]) -> dict[int, duplicates.Facts]:
    rows = Unit.objects.filter(pk__in=list(keys), merged_into__isnull=True).select_related("category")
    return {
        row.pk: duplicates.UnitFacts(
            row.pk,
            row.owner_id,
            row.trade,
            row.category.code,
            row.model_text,
            row.serial,
            row.plate,
            catalog.get_trade(row.trade).serial_of(row.category.code).one_per,
        )
        for row in rows
    }
