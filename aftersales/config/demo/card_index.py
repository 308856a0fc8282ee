"""The customers' records as they grow in a busy house: entered twice, found to be one, and brought in from other people's tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone, translation
from django.utils.module_loading import autodiscover_modules

from aftersales.config.demo.material import tables
from aftersales.config.demo.town import Owned, Person
from aftersales.core import jobs
from aftersales.core.actor import Actor
from aftersales.core.sheets import writing
from aftersales.customers import queries as records, services as customers
from aftersales.exchange import queries as imports, services as exchange
from aftersales.exchange.models import Import

ZONE = "Asia/Shanghai"
WORKER = "demo"
TWICE, LOOKED_FOR, FOUND, SENT = (timedelta(hours=hours) for hours in (30, 28, 26, 5))
"""How long ago somebody was entered twice, it was looked for, one pair was merged, and the tables were sent."""


@dataclass(frozen=True)
class Cards:
    """What is on record: the planned people, and the ids of them and of their units, by their own identity."""

    people: Sequence[Person]
    customers: Mapping[int, int]
    units: Mapping[int, int]


def disturb(clerk: Actor, manager: Actor, cards: Cards, report: Callable[[str], object], *, now: datetime) -> None:
    """Let some customers and units be entered twice, one of them be found out and merged, and two tables be sent."""
    known = [person for person in cards.people if not person.is_firm and id(person) in cards.customers]
    for person, slip in zip(known, (_two_swapped, _unchanged), strict=False):
        _enter_again(clerk, person, slip(person.phone), now=now - TWICE)
    unit = next((unit for person in known for unit in person.units if id(unit) in cards.units and unit.serial), None)
    if unit is not None:
        _note_down_again(clerk, unit, cards, now=now - TWICE)
    customers.find_duplicates(now=now - LOOKED_FOR)
    merged = [_merge_with_its_pair(manager, cards.customers[id(person)], now=now - FOUND) for person in known[1:2]]
    autodiscover_modules("handlers", "web.imports")  # as for the worker, whose part is done here
    with translation.override("zh-hans"), timezone.override(ZONE):
        states = [_send(clerk, row, now=now - SENT).state for row in tables()["tables"]]
    pairs = sum(records.list_pairs(manager, kind).count() for kind in ("customer", "unit"))
    report(f"  {pairs} possible duplicates, {len(merged)} merged, {len(states)} tables sent")


# Twice


def _two_swapped(phone: str) -> str:
    """The number as somebody mishears it: two neighbouring digits have changed places."""
    place = next((place for place in range(len(phone) - 2, 3, -1) if phone[place] != phone[place + 1]), 3)
    return f"{phone[:place]}{phone[place + 1]}{phone[place]}{phone[place + 2 :]}"


def _unchanged(phone: str) -> str:
    return phone


def _enter_again(clerk: Actor, person: Person, phone: str, *, now: datetime) -> None:
    again = customers.register_customer(
        clerk, name=person.name, phone=phone, phone_label="mobile", station=person.station, now=now
    )
    if person.address:
        customers.add_address(clerk, customer_id=again.pk, text=person.address, now=now)


def _note_down_again(clerk: Actor, unit: Owned, cards: Cards, *, now: datetime) -> None:
    """The unit once more as a telephone note has it: the model, but no number."""
    facts = customers.UnitFacts(trade=unit.trade, category=unit.model.category, model_text=unit.title)
    customers.register_unit(clerk, customer_id=cards.customers[id(unit.owner)], facts=facts, now=now)


def _merge_with_its_pair(manager: Actor, customer_id: int, *, now: datetime) -> Any:
    """The merge of this customer with the record that looks most like his."""
    pairs = records.list_pairs(manager, "customer")
    pair = next(pair for pair in pairs if customer_id in {pair.low_id, pair.high_id})
    return customers.merge_customers(manager, kept_id=pair.low_id, gone_id=pair.high_id, now=now)


# Tables


def _send(clerk: Actor, table: Mapping[str, Any], *, now: datetime) -> Import:
    """The table as far as it comes: checked, and imported where every row is right."""
    upload = ContentFile(_workbook(table), name=table["name"])
    found = exchange.keep_table(clerk, code="units", upload=upload, once=f"demo-{table['name']}", now=now)
    columns = imports.guessed_columns(clerk, imports.find_table(clerk, found.code), found)
    choice = exchange.Choice(columns, {"mode": "gaps", "station": table["station"]})
    exchange.check_import(clerk, token=found.token, choice=choice, now=now)
    _work(now)
    if imports.get_import(clerk, found.token, now=now).may_start:
        exchange.start_import(clerk, token=found.token, now=now)
        _work(now)
    return imports.get_import(clerk, found.token, now=now)


def _work(now: datetime) -> None:
    while jobs.run_next(now, worker_id=WORKER):
        pass


def _workbook(table: Mapping[str, Any]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        writing.write_xlsx(path, title="Sheet1", heads=table["heads"], rows=table["rows"])
        return path.read_bytes()
