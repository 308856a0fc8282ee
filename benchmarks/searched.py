"""What is found by searching, made with each copy of the small house."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from aftersales.core.models import SearchEntry
from aftersales.core.search_words import entry_words
from aftersales.customers.models import Customer, Phone, Unit
from aftersales.customers.rules import contacts
from aftersales.workshop.models import RepairOrder
from benchmarks.tables import Row, Table
from benchmarks.writers import Writer


class Searched:
    """The search entries of the copies: the words of texts, stations and kinds stay, names and codes are new."""

    def __init__(self, out: Writer, tables: Mapping[type[models.Model], Table]) -> None:
        self.out, self.tables = out, tables
        columns = ["id", "kind", "key", "title", "detail", "words"]
        self.table = Table(SearchEntry, columns, [])
        self.kept: dict[tuple[str, str], tuple[str, str, str]] = {}
        for row in out.read(SearchEntry._meta.db_table, columns):
            words = " ".join(word for word in row[5].split(" ") if word[0] not in "cnx")
            self.kept[row[1], row[2]] = (row[3], row[4], words)

    def add(self, made: Mapping[type[models.Model], list[Row | None]]) -> None:
        """What is found by searching, for one copy of everything."""
        tables = self.tables
        customers, units, orders = tables[Customer], tables[Unit], tables[RepairOrder]
        name, number = customers.at("name"), customers.at("number")
        serial, plate, owner, model_text = map(units.at, ("serial", "plate", "owner_id", "model_text"))
        new_names = {row[0]: row[name] for row in made[Customer] if row is not None}
        phones = self._phones(made)
        for old, new in zip(customers.rows, made[Customer], strict=True):
            if new is not None:
                codes = [new[number], *phones.get(new[0], ())]
                self._entry(
                    "customer", old[0], new[0], codes, [new[name]], {old[name]: new[name], old[number]: new[number]}
                )
        new_units = {}
        for old, new in zip(units.rows, made[Unit], strict=True):
            if new is not None:
                new_units[new[0]] = new
                codes = [code for code in (new[serial], new[plate]) if code]
                told = {code: fresh for code, fresh in ((old[serial], new[serial]), (old[plate], new[plate])) if code}
                names = [each for each in (new[model_text], new_names.get(new[owner], "")) if each]
                self._entry("unit", old[0], new[0], codes, names, told)
        customer, unit, at = map(orders.at, ("customer_id", "unit_id", "number"))
        for old, new in zip(orders.rows, made[RepairOrder], strict=True):
            if new is not None:
                it = new_units[new[unit]]
                codes = [code for code in (new[at], it[serial], it[plate]) if code]
                self._entry("order", old[at], new[at], codes, [new_names[new[customer]]], {old[at]: new[at]})

    def _phones(self, made: Mapping[type[models.Model], list[Row | None]]) -> dict[Any, list[str]]:
        found: dict[Any, list[str]] = defaultdict(list)
        phones = self.tables[Phone]
        owner, number = phones.at("customer_id"), phones.at("number")
        for row in made[Phone]:
            if row is not None:
                found[row[owner]] += contacts.search_codes(row[number])
        return found

    def _entry(
        self, kind: str, old: Any, new: Any, codes: Sequence[str], names: Sequence[str], told: Mapping[str, str]
    ) -> None:
        known = self.kept.get((kind, str(old)))
        if known is None:
            return
        title, detail, kept = known
        fresh = entry_words(kind, names=names, codes=codes, texts=(), scopes=())
        for before, after in told.items():
            title, detail = title.replace(before, after), detail.replace(before, after)
        words = " ".join(word for word in fresh.split(" ") if word[0] in "cnx")
        self.table.base += 1
        self.table.batch.append(
            [self.out.id_text(self.table.base), kind, str(new), title[:200], detail[:300], f"{kept} {words}"]
        )
