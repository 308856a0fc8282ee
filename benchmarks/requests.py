"""The requests that are measured. Each is a method, an address and perhaps a form, for a running number."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse

STATION = "NJ"
MANAGER, DIRECTOR = "zhou.jianhua", "shen.guoping"
"""The manager of the largest of three stations, who sees its orders, and the house's, who sees all."""


@dataclass(frozen=True)
class Ask:
    """One request by one person."""

    path: str
    form: Mapping[str, str] | None = None
    login: str = MANAGER


@dataclass
class House:
    """What the requests are about."""

    orders: list[str]
    customers: list[int]
    technician: int
    names: list[str]
    serials: list[str]
    received: list[str] = field(default_factory=list)
    """Orders just taken in, each to be advanced once."""

    @classmethod
    def look_at(cls, count: int = 400) -> House:
        """A random sample of the station's orders, and of what belongs to them."""
        from aftersales.workshop.models import RepairOrder

        dice = random.Random(3)
        here = RepairOrder.objects.filter(station__code=STATION).select_related("customer", "unit")
        ends = [here.order_by(way).values_list("id", flat=True)[0] for way in ("id", "-id")]
        old = here.filter(id__lt=1_000_000_000).order_by("-id").values_list("id", flat=True).first() or ends[1]
        found = [here.filter(id__gte=dice.randint(ends[0], old)).order_by("id")[0] for _each in range(count)]
        technician = here.filter(state="repairing").values_list("technician_id", flat=True)[0]
        return cls(
            [each.number for each in found],
            [each.customer_id for each in found],
            int(technician or 0),
            [each.customer.name for each in found],
            [each.unit.serial for each in found if each.unit.serial],
        )

    def note_received(self) -> None:
        """Remember the orders that were taken in by these requests and not yet diagnosed."""
        from aftersales.workshop.models import RepairOrder

        fresh = RepairOrder.objects.filter(state="received", customer__name=VISITOR).order_by("id")
        self.received = list(fresh.values_list("number", flat=True))


VISITOR = "石测量"
Request = Callable[[House, int], Ask]


def _list(query: str = "", login: str = MANAGER) -> Request:
    return lambda _house, _number: Ask(reverse("workshop:orders") + query, login=login)


def _page(name: str, login: str = MANAGER) -> Request:
    return lambda _house, _number: Ask(reverse(name), login=login)


def _order(house: House, number: int) -> Ask:
    return Ask(reverse("workshop:order", args=[house.orders[number % len(house.orders)]]))


def _customer(house: House, number: int) -> Ask:
    return Ask(reverse("customers:customer", args=[house.customers[number % len(house.customers)]]))


def _quality(_house: House, _number: int) -> Ask:
    last = datetime.now(tz=UTC).date()
    asked = {"first": last - timedelta(days=365), "last": last}
    return Ask(f"{reverse('workshop:quality')}?{urlencode(asked)}", login=DIRECTOR)


def _search(house: House, number: int) -> Ask:
    name, serial = house.names[number % len(house.names)], house.serials[number % len(house.serials)]
    words = (
        name,
        serial,
        serial[-6:],
        house.orders[number % len(house.orders)],
        "屏幕不亮",
        "zhang",
        "lh",
        "异响 漏油",
    )
    return Ask(reverse("desk:search"), {"q": words[number % len(words)]})


def _search_common(_house: House, number: int) -> Ask:
    return Ask(reverse("desk:search"), {"q": ("2026", "ro nj", "屏", "w", "不", "zh")[number % 6]})


def _create(_house: House, _number: int) -> Ask:
    form = {
        "_once": uuid.uuid4().hex,
        "station": STATION,
        "trade": "electronics",
        "phone": f"17{uuid.uuid4().int % 10**9:09d}",
        "name": VISITOR,
        "category": "phone",
        "serial": serial_number(uuid.uuid4().int % 10**12),
        "fault": "屏幕不亮,按键失灵",
        "condition.locked": "by-owner",
        "is_reminded_of_valuables": "on",
    }
    return Ask(reverse("workshop:receive"), form)


def _advance(house: House, _number: int) -> Ask:
    form = {"_once": uuid.uuid4().hex, "diagnosis": "屏幕排线断裂,更换总成"}
    return Ask(reverse("workshop:diagnose", args=[house.received.pop()]), form)


def serial_number(number: int) -> str:
    """A valid serial number of a telephone."""
    body = f"35{number:012d}"
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(body)]
    return body + str(-sum(sum(divmod(each, 10)) for each in doubled) % 10)


READS: Mapping[str, Request] = {
    "newest list": _list(),
    "newest list, all stations": _list(login=DIRECTOR),
    "list by state": _list("?state=quoted"),
    "list by state, closed": _list("?state=closed"),
    "list by promise": _list("?promise=danger&sort=promised"),
    "list by technician": lambda house, _number: Ask(f"{reverse('workshop:orders')}?technician={house.technician}"),
    "list by trade": _list("?trade=automotive"),
    "list by station": _list("?station=YZ", login=DIRECTOR),
    "list by last step": _list("?sort=-moved"),
    "list, searched": lambda house, number: Ask(f"{reverse('workshop:orders')}?q={house.serials[number][-6:]}"),
    "list, page 20": _list("?page=20"),
    "list, last page": _list("?page=100000", login=DIRECTOR),
    "list by customer": _customer,
    "board": _page("workshop:board"),
    "home page": _page("desk:home"),
    "order page": _order,
    "search": _search,
    "search, common words": _search_common,
    "month by phase": _page("workshop:work_by_month"),
    "work by category": _page("workshop:work_by_category"),
    "quality of a year, all stations": _quality,
}
WRITES: Mapping[str, Request] = {"create": _create, "advance a step": _advance}
CROWDED = ("newest list", "order page", "search", "create", "advance a step")
"""Those that eight clients send at once."""


def named(words: str) -> Mapping[str, Request]:
    """The reads whose names contain one of these, separated by commas; all when there is none."""
    wanted = [word.strip() for word in words.split(",") if word.strip()]
    return {name: ask for name, ask in READS.items() if not wanted or any(word in name for word in wanted)}
