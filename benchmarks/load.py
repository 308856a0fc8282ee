"""Many orders at once. Rows are inserted directly: here it is the number that counts, not how they came to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client

from aftersales.catalog import services as catalog
from aftersales.catalog.models import Category
from aftersales.core import clock, search
from aftersales.core.actor import SYSTEM
from aftersales.core.models import JournalEntry, NumberSeries
from aftersales.core.search import Entry
from aftersales.customers import services as customers
from aftersales.deadlines import services as deadlines
from aftersales.staff import queries as staff, services as people
from aftersales.staff.models import Person
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules.order import OrderState

STATION = "NJ"
BATCH = 5000
FAULTS = ("屏幕不亮,按键失灵", "电池鼓包", "发动机漏油", "充不进电", "开机黑屏", "异响,行走无力")


@dataclass
class LoadedHouse:
    """A station full of orders and a signed-in service manager."""

    station: str
    browser: Client
    numbers: list[str]
    received: list[str]

    @staticmethod
    def serial(number: int) -> str:
        """The `number`-th valid serial number of a telephone."""
        body = f"35{number:012d}"
        doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(body)]
        return body + str(-sum(sum(divmod(each, 10)) for each in doubled) % 10)


def load(orders: int) -> LoadedHouse:
    """A station with this many orders, nine of ten of them over, one customer and unit to every ten."""
    now = clock.now()
    deadlines.install_calendars(SYSTEM, now=now)
    catalog.install_profiles(SYSTEM, now=now)
    people.open_station(SYSTEM, code=STATION, name="城南服务站", trades=["electronics"], is_headquarters=False, now=now)
    made = people.register_person(SYSTEM, login="bench", name="王芳", station=STATION, duty="service_manager", now=now)
    person = Person.objects.get(pk=made.person.pk)
    actor = staff.actor_for(person, now=now)
    pairs = _customers(actor, max(20, orders // 10 // 20), now)
    category = Category.objects.get(trade="electronics", code="phone")
    station = staff.get_station(SYSTEM, STATION)
    numbers = [f"RO-{STATION}-{now.year}-{each:06d}" for each in range(1, orders + 1)]
    closed = [OrderState.CLOSED] * 45 + [OrderState.HANDED_OVER] * 5
    # A unit can be in the house only once: as many orders are open as there are units.
    open_states = [s for s in OrderState if s not in closed]
    first_open = orders - len(pairs)
    for start in range(0, orders, BATCH):
        rows = []
        for place in range(start, min(start + BATCH, orders)):
            customer, unit = pairs[place % len(pairs)]
            is_open = place >= first_open
            state = open_states[place % len(open_states)] if is_open else closed[place % len(closed)]
            came = now - timedelta(minutes=13 * (orders - place))
            rows.append(
                RepairOrder(
                    number=numbers[place], station=station, customer=customer, unit=unit, trade="electronics",
                    category=category, state=state.value, fault=FAULTS[place % len(FAULTS)], advisor=person,
                    received_at=came, moved_at=came, house_promised_at=came + timedelta(days=3), promised_at=came + timedelta(days=3),
                    warn_at=came + timedelta(days=2), line_count=1, total_fen=28000,
                    handed_over_at=None if is_open else came + timedelta(days=2),
                )
            )  # fmt: skip
        _insert(rows)
    NumberSeries.objects.create(prefix="RO", scope=STATION, year=now.year, last=orders)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database does by itself within minutes
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.force_login(person)
    received = [_receive(actor, place, now) for place in range(60)]
    return LoadedHouse(STATION, browser, numbers, received)


def _receive(actor: Any, place: int, now: Any) -> str:
    from aftersales.workshop import services

    intake = services.Intake(
        phone=f"136{place:08d}", name="李雷", trade="electronics", category="phone",
        serial=LoadedHouse.serial(20_000_000 + place), fault="充不进电",
    )  # fmt: skip
    return services.receive_order(actor, intake=intake, now=now).number


def _insert(rows: list[RepairOrder]) -> None:
    RepairOrder.objects.bulk_create(rows)
    JournalEntry.objects.bulk_create(
        JournalEntry(
            at=row.received_at, actor_id="person:1", actor_name="王芳", act=act, kind="order", key=row.number,
            scope=STATION, after={"state": row.state},
        )
        for row in rows
        for act in ("receive", "diagnose", "quote", "approve", "start", "complete")
    )  # fmt: skip
    search.index_many(
        Entry("order", row.number, title=f"{row.number} · {row.customer.name}", detail=row.fault,
              names=(row.customer.name,), codes=(row.number, row.unit.serial), texts=(row.fault,), scopes=(STATION,))
        for row in rows
    )  # fmt: skip


def _customers(actor: Any, count: int, now: Any) -> list[tuple[Any, Any]]:
    return [
        customers.find_or_register(
            actor, phone=f"139{each:08d}", name=f"{'张王李赵陈'[each % 5]}{'伟芳强敏静'[each // 5 % 5]}", trade="electronics",
            category="phone", serial=LoadedHouse.serial(each), now=now,
        )
        for each in range(count)
    ]  # fmt: skip
