"""The kinds of stores. Some are places of ours; the others are where goods come from and go to."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from aftersales.core.text import Text, text as _


class StoreKind(StrEnum):
    """What a store is for."""

    MAIN = "main"
    RETURNS = "returns"
    QUARANTINE = "quarantine"
    PARTS = "parts"
    STATION = "station"
    VAN = "van"
    FACTORY = "factory"
    TRANSIT = "transit"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    SCRAP = "scrap"
    DIFFERENCE = "difference"


OUTSIDE = (StoreKind.SUPPLIER, StoreKind.CUSTOMER, StoreKind.SCRAP, StoreKind.DIFFERENCE)
"""Where goods are no stock of ours any more, or not yet. There is one of each for the whole house, and it may be below zero."""
SHARED = (StoreKind.FACTORY, StoreKind.TRANSIT)
"""Stores that may belong to no station, because several send there and fetch from there."""
INSIDE = tuple(kind for kind in StoreKind if kind not in OUTSIDE)
LABELS: Mapping[str, Text] = {
    StoreKind.MAIN: _("Main store"),
    StoreKind.RETURNS: _("Returns store"),
    StoreKind.QUARANTINE: _("Quarantine"),
    StoreKind.PARTS: _("Parts store"),
    StoreKind.STATION: _("Station store"),
    StoreKind.VAN: _("Service van"),
    StoreKind.FACTORY: _("At the factory"),
    StoreKind.TRANSIT: _("In transit"),
    StoreKind.SUPPLIER: _("Supplier"),
    StoreKind.CUSTOMER: _("Customer"),
    StoreKind.SCRAP: _("Scrapped"),
    StoreKind.DIFFERENCE: _("Stock difference"),
}
SOURCES = (StoreKind.SUPPLIER, StoreKind.CUSTOMER)
"""Where received goods come from."""
SINKS = (StoreKind.CUSTOMER, StoreKind.SUPPLIER, StoreKind.SCRAP)
"""Where goods may go out of our stores to."""


def is_inside(kind: str) -> bool:
    """Whether goods in a store of this kind are stock of ours."""
    return kind not in OUTSIDE


class Tracking(StrEnum):
    """How pieces of one item are told apart."""

    NONE = "none"
    BATCH = "batch"
    SERIAL = "serial"


TRACKING_LABELS: Mapping[str, Text] = {
    Tracking.NONE: _("Not told apart"),
    Tracking.BATCH: _("By batch"),
    Tracking.SERIAL: _("By serial number"),
}
