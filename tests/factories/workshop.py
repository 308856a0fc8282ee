"""Repair orders for tests, brought to where a test needs them by the acts that bring them there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from aftersales.catalog import queries as profiles, services as catalog
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.money import Money
from aftersales.deadlines import services as deadlines
from aftersales.staff.models import Person
from aftersales.workshop import services
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules.order import OrderState
from tests.factories.staff import NOW, actor_of, make_person, make_station

_numbers = count(1)


@dataclass
class House:
    """A station with the people who carry an order through it."""

    station: str
    advisor_person: Person
    technician_person: Person
    supervisor_person: Person
    advisor: Actor = field(init=False)
    technician: Actor = field(init=False)
    supervisor: Actor = field(init=False)

    def __post_init__(self) -> None:
        self.advisor = actor_of(self.advisor_person)
        self.technician = actor_of(self.technician_person)
        self.supervisor = actor_of(self.supervisor_person)


def make_house(station: str = "NJ", *, now: datetime = NOW) -> House:
    """A station for electronics with an advisor, a technician and a supervisor, its calendar and its catalog."""
    deadlines.install_calendars(SYSTEM, now=now)
    catalog.install_profiles(SYSTEM, now=now)
    make_station(station, now=now)
    return House(
        station,
        make_person("王芳", duty="service_advisor", station=station),
        make_person("张伟", duty="technician", station=station),
        make_person("刘敏", duty="reception_supervisor", station=station),
    )


EXPLAINED: Mapping[str, Any] = {"work_told": "换了屏幕总成", "old_parts": "taken", "is_explained": True}


def all_passed(trade: str, **otherwise: str) -> dict[str, str]:
    """Every point of a trade's checklist passed, but for those named with another verdict (`_` stands for `-`)."""
    points = dict.fromkeys((point.code for point in profiles.get_trade(trade).quality), "passed")
    return points | {code.replace("_", "-"): verdict for code, verdict in otherwise.items()}


def an_intake(**facts: Any) -> services.Intake:
    """An intake of a telephone nobody has seen before."""
    number = next(_numbers)
    wanted: dict[str, Any] = {
        "phone": f"138{number:08d}",
        "name": "陈静",
        "trade": "electronics",
        "category": "phone",
        "serial": imei(number),
        "fault": "屏幕不亮",
        "condition": {"locked": "by-owner"},
        "is_reminded_of_valuables": True,
    }
    return services.Intake(**(wanted | facts))


def imei(number: int) -> str:
    """The `number`-th serial number of a telephone that passes its check digit."""
    body = f"35693803{number:06d}"
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(body)]
    return body + str(-sum(sum(divmod(each, 10)) for each in doubled) % 10)


def receive(house: House, *, now: datetime = NOW, **facts: Any) -> RepairOrder:
    """An order just taken in."""
    return services.receive_order(house.advisor, intake=an_intake(**facts), now=now)


def make_order(
    house: House, state: OrderState = OrderState.RECEIVED, *, now: datetime = NOW, **facts: Any
) -> RepairOrder:
    """An order in `state`, brought there one act a minute."""
    order = receive(house, now=now, **facts)
    for minutes, act in enumerate(_way_to(house, state), start=1):
        act(order.number, now + timedelta(minutes=minutes))
    return RepairOrder.objects.get(pk=order.pk)


def _customer_of(number: str) -> str:
    return RepairOrder.objects.get(number=number).customer.name


Move = Callable[[str, datetime], Any]


def _way_to(house: House, state: OrderState) -> list[Move]:
    s = services
    yes = {"way": "telephone", "given_by": "陈静"}
    quoted: list[Move] = [
        lambda n, t: s.diagnose_order(house.technician, number=n, diagnosis="屏幕排线断", now=t),
        lambda n, t: s.add_line(
            house.advisor, number=n, kind="part", description="屏幕总成", unit_price=Money(28000), now=t
        ),
        lambda n, t: s.quote_order(house.advisor, number=n, now=t),
    ]
    repaired: list[Move] = [
        lambda n, t: s.approve_order(house.advisor, number=n, now=t, **yes),
        lambda n, t: s.assign_order(house.supervisor, number=n, technician_id=house.technician_person.pk, now=t),
        lambda n, t: s.start_order(house.technician, number=n, now=t),
        lambda n, t: s.complete_order(house.technician, number=n, work_done="换屏幕总成,测试正常", now=t),
    ]
    finished: list[Move] = [
        lambda n, t: s.pass_check(house.supervisor, number=n, answers=all_passed("electronics"), now=t),
        lambda n, t: s.announce_order(house.advisor, number=n, reached="陈静", told="换了屏幕，280 元", now=t),
        lambda n, t: s.explain_order(house.advisor, number=n, now=t, **EXPLAINED),
        lambda n, t: s.record_payment(house.advisor, number=n, amount=Money(28000), way="wechat", now=t),
        lambda n, t: s.hand_over_order(house.advisor, number=n, taken_by=_customer_of(n), now=t),
        lambda n, t: s.close_order(house.supervisor, number=n, now=t),
    ]
    way = [*quoted, *repaired, *finished]
    return {
        OrderState.RECEIVED: [],
        OrderState.DIAGNOSED: way[:1],
        OrderState.QUOTED: way[:3],
        OrderState.APPROVED: way[:4],
        OrderState.REPAIRING: way[:6],
        OrderState.REPAIRED: way[:7],
        OrderState.CHECKED: way[:8],
        OrderState.READY: way[:9],
        OrderState.HANDED_OVER: way[:12],
        OrderState.CLOSED: way,
        OrderState.DECLINED: [*quoted, lambda n, t: s.decline_order(house.advisor, number=n, now=t, **yes)],
        OrderState.CANCELLED: [lambda n, t: s.cancel_order(house.advisor, number=n, reason="客户不修了", now=t)],
    }[state]
