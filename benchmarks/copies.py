"""A small house made large: what is finished in it is copied again and again into the past, row by row, by the plain driver.

What is copied was written by the services of the product (its demonstration), so every order has the lines, answers, checks,
payments, clocks and journal entries that a real one has, whatever tables belong to an order by now. Copies get numbers,
telephones, serial numbers and plates of their own, names from the same town, and days of their own; ids rise with time.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import connection, models

from aftersales.core.models import JournalEntry, SearchEntry
from aftersales.customers.models import Customer, Phone, Unit
from aftersales.deadlines.models import Clock, Pause
from aftersales.workshop.models import RepairOrder
from benchmarks.searched import Searched
from benchmarks.tables import Row, Table
from benchmarks.writers import Writer, writer

FIRST_ID = 1_000_000_000
"""The ids of the small house begin here, so that all that is copied into its past comes before it."""
FINISHED = ("closed", "handed_over")
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英华慧巧美雪玉兰红燕平刚桂辉鹏飞鑫波斌宇浩凯健俊帆"
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
PER_BATCH = 20
"""So many copies are handed to the database at once."""


def make_room() -> None:
    """Let the ids of what is going to be copied begin far up."""
    with connection.cursor() as cursor:
        for model in [*_copied_models(), JournalEntry, SearchEntry]:
            table = model._meta.db_table
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, FIRST_ID])
            else:
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {FIRST_ID})")


def multiply(orders: int, *, days: int, in_house: int, report: Callable[[str], object]) -> None:
    """Copy until there are so many orders, the finished ones spread evenly over so many days before the first.

    What is still in the house is copied `in_house` times, as it stands today.
    """
    have = RepairOrder.objects.count()
    with writer() as out:
        town = _Town(out, is_finished=True)
        open_town = _Town(out, is_finished=False)
        have += in_house * open_town.orders_in_a_copy
        finished = town.orders_in_a_copy
        copies = max(0, -(-(orders - have) // finished))
        surplus = copies * finished + have - orders
        for copy in range(copies):
            back = (copies - copy) * days // max(1, copies)
            town.add(copy, days_back=back, leave_out=surplus if copy == 0 else 0)
            if (copy + 1) % PER_BATCH == 0:
                town.write()
            if (copy + 1) % 100 == 0:
                report(f"  {have + (copy + 1) * finished:,} orders")
        town.write()
        open_town.go_on_after(town)
        for copy in range(copies, copies + in_house):
            open_town.add(copy, days_back=0, leave_out=0)
        open_town.write()
        open_town.note_numbers()


class _Town:
    """Everything that is copied, in an order in which each row comes after those it names."""

    def __init__(self, out: Writer, *, is_finished: bool) -> None:
        self.out = out
        self.is_finished = is_finished
        self.random = random.Random(7)
        self.days = _Days()
        self.drawn: dict[tuple[str, int], int] = defaultdict(int)
        self.tables: dict[type[models.Model], Table] = {}
        self.orders: dict[str, int] = {}
        for model in _copied_models():
            self.tables[model] = self._read(model)
            if model is RepairOrder:
                number = self.tables[model].at("number")
                self.orders = {row[number]: place for place, row in enumerate(self.tables[model].rows)}
        self.journal = self._read_journal()
        self.searched = Searched(self.out, self.tables)

    @property
    def orders_in_a_copy(self) -> int:
        """How many orders one copy adds."""
        return len(self.orders)

    def go_on_after(self, town: _Town) -> None:
        """Give ids and numbers behind those of the other."""
        self.drawn = town.drawn
        self.journal.base = town.journal.base
        self.searched.table.base = town.searched.table.base
        for model, table in self.tables.items():
            table.base = town.tables[model].base

    # Reading the small house

    def _read(self, model: type[models.Model]) -> Table:
        meta = model._meta
        fields = [each for each in meta.concrete_fields if not getattr(each, "generated", False)]
        table = Table(model, [each.column for each in fields], [])
        for at, each in enumerate(fields):
            if isinstance(each, models.DateField):
                table.times.append(at)
            related = each.related_model
            if each.is_relation and (related in self.tables or related is model):
                table.links.append((at, related))
        table.rows = [row for row in self.out.read(meta.db_table, table.columns) if self._is_wanted(table, row)]
        table.place = {row[0]: place for place, row in enumerate(table.rows)}
        if self.orders:
            table.numbers = [
                at
                for at, each in enumerate(fields)
                if isinstance(each, models.CharField) and table.rows and table.rows[0][at] in self.orders
            ]
        return table

    def _is_wanted(self, table: Table, row: Row) -> bool:
        if table.model is RepairOrder and (row[table.at("state")] in FINISHED) is not self.is_finished:
            return False
        if table.model is Clock and row[table.at("subject")] not in self.orders:
            return False
        return all(
            row[at] is None or (model is table.model) or row[at] in self.tables[model].place
            for at, model in table.links
        )

    def _read_journal(self) -> Table:
        fields = JournalEntry._meta.concrete_fields
        table = Table(JournalEntry, [each.column for each in fields], [])
        table.times = [at for at, each in enumerate(fields) if isinstance(each, models.DateField)]
        kind, key = table.at("kind"), table.at("key")
        cards = {"customer": self.tables[Customer].place, "unit": self.tables[Unit].place}
        for row in self.out.read(JournalEntry._meta.db_table, table.columns):
            known = cards.get(row[kind])
            if row[key] in self.orders if known is None else self.out.as_id(row[key]) in known:
                table.rows.append(row)
        return table

    # Copying it

    def add(self, copy: int, *, days_back: int, leave_out: int) -> None:
        """One more copy, so many days back, without its first orders."""
        self.days.back = days_back
        order_table = self.tables[RepairOrder]
        left = set(range(leave_out))
        self.new_numbers = self._draw_numbers(order_table)
        new_ids: dict[type[models.Model], list[int | None]] = {}
        made: dict[type[models.Model], list[Row | None]] = {}
        for model, table in self.tables.items():
            ids: list[int | None] = []
            rows: list[Row | None] = []
            for place, old in enumerate(table.rows):
                row = self._copied(table, old, new_ids, ids)
                if row is None or (model is RepairOrder and place in left):
                    ids.append(None)
                    rows.append(None)
                    continue
                table.base += 1
                row[0] = self.out.id_text(table.base)
                ids.append(table.base)
                rows.append(row)
            new_ids[model], made[model] = ids, rows
        self._make_their_own(copy, made)
        for model, table in self.tables.items():
            table.batch += [row for row in made[model] if row is not None]
        self._add_journal(new_ids, left)
        self.searched.add(made)

    def _copied(
        self, table: Table, old: Row, new_ids: Mapping[Any, list[int | None]], own: list[int | None]
    ) -> Row | None:
        row = old[:]
        for at, model in table.links:
            if old[at] is not None:
                place = self.tables[model].place.get(old[at]) if model in self.tables else table.place.get(old[at])
                ids = own if model is table.model else new_ids[model]
                new = ids[place] if place is not None and place < len(ids) else None
                if new is None and model is not table.model:
                    return None
                row[at] = None if new is None else self.out.id_text(new)
        for at in table.times:
            if old[at] is not None:
                row[at] = self.days.moved(old[at]) if old[at] else old[at]
        for at in table.numbers:
            row[at] = self.new_numbers[self.orders[old[at]]]
        return row

    def _draw_numbers(self, table: Table) -> list[str]:
        number, received = table.at("number"), table.at("received_at")
        numbers = []
        for row in table.rows:
            prefix, place, _year, _count = row[number].split("-")
            year = int(self.days.moved(row[received])[:4])
            numbers.append(self.draw(prefix, place, year))
        return numbers

    def draw(self, prefix: str, place: str, year: int) -> str:
        """The next number; those of the copies begin where the small house's cannot reach."""
        self.drawn[f"{prefix}-{place}", year] += 1
        return f"{prefix}-{place}-{year}-{100_000 + self.drawn[f'{prefix}-{place}', year]:06d}"

    def _make_their_own(self, copy: int, made: dict[type[models.Model], list[Row | None]]) -> None:
        orders, customers, units = self.tables[RepairOrder], self.tables[Customer], self.tables[Unit]
        at = orders.at("number")
        for place, row in enumerate(made[RepairOrder]):
            if row is not None:
                row[at] = self.new_numbers[place]
        self._make_customers_their_own(customers, made[Customer])
        self._renumber(made)
        phones = self.tables[Phone]
        at, typed = phones.at("number"), phones.at("typed")
        for row in made[Phone]:
            if row is not None:
                row[at] = f"+861{self.random.randrange(3_000_000_000, 9_999_999_999)}"
                row[typed] = row[at][3:]
        self._make_units_their_own(copy, units, made[Unit])

    def _renumber(self, made: dict[type[models.Model], list[Row | None]]) -> None:
        """Whatever else has a number of its own, such as a question to an expert, gets the next of its series."""
        for model, table in self.tables.items():
            has_number = "number" in table.columns and model._meta.get_field("number").unique
            if not has_number or model in {RepairOrder, Customer}:
                continue
            at = table.at("number")
            for row in made[model]:
                if row is not None:
                    prefix, place, year, _count = row[at].split("-")
                    row[at] = self.draw(prefix, place, int(year))

    def _make_customers_their_own(self, customers: Table, rows: list[Row | None]) -> None:
        at, kind, name, created = map(customers.at, ("number", "kind", "name", "created_at"))
        for row in rows:
            if row is not None:
                prefix, place, *_rest = row[at].split("-")
                row[at] = self.draw(prefix, place, int(row[created][:4]))
                if row[kind] == "person":
                    row[name] = self._name()

    def _make_units_their_own(self, copy: int, units: Table, rows: list[Row | None]) -> None:
        serial, key, plate = map(units.at, ("serial", "serial_key", "plate"))
        mark = f"{copy:04d}"
        for row in rows:
            if row is None:
                continue
            if row[serial]:
                old = row[serial]
                row[serial] = old[:-6] + mark + old[-2:] if len(old) > 8 else f"{old}{mark}"
                row[serial] = row[serial][:40]
                row[key] = row[key].removesuffix(old) + f"{row[serial]}/{row[0]}"
            if row[plate]:
                high, low = divmod(int(row[0]), 100_000)
                row[plate] = f"{row[plate][:2]}{PLATE_LETTERS[high % len(PLATE_LETTERS)]}{low:05d}X"

    def _name(self) -> str:
        return self.random.choice(SURNAMES) + "".join(self.random.choices(GIVEN, k=self.random.choice((1, 2))))

    def _add_journal(self, new_ids: Mapping[Any, list[int | None]], left: set[int]) -> None:
        table = self.journal
        kind, key = table.at("kind"), table.at("key")
        cards = {"customer": Customer, "unit": Unit}
        for old in table.rows:
            model = cards.get(old[kind])
            if model is None:
                place = self.orders[old[key]]
                new_key = self.new_numbers[place]
                if place in left:
                    continue
            else:
                new_key = str(new_ids[model][self.tables[model].place[self.out.as_id(old[key])]])
            row = old[:]
            for at in table.times:
                row[at] = self.days.moved(old[at]) if old[at] else old[at]
            table.base += 1
            row[0], row[key] = self.out.id_text(table.base), new_key
            table.batch.append(row)

    def write(self) -> None:
        """Hand over what has been copied since the last time."""
        for table in [*self.tables.values(), self.journal, self.searched.table]:
            if table.batch:
                self.out.write(table.model._meta.db_table, table.columns, table.batch)
                table.batch = []

    def note_numbers(self) -> None:
        """Let the series go on behind the numbers that were given out."""
        for (prefix, year), last in self.drawn.items():
            kind, place = prefix.split("-")
            self.out.note_series(kind, place, year, 100_000 + last)


