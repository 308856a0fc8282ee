"""Two months of the gift station's accounts: deliveries charged, returns credited, freight on its way, payments, statements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from aftersales.billing import queries, services
from aftersales.billing.services import Deduction, EntryKind, Freight, Posting
from aftersales.config.demo.dice import dice
from aftersales.core import clock
from aftersales.core.actor import Actor
from aftersales.core.money import Money

ZONE = "Asia/Shanghai"
CARRIERS = (("德邦物流", "designated"), ("安能物流", "designated"), ("顺路货运", "other"), ("长途汽车站", "coach"))
CAUSES = ("quality", "other_cause", "warehouse_error", "other_cause", "exchange")
MOST_CUSTOMERS = 18


@dataclass(frozen=True)
class Hands:
    """Who does what with the accounts."""

    finance: Actor
    clerk: Actor
    manager: Actor
    seller: Actor


Act = tuple[datetime, Callable[[datetime], object]]


def keep_accounts(
    hands: Hands,
    customers: Sequence[int],
    report: Callable[[str], object],
    *,
    start: datetime,
    now: datetime,
    seed: object,
) -> None:
    """Let everybody do his part at his instant, in the order of time."""
    acts: list[Act] = []
    for place, customer in enumerate(customers[:MOST_CUSTOMERS]):
        acts += _of_customer(hands, customer, place, dice(seed, "money", place), start, now)
    done = sorted((act for act in acts if act[0] < now), key=lambda act: act[0])
    for at, act in done:
        act(at)
    report(f"  {len(done)} acts in the accounts of {len(customers[:MOST_CUSTOMERS])} customers, freight among them")


def _of_customer(hands: Hands, customer: int, place: int, random: Random, start: datetime, now: datetime) -> list[Act]:
    days = max(1, (now - start).days)
    times = [start + timedelta(days=random.uniform(0, days * 0.4)), start + timedelta(days=random.uniform(0, days))]
    goods = Money(random.randrange(90_000, 2_400_000, 1_000))
    charge = Posting(EntryKind.CHARGE, goods, f"XS-{place:03d}1", "发货单")
    back = Money(goods.fen // random.choice((6, 9, 14)))
    percent, off = random.choice(((100, 0), (100, 1_500), (80, 0), (80, 2_000)))
    credit = services.credit(
        goods=back,
        percent=percent,
        deductions=[Deduction("bag", Money(off))],
        source=f"TH-{place:03d}1",
        note="退货验收",
    )
    paid = Posting(EntryKind.PAYMENT, Money(goods.fen // random.choice((1, 1, 2, 3))), f"SK-{place:03d}1", "银行转账")
    first = min(times)
    acts: list[Act] = [
        (first, lambda at: services.post_entry(hands.finance, customer_id=customer, posting=charge, now=at)),
        (
            first + timedelta(days=9),
            lambda at: services.post_entry(hands.finance, customer_id=customer, posting=credit, now=at),
        ),
        (
            first + timedelta(days=21),
            lambda at: services.post_entry(hands.finance, customer_id=customer, posting=paid, now=at),
        ),
    ]
    if place % 2 == 0:
        acts.append((first + timedelta(days=8), _Freight(hands, customer, place, random).run))
    if place % 4 == 0:
        acts.append((first + timedelta(days=23), lambda at: _confirm(hands, customer, at)))
    return acts


class _Freight:
    """One freight document, each a little further on its way than the last."""

    def __init__(self, hands: Hands, customer: int, place: int, random: Random) -> None:
        self.hands, self.customer, self.place, self.random = hands, customer, place, random

    def run(self, at: datetime) -> None:
        """Record it and take as many steps as its place says."""
        hands, steps = self.hands, (self.place // 2) % 5
        carrier, kind = self.random.choice(CARRIERS)
        freight = Freight(
            carrier, kind, f"{4_700_000 + self.place * 37}", Money(self.random.randrange(3_000, 26_000, 500)),
            self.random.choice(CAUSES), clock.local_date(at, ZONE), "随退货到付",
        )  # fmt: skip
        made = services.record_freight(hands.clerk, customer_id=self.customer, freight=freight, now=at)
        number, person = made.number, hands.seller.person_id
        if steps < 1 or person is None:
            return
        services.settle_freight(hands.manager, number=number, salesperson=person, now=at + timedelta(hours=3))
        if steps < 2:
            return
        liable = made.proposal.liable.value
        services.sign_freight(hands.seller, number=number, liable=liable, now=at + timedelta(hours=20))
        if steps < 3:
            return
        if liable != "customer":
            services.absorb_freight(hands.finance, number=number, now=at + timedelta(hours=26))
            return
        services.post_freight(hands.finance, number=number, now=at + timedelta(hours=26))
        if steps > 3:
            services.confirm_freight(
                hands.seller, number=number, way="message", who="客户会计", now=at + timedelta(hours=30)
            )


def _confirm(hands: Hands, customer: int, at: datetime) -> None:
    until = clock.local_date(at, ZONE)
    since = until.replace(day=1)
    closing = queries.statement(hands.seller, customer_id=customer, since=since, until=until).closing
    services.confirm_statement(
        hands.seller,
        customer_id=customer,
        since=since,
        until=until,
        closing=closing,
        way="phone",
        who="客户会计",
        now=at,
    )
