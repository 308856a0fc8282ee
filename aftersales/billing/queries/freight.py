"""Freight documents of the actor's stations."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from aftersales.billing.models import FreightDocument
from aftersales.billing.permissions import Permission
from aftersales.billing.rules.freight import FreightFacts, Liable
from aftersales.core import search
from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.core.rows import only
from aftersales.staff import queries as staff


def list_freight(
    actor: Actor, *, typed: str = "", state: str = "", liable: str = "", mine: bool = False
) -> QuerySet[FreightDocument]:
    """The freight documents of the actor's stations, newest first; `mine` are those he was named for."""
    actor.require(Permission.SEE_FREIGHT)
    rows = FreightDocument.objects.filter(**actor.scope_filter("station__code"))
    given = {"state": state, "liable": liable}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    if mine:
        rows = rows.filter(salesperson_id=actor.person_id)
    if typed.strip():
        rows = rows.filter(number__in=search.match_filter("freight", typed, actor))
    return rows.select_related("customer", "station", "entry").order_by("-pk")


def get_freight(actor: Actor, *, number: str) -> FreightDocument:
    """One freight document."""
    found = only(list_freight(actor).filter(number=number))
    if found is None:
        raise Missing
    return found


def facts_of(actor: Actor, document: FreightDocument) -> FreightFacts:
    """What stands for or against the next step, for this actor."""
    return FreightFacts(
        is_named=actor.person_id is not None and document.salesperson_id == actor.person_id,
        is_customer_liable=document.liable == Liable.CUSTOMER.value,
    )


def list_signers(actor: Actor, document: FreightDocument) -> list[Any]:
    """The people of the station who may sign for freight."""
    return staff.people_with(actor, Permission.SIGN_FREIGHT, document.station.code)
