"""Repair history brought in from elsewhere."""

from __future__ import annotations

from django.db.models import F, QuerySet

from aftersales.core import search
from aftersales.core.actor import Actor
from aftersales.core.errors import Missing
from aftersales.workshop.models import PastRepair
from aftersales.workshop.permissions import Permission


def past_repairs_of(actor: Actor) -> QuerySet[PastRepair]:
    """The repair history brought from elsewhere to the actor's stations."""
    actor.require(Permission.SEE)
    return PastRepair.objects.filter(**actor.scope_filter("station__code"))


def list_past_repairs(actor: Actor, *, typed: str = "", category: str = "") -> QuerySet[PastRepair]:
    """Old repairs, the newest first, narrowed by words and category."""
    found = past_repairs_of(actor)
    if category:
        found = found.filter(category=category)
    if typed:
        found = found.filter(pk__in=search.match_filter("past_repair", typed, actor, numeric=True))
    return found.order_by(F("repaired_on").desc(nulls_last=True), "-id")


def list_past_categories(actor: Actor) -> list[str]:
    """The categories that old repairs have, by name."""
    return list(past_repairs_of(actor).order_by("category").values_list("category", flat=True).distinct())


def get_past_repair(actor: Actor, key: str) -> PastRepair:
    """One old repair; refuses as missing what the actor may not see."""
    found = past_repairs_of(actor).filter(pk=key).first() if key.isdigit() and len(key) < 12 else None
    if found is None:
        raise Missing
    return found