class _Days:
    """The day a text begins with, so many days earlier; days repeat, so each is worked out once."""

    def __init__(self) -> None:
        self._back = 0
        self._known: dict[str, str] = {}

    @property
    def back(self) -> int:
        return self._back

    @back.setter
    def back(self, days: int) -> None:
        self._back, self._known = days, {}

    def moved(self, text: str) -> str:
        day = text[:10]
        if day not in self._known:
            self._known[day] = (date.fromisoformat(day) - timedelta(days=self._back)).isoformat()
        return self._known[day] + text[10:]


def _copied_models() -> list[type[models.Model]]:
    """Customers and all that hangs on them, orders included, each after what it names; then the clocks."""
    found: dict[type[models.Model], None] = {Customer: None}
    waiting = [Customer]
    while waiting:
        for related in waiting.pop()._meta.get_fields(include_hidden=True):
            model = related.related_model
            if related.auto_created and not related.concrete and isinstance(model, type) and model not in found:
                found[model] = None
                waiting.append(model)
    return [*_by_need(found), Clock, Pause]


def _by_need(wanted: Iterable[type[models.Model]]) -> Iterator[type[models.Model]]:
    done: set[type[models.Model]] = set()
    waiting = list(wanted)
    while waiting:
        ready = [m for m in waiting if all(n in done or n is m for n in _needs(m) if n in waiting or n in done)]
        if not ready:
            raise RuntimeError(f"These tables need each other: {waiting}")
        yield from ready
        done.update(ready)
        waiting = [model for model in waiting if model not in done]


def _needs(model: type[models.Model]) -> list[Any]:
    return [each.related_model for each in model._meta.concrete_fields if each.is_relation]
