"""A house that looks alive: stations, people, customers and repair orders in every state, up to this minute.

Nothing is inserted. The days are thought up first (`town`, `story`, `plan`), then everybody does his part through the services
at his instant (`founding`, `perform`). All of it is one act: a load that is stopped leaves nothing behind.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import sqrt

from aftersales.config.demo.card_index import Cards, disturb
from aftersales.config.demo.founding import found_house
from aftersales.config.demo.goods import Hands as StoreHands, fill_stores
from aftersales.config.demo.hours import Hours, hours_of
from aftersales.config.demo.material import house
from aftersales.config.demo.money import Hands as Purse, keep_accounts
from aftersales.config.demo.perform import CLERK, Performer
from aftersales.config.demo.plan import Act, build_plan, count_states
from aftersales.config.demo.reporting import report_days
from aftersales.config.demo.returns import Hands, decide_returns
from aftersales.config.demo.sign_ins import sign_ins
from aftersales.config.demo.town import build_town
from aftersales.core import clock, transaction
from aftersales.core.actor import SYSTEM
from aftersales.customers import queries as customers_of
from aftersales.staff import queries as staff
from aftersales.workshop import queries as workshop

__all__ = ["load_demo", "sign_ins"]

ZONE = "Asia/Shanghai"
SEED = "calm"
FOUNDED_BEFORE = timedelta(days=30)
CARD_FILE_DAYS = 4


def load_demo(
    report: Callable[[str], object] = print,
    *,
    now: datetime | None = None,
    days: int = 60,
    customers: int = 600,
    orders: int = 1500,
    seed: object = SEED,
    scale: float = 1.0,
) -> bool:
    """Whether the demonstration was loaded; a database in which anybody works is left as it is.

    `scale` makes a smaller or larger one of the same look: half of it has half the customers and orders, in fewer days.
    """
    with _seldom_tidied_memory(), transaction.atomic():
        if staff.list_people(SYSTEM).exists() or workshop.orders_of(SYSTEM).exists():
            report("There are people or orders in this database already: nothing was loaded.")
            return False
        _load(
            report,
            now=(now or clock.now()).replace(microsecond=0),
            days=max(5, round(days * min(1.0, sqrt(scale)))),
            customers=max(12, round(customers * scale)),
            orders=max(20, round(orders * scale)),
            seed=seed,
        )
    return True


@contextmanager
def _seldom_tidied_memory() -> Iterator[None]:
    """Many thousand acts leave little behind; looking for it every 700 objects would take a tenth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _load(
    report: Callable[[str], object], *, now: datetime, days: int, customers: int, orders: int, seed: object
) -> None:
    today = clock.local_date(now, ZONE)
    start = now - timedelta(days=days)
    founded = start - FOUNDED_BEFORE
    report(
        f"Loading the demonstration: {customers:,} customers, {orders:,} orders in {days} days. This takes up to a minute."
    )
    built = found_house(report, now=founded)
    hours = {
        row["code"]: hours_of(row["calendar"], first=clock.local_date(founded, ZONE), last=today + timedelta(days=40))
        for row in house()["stations"]
    }
    town = build_town(seed, customers=customers, orders=orders, today=clock.local_date(founded, ZONE))
    plan = build_plan(seed, town, hours, orders=orders, start=start, now=now)
    performer = Performer(built, seed)
    cards = [person for person in town.people if person.is_known]
    performer.keep_card_file(cards, hours["HQ"], start=_days_before(hours["HQ"], start), until=start)
    report(f"  {len(cards)} customers from the old card file, with their units")
    performer.carry_out(plan, _Progress(report, len(plan.visits), start))
    performer.ask_about_the_latest(now=now)
    manager = built.actors[house()["people"]["HQ"][0]["login"]]
    known = Cards(cards, performer.customers, performer.units)
    disturb(built.actors[CLERK], manager, known, report, now=now)
    report_days(manager, report, now=now)
    hands = Hands(built.actors["shen.guoping"], built.actors["sun.haiyan"], built.actors["shao.weihong"])
    decide_returns(hands, report, start=start, now=now, seed=seed)
    purse = Purse(*(built.actors[login] for login in ("liu.suzhen", "shao.weihong", "sun.haiyan", "kang.jing")))
    here = purse.clerk.home_scope
    firms = [
        performer.customers[id(card)]
        for card in sorted(cards, key=lambda each: not each.is_firm)
        if card.station == here
    ]
    keep_accounts(purse, _still_there(firms), report, start=start, now=now, seed=seed)
    fill_stores(StoreHands(built.actors), report, founded=founded, now=now)
    report("  " + ", ".join(f"{count} {state}" for state, count in sorted(count_states(plan).items())))


def _still_there(keys: list[int]) -> list[int]:
    """Those customers of the card file that were not found twice and merged since."""
    seen = set(customers_of.visible_customers(SYSTEM).filter(pk__in=keys).values_list("pk", flat=True))
    return [key for key in keys if key in seen]


def _days_before(hours: Hours, instant: datetime) -> datetime:
    """The instant some working days earlier."""
    return hours.at(hours.before(instant) - CARD_FILE_DAYS * 8 * 3600)


class _Progress:
    """Says every week of the moving clock how far it is."""

    def __init__(self, report: Callable[[str], object], orders: int, start: datetime) -> None:
        self.report, self.orders, self.next = report, orders, start + timedelta(days=7)

    def __call__(self, act: Act, orders: int) -> None:
        if act.at >= self.next:
            self.report(f"  until {clock.local_date(act.at, ZONE)}: {orders:,} of {self.orders:,} orders")
            self.next += timedelta(days=7)
