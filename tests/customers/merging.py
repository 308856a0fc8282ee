"""Merging in the tests: doing it, undoing it, and all that it may have changed."""

from __future__ import annotations

from datetime import timedelta

from django.apps import apps

from aftersales.customers import services
from aftersales.customers.models import Customer, Merge, MergeMove
from tests.factories.staff import NOW

VIN = "LSVAA4186C2184847"
LATER = NOW + timedelta(days=1)


def merged(actor, kept, gone, now=LATER, **choices):
    if isinstance(kept, Customer):
        return services.merge_customers(actor, kept_id=kept.pk, gone_id=gone.pk, choices=choices, now=now)
    return services.merge_units(actor, kept_id=kept.pk, gone_id=gone.pk, choices=choices, now=now)


def undone(actor, merge, now=LATER):
    return services.undo_merge(actor, merge_id=merge.pk, now=now)


def snapshot(*, without=("version",)):
    """Every row of every table of the rooms, but for what remembers the merges, the journal and the search."""
    left_out = {Merge, MergeMove}
    found = {}
    for model in apps.get_app_config("customers").get_models():
        if model not in left_out:
            rows = model.objects.order_by("pk").values()
            found[model.__name__] = [
                {name: value for name, value in row.items() if name not in without} for row in rows
            ]
    return found
