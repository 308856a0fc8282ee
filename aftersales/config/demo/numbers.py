"""Numbers that are right in form: IMEI, VIN, plates, lots and telephones. The house's own rules say which check digit fits."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from random import Random

from aftersales.catalog import queries as catalog
from aftersales.core.errors import Invalid

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
SIGNS = LETTERS + "0123456789"
PLATES = {"NJ": "苏A", "YZ": "苏K", "SUZ": "苏E"}
FARM_PLATES = {"NJ": "苏01", "YZ": "苏10", "SUZ": "苏05"}
NOBODYS = ("154", "160", "161", "163", "164", "168", "169")
"""Beginnings that no telephone company gives out: nobody's real number stands in the demonstration."""


def telephone(random: Random) -> str:
    """A mobile number that belongs to nobody."""
    return random.choice(NOBODYS) + _digits(random, 8)


def serial(random: Random, *, trade: str, category: str, code: str, bought: date) -> str:
    """A serial number as units of this category carry it."""
    field = catalog.get_trade(trade).serial_of(category)
    if field.checksum == "luhn":
        return _fitting(field, (f"86999{body}{digit}" for body in [_digits(random, 9)] for digit in range(10)))
    if field.checksum == "vin":
        head, tail = f"LZ0{_signs(random, 5)}", f"{random.choice(LETTERS)}{random.choice('ABCDE')}{_digits(random, 6)}"
        return _fitting(field, (f"{head}{sign}{tail}" for sign in "0123456789X"))
    if trade == "gift":
        return f"{code.split('-', maxsplit=1)[0]}{bought:%Y%m%d}-{random.randint(1, 99):02d}"
    return f"{code}-{bought:%y%m}{_digits(random, 4)}"


def plate(random: Random, *, trade: str, category: str, station: str) -> str:
    """A plate of the station's town; nothing for units that carry none."""
    if catalog.get_trade(trade).plate_of(category) is None:
        return ""
    if trade == "agri":
        return FARM_PLATES[station] + _digits(random, 5)
    if category == "electric":
        return f"{PLATES[station]}{random.choice('DF')}{_digits(random, 5)}"
    return f"{PLATES[station]}{random.choice(SIGNS)}{random.choice(SIGNS)}{_digits(random, 3)}"


def _fitting(field: catalog.SerialField, candidates: Iterable[str]) -> str:
    for candidate in candidates:
        with suppress(Invalid):
            if not field.read(candidate).warnings:
                return candidate
    raise AssertionError("one of eleven check digits always fits")


def _digits(random: Random, count: int) -> str:
    return "".join(random.choices("0123456789", k=count))


def _signs(random: Random, count: int) -> str:
    return "".join(random.choices(SIGNS, k=count))
